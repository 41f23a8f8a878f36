// Times scoring and drawing from candidates that are in memory already: bench_select [COUNT
// [ROUNDS]] Prints the median of the processor time of one thread as JSON.
#include <adgenome/scoring/selection.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace adgenome;
using namespace adgenome::scoring;

namespace {

const core::Time kNow = core::parse_time("2026-11-20");

Pool pool_of(std::size_t count) {
  constexpr const char* kCategories[] = {"ugc", "static", "review", "offer"};
  constexpr const char* kAudiences[] = {"male", "female", "unisex"};
  constexpr const char* kAssets[] = {"logo", "badge", "product", "person", "before_after"};
  core::RandomStream random(1, "bench");
  Pool pool;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = "t" + std::to_string(i);
    Candidate candidate{.id = id,
                        .category = kCategories[random.next_below(4)],
                        .awareness_level = static_cast<int>(random.next_below(5)) + 1,
                        .target_sex = kAudiences[random.next_below(3)],
                        .is_detected = true};
    for (const char* asset : kAssets) {
      if (random.next_below(10) < 3) candidate.required_assets.emplace_back(asset);
    }
    if (random.next_below(2) == 0) {
      candidate.product_usage = Usage::at(kNow - std::chrono::hours(random.next_below(2000)));
    }
    if (random.next_below(2) == 0) {
      candidate.evaluation = {.is_compliant = 1, .is_given = true};
      for (auto& points : candidate.evaluation.d) {
        points = static_cast<std::int8_t>(random.next_below(4));
      }
    }
    if (random.next_below(2) == 0) candidate.posterior_mean = random.next_uniform();
    if (random.next_below(2) == 0) {
      candidate.combination_uses = static_cast<std::int64_t>(random.next_below(10));
      candidate.combination_last_used = kNow - std::chrono::hours(random.next_below(2000));
    }
    pool.add(candidate);
  }
  return pool;
}

double cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
  const Pool pool = pool_of(count);
  const Context context{.asset_tags = {{"logo", "product"}},
                        .category = "ugc",
                        .awareness_stage = 2,
                        .target_sex = "female"};
  const Preset preset = built_in_preset("smart_select").value();
  const SelectionRequest request{
      .preset = preset, .weights = weights_for(preset, pool), .count = 10};
  std::vector<double> times;
  double effective = 0;
  for (int round = 0; round < rounds; ++round) {
    const double begin = cpu_ms();
    const Selection selection =
        select(pool, context, request, kNow, {static_cast<std::uint64_t>(round), "select/draw"});
    times.push_back(cpu_ms() - begin);
    effective = *selection.effective_templates;
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"candidates\": %zu, \"cpu_ms\": %.2f, \"least_ms\": %.2f, \"effective\": %.3f}\n",
              count, times[times.size() / 2], times.front(), effective);
  return 0;
}
