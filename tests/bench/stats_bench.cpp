// Times a statistic of values that are in memory already: bench_stats mann_whitney CONTROL VARIANT
// (files of doubles) or bench_stats best [ARMS]. Prints the median of the processor time of one
// thread as JSON, with the result.
#include <adgenome/core/random.hpp>
#include <adgenome/stats/posteriors.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace adgenome;

namespace {

double cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// Doubles as they lie in a file.
std::vector<double> values_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<double> values(static_cast<std::size_t>(file.tellg()) / sizeof(double));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(double)));
  return values;
}

int mann_whitney(const std::string& control_path, const std::string& variant_path) {
  constexpr int kRounds = 3;
  std::vector<double> times;
  stats::MannWhitney test;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> control = values_in(control_path);
    std::vector<double> variant = values_in(variant_path);
    const double begin = cpu_ms();
    test = stats::mann_whitney(stats::make_sample(std::move(control)),
                               stats::make_sample(std::move(variant)));
    times.push_back(cpu_ms() - begin);
  }
  std::printf("{\"cpu_ms\": %.2f, \"u_control\": %.17g, \"p_value\": %.17g}\n", median(times),
              test.u_control, test.p_value);
  return 0;
}

/// Arms as an experiment has them: rates of 1 to 2.3 % of ten thousand.
int best(std::size_t count) {
  constexpr int kRounds = 201;
  std::vector<stats::Posterior> arms;
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<double>(i);
    arms.push_back(stats::Posterior::beta(101 + 7 * x, 9900 - 60 * x));
  }
  std::vector<double> times;
  stats::BestArm result;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = cpu_ms();
    result = stats::best_arm(arms);
    times.push_back(cpu_ms() - begin);
  }
  std::printf("{\"cpu_ms\": %.4f, \"p_best\": [", median(times));
  for (std::size_t i = 0; i < count; ++i) {
    std::printf("%s%.17g", i > 0 ? ", " : "", result.p_best[i]);
  }
  std::printf("]}\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "mann_whitney" && argc == 4) return mann_whitney(argv[2], argv[3]);
  if (what == "best") return best(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20);
  std::fprintf(stderr, "usage: bench_stats mann_whitney CONTROL VARIANT | best [ARMS]\n");
  return 2;
}
