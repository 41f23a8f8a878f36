// Draws clean ads and ads with planted defects, and prints what the local review makes of them.
// usage: bench_review DEMO_ASSETS [--seed N] [--each N] [--clean N] [--explain] [--check]
// --check: exit 1 where less than 95 % are found or 5 % and more of the clean ads raise an alarm
// (of few ads: where more than one is missed, or raises one). Then, without numbers, it is a fifth
// of the ads, all of them where ADGENOME_LONG is set.
#include <adgenome/core/text.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "support/planted.hpp"

using namespace adgenome;

namespace {

struct Options {
  std::uint64_t seed = 1;
  std::size_t each = 7;
  std::size_t clean = 63;
  bool explains = false;
  bool checks = false;
};

// What became of the ads with one defect, or with none.
struct Row {
  int ads = 0;
  int found = 0;  ///< of clean ads: with an alarm
  std::map<creative::Verdict, int> verdicts;
  std::map<std::string, int> alarms;
};

std::string list_of(const std::map<std::string, int>& alarms) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : alarms) parts.push_back(name + " " + std::to_string(count));
  return parts.empty() ? "none" : core::join(parts, ", ");
}

double percent(int part, int whole) {
  return 100.0 * part / std::max(1, whole);
}

Options options_of(int argc, char** argv) {
  Options options;
  const auto has = [&](const char* name) {
    for (int i = 2; i < argc; ++i) {
      if (std::strcmp(argv[i], name) == 0) return true;
    }
    return false;
  };
  options.explains = has("--explain");
  options.checks = has("--check");
  if (options.checks && std::getenv("ADGENOME_LONG") == nullptr) {
    options.each = 2;
    options.clean = 14;
  }
  for (int i = 2; i + 1 < argc; ++i) {
    const auto number = core::to_uint64(argv[i + 1]);
    if (!number) continue;
    if (std::strcmp(argv[i], "--seed") == 0) options.seed = *number;
    if (std::strcmp(argv[i], "--each") == 0) options.each = *number;
    if (std::strcmp(argv[i], "--clean") == 0) options.clean = *number;
  }
  return options;
}

void print(const std::string& name, const std::string& told_by, const Row& row) {
  const auto count = [&](creative::Verdict verdict) {
    const auto at = row.verdicts.find(verdict);
    return at == row.verdicts.end() ? 0 : at->second;
  };
  std::printf("| %s | %s | %d | %d | %d | %d | %d | %d | %s |\n", name.c_str(), told_by.c_str(),
              row.ads, row.found, row.ads - row.found, count(creative::Verdict::kRejected),
              count(creative::Verdict::kFlagged), count(creative::Verdict::kApproved),
              list_of(row.alarms).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const Options options = options_of(argc, argv);
  const test::Plantation plantation(argv[1]);
  const auto reader = imaging::open_text_reader();
  const auto begin = std::chrono::steady_clock::now();
  std::map<std::string, Row> rows;
  const auto take = [&](const test::PlantedAd& ad) {
    const test::Alarms alarms = test::alarms_of(ad, *reader);
    Row& row = rows[ad.defect];
    const bool is_found =
        ad.defect.empty() ? !alarms.names.empty() : test::is_found(ad.defect, alarms);
    ++row.ads;
    row.found += is_found;
    ++row.verdicts[alarms.verdict];
    for (const std::string& name : alarms.names) ++row.alarms[name];
    if (options.explains && is_found == ad.defect.empty()) {
      std::fprintf(stderr, "%s: %s: %s\n", ad.defect.empty() ? "false alarm" : ad.defect.c_str(),
                   ad.what.c_str(), core::join(alarms.names, ", ").c_str());
    }
  };
  plantation.draw_clean(options.seed, options.clean, take);
  plantation.draw_defective(options.seed, options.each, take);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  std::printf(
      "| planted, seed %llu | told by | ads | found | missed | rejected | flagged | approved "
      "| everything in `failed_checks` |\n",
      static_cast<unsigned long long>(options.seed));
  std::printf("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
  Row planted;
  for (const std::string& defect : test::planted_defects()) {
    const Row& row = rows[defect];
    print(defect, core::join(test::alarms_for(defect), ", "), row);
    planted.ads += row.ads;
    planted.found += row.found;
    for (const auto& [verdict, count] : row.verdicts) planted.verdicts[verdict] += count;
  }
  print("**all**", "", planted);
  const Row& clean = rows[""];
  print("nothing", "anything", clean);
  std::printf("\nFound: %.1f %% of %d. False alarms: %.1f %% of %d clean ads (%s).\n",
              percent(planted.found, planted.ads), planted.ads, percent(clean.found, clean.ads),
              clean.ads, list_of(clean.alarms).c_str());
  std::fprintf(stderr, "%.0f ms an ad, drawing included\n",
               1000 * seconds / std::max(1, planted.ads + clean.ads));
  if (!options.checks) return 0;
  const int may_miss = std::max(1, planted.ads / 20);
  const int may_alarm = std::max(1, (clean.ads - 1) / 20);
  return planted.ads - planted.found <= may_miss && clean.found <= may_alarm ? 0 : 1;
}
