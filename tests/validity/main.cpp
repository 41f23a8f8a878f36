// Does it cry wolf? Prints, as a table of Markdown, how often each judgement is wrong in worlds in
// which nothing is to be found, and ends with 1 where a robust one is wrong more often than it may.
//
// usage: validity [--long]    (or ADGENOME_LONG=1: all worlds instead of a tenth)

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "validity.hpp"

int main(int argc, char** argv) {
  using adgenome::validity::Study;
  const bool is_asked = argc > 1 && std::string_view(argv[1]) == "--long";
  const adgenome::validity::Effort effort{.is_long =
                                              is_asked || std::getenv("ADGENOME_LONG") != nullptr};
  std::vector<Study> studies;
  for (const auto study : {adgenome::validity::attribution, adgenome::validity::interactions,
                           adgenome::validity::fatigue}) {
    for (Study& each : study(effort)) studies.push_back(std::move(each));
  }
  std::puts("| wrongly | in worlds where | classic | robust | may be |");
  std::puts("| --- | --- | --- | --- | --- |");
  bool is_kept = true;
  for (const Study& study : studies) {
    std::printf("| %s | %s | %.1f %% | %.2f %% | %.0f %% |\n", study.what.c_str(),
                study.world.c_str(), 100 * study.classic, 100 * study.robust, 100 * study.limit);
    is_kept = is_kept && study.robust <= study.limit;
  }
  return is_kept ? 0 : 1;
}
