// Draws clean ads and ads with planted defects, and prints what the local review makes of them.
// usage: bench_review DEMO_ASSETS [--seed N] [--each N] [--clean N] [--explain]
#include <adgenome/core/text.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>

#include "support/planted.hpp"

using namespace adgenome;

namespace {

struct Row {
  int planted = 0;
  int found = 0;
  int passed = 0;
  std::map<std::string, int> alarms;
};

std::string list_of(const std::map<std::string, int>& alarms) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : alarms) parts.push_back(name + " " + std::to_string(count));
  return core::join(parts, ", ");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::uint64_t seed = 1;
  std::size_t each = 8;
  std::size_t clean = 64;
  bool explains = false;
  for (int i = 2; i < argc; ++i) {
    const auto number = [&] { return core::to_uint64(i + 1 < argc ? argv[++i] : "").value_or(1); };
    if (std::strcmp(argv[i], "--seed") == 0)
      seed = number();
    else if (std::strcmp(argv[i], "--each") == 0)
      each = number();
    else if (std::strcmp(argv[i], "--clean") == 0)
      clean = number();
    else
      explains = true;
  }
  const test::Plantation plantation(argv[1]);
  const auto reader = imaging::open_text_reader();
  const auto begin = std::chrono::steady_clock::now();
  std::map<std::string, Row> rows;
  const auto take = [&](const test::PlantedAd& ad) {
    const test::Alarms alarms = test::alarms_of(ad, *reader);
    Row& row = rows[ad.defect];
    const bool is_found =
        ad.defect.empty() ? !alarms.names.empty() : test::is_found(ad.defect, alarms);
    ++row.planted;
    row.found += is_found;
    row.passed += alarms.verdict == creative::Verdict::kApproved;
    for (const std::string& name : alarms.names) ++row.alarms[name];
    if (explains && is_found == ad.defect.empty()) {
      std::fprintf(stderr, "%s: %s: %s\n", ad.defect.empty() ? "false alarm" : ad.defect.c_str(),
                   ad.what.c_str(), core::join(alarms.names, ", ").c_str());
    }
  };
  plantation.draw_clean(seed, clean, take);
  plantation.draw_defective(seed, each, take);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  int planted = 0;
  int found = 0;
  std::printf("| planted, seed %llu | ads | found | approved all the same | alarms |\n",
              static_cast<unsigned long long>(seed));
  std::printf("| --- | ---: | ---: | ---: | --- |\n");
  for (const std::string& defect : test::planted_defects()) {
    const Row& row = rows[defect];
    planted += row.planted;
    found += row.found;
    std::printf("| %s | %d | %d | %d | %s |\n", defect.c_str(), row.planted, row.found, row.passed,
                list_of(row.alarms).c_str());
  }
  const Row& none = rows[""];
  std::printf("| **all** | %d | **%d (%.1f %%)** | | |\n", planted, found,
              100.0 * found / std::max(1, planted));
  std::printf("| nothing (false alarms) | %d | **%d (%.1f %%)** | %d | %s |\n", none.planted,
              none.found, 100.0 * none.found / std::max(1, none.planted), none.passed,
              list_of(none.alarms).c_str());
  std::fprintf(stderr, "%.0f ms an ad, drawing included\n",
               1000 * seconds / std::max(1, planted + none.planted));
}
