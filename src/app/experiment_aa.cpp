#include <adgenome/app/experiments.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/stats/clusters.hpp>
#include <adgenome/stats/day_sums.hpp>
#include <adgenome/stats/means.hpp>
#include <adgenome/stats/proportions.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <adgenome/stats/ratios.hpp>
#include <adgenome/store/experiment_history.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;

constexpr double kAlpha = 0.05;
constexpr std::size_t kLeastUnits = 8;  // below it hardly any split is significant at all

/// A test and how often it finds a difference where there is none.
struct Tally {
  std::string test;
  std::string metric;
  std::string unit;
  bool decides = false;  ///< under robust rules
  std::int64_t units = 0;
  std::int64_t repeats = 0;
  std::int64_t errors = 0;

  void count(bool is_error) {
    ++repeats;
    errors += is_error ? 1 : 0;
  }
};

Json tally_json(const Tally& tally) {
  Json rate;
  Json interval;
  Json reason;
  if (tally.repeats > 0) {
    const auto limits =
        stats::wilson_interval({.successes = tally.errors, .trials = tally.repeats}, 1.96);
    rate = static_cast<double>(tally.errors) / static_cast<double>(tally.repeats);
    interval = {limits.lower, limits.upper};
  } else {
    reason = "too few " + tally.unit;
  }
  return {{"test", tally.test},
          {"metric", tally.metric},
          {"unit", tally.unit},
          {"units", tally.units},
          {"decides", tally.decides},
          {"repeats", tally.repeats},
          {"false_positives", tally.errors},
          {"rate", rate},
          {"interval", interval},
          {"reason", reason}};
}

template <class Item>
void shuffle(std::vector<Item>& items, core::RandomStream& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.next_below(i)]);
  }
}

/// Units of one run: an approval each, or a rate each.
using RunValues = std::vector<double>;

/// By the two-proportion z of approvals, by Welch's t of rates.
double p_of_values(const stats::Sample& control, const stats::Sample& variant) {
  if (!stats::is_binary(control) || !stats::is_binary(variant)) {
    return stats::compare_means(control, variant, 1 - kAlpha).p_value.value_or(1);
  }
  const auto rate = [](const stats::Sample& sample) {
    return stats::Successes{.successes = stats::successes(sample), .trials = sample.size};
  };
  return stats::compare_proportions(rate(control), rate(variant), 1 - kAlpha).p_value;
}

/// Splits whole runs into two halves and tests the values of their ads.
void split_runs(std::vector<RunValues> runs, const std::string& metric, const char* unit,
                std::int64_t repeats, std::uint64_t seed, std::vector<Tally>& tallies) {
  std::int64_t ads = 0;
  for (const RunValues& run : runs) ads += static_cast<std::int64_t>(run.size());
  const auto of_ads = [&](const char* test) {
    return Tally{.test = test, .metric = metric, .unit = unit, .units = ads};
  };
  Tally by_ranks = of_ads("mann_whitney");
  Tally by_overlap = of_ads("brunner_munzel");
  Tally by_values = of_ads(metric == "approval" ? "proportions" : "means");
  Tally by_runs{.test = "cluster",
                .metric = metric,
                .unit = "runs",
                .decides = true,
                .units = static_cast<std::int64_t>(runs.size())};
  core::RandomStream random(seed, "aa/" + metric);
  const bool suffices = runs.size() >= kLeastUnits;
  const auto half = static_cast<std::ptrdiff_t>(runs.size() / 2);
  for (std::int64_t repeat = 0; repeat < repeats && suffices; ++repeat) {
    shuffle(runs, random);
    std::vector<double> values[2];
    std::vector<double> means[2];
    for (auto run = runs.begin(); run != runs.end(); ++run) {
      const int side = run - runs.begin() < half ? 0 : 1;
      double sum = 0;
      for (const double value : *run) {
        values[side].push_back(value);
        sum += value;
      }
      means[side].push_back(sum / static_cast<double>(run->size()));
    }
    const stats::Sample control = stats::make_sample(std::move(values[0]));
    const stats::Sample variant = stats::make_sample(std::move(values[1]));
    by_ranks.count(stats::mann_whitney(control, variant).p_value < kAlpha);
    const auto overlap = stats::brunner_munzel(control, variant);
    by_overlap.count(overlap && overlap->p_value < kAlpha);
    by_values.count(p_of_values(control, variant) < kAlpha);
    by_runs.count(stats::clusters_differ(means[0], means[1], kAlpha, random.next_bits()));
  }
  for (Tally* tally : {&by_ranks, &by_overlap, &by_values, &by_runs}) {
    tallies.push_back(std::move(*tally));
  }
}

/// Pairs whole ads with their days at random, and asks whether one side of the pairs is better.
void pair_ads(std::vector<std::vector<stats::DayTotals>> ads, std::int64_t repeats,
              std::uint64_t seed, std::vector<Tally>& tallies) {
  Tally sums{.test = "day_sums", .metric = "link_ctr", .unit = "ads"};
  Tally pairs{.test = "matched_pairs", .metric = "link_ctr", .unit = "ads", .decides = true};
  sums.units = pairs.units = static_cast<std::int64_t>(ads.size());
  core::RandomStream random(seed, "aa/pairs");
  const bool suffices = ads.size() >= 2 * 5;
  for (std::int64_t repeat = 0; repeat < repeats && suffices; ++repeat) {
    shuffle(ads, random);
    std::vector<double> effects;
    std::vector<double> variances;
    for (std::size_t i = 0; i + 1 < ads.size(); i += 2) {
      const auto found = stats::compare_days(ads[i], ads[i + 1], stats::DayModel::kShare);
      if (!found) continue;
      // These two ads differ for good: what is counted here is how far a test of them stands
      // from one of their element.
      if (i == 0) sums.count(found->p_value < kAlpha);
      effects.push_back(found->log_ratio);
      variances.push_back(found->error * found->error);
    }
    if (effects.size() < 5) continue;
    pairs.count(stats::random_effects(effects, variances, 1 - kAlpha).p_value < kAlpha);
  }
  tallies.push_back(sums);
  tallies.push_back(pairs);
}

}  // namespace

core::Json test_on_itself(const ExperimentRunner& runner, std::int64_t repeats) {
  std::vector<Tally> tallies;
  std::map<std::string, RunValues> approvals;
  std::map<std::string, std::string> run_of;
  for (const store::DecidedAd& ad : store::decided_ads(runner.session, runner.brand.id)) {
    approvals[ad.ad_run_id].push_back(ad.is_approved ? 1 : 0);
  }
  std::map<std::string, std::vector<stats::DayTotals>> days;
  for (const store::AdDay& day : store::ad_days(runner.session, runner.brand.id, runner.now)) {
    if (!day.clicks || *day.clicks > day.impressions || day.impressions <= 0) continue;
    run_of[day.ad_id] = day.ad_run_id;
    days[day.ad_id].push_back({.numerator = static_cast<double>(*day.clicks),
                               .denominator = static_cast<double>(day.impressions)});
  }
  std::map<std::string, RunValues> rates;
  std::vector<std::vector<stats::DayTotals>> ads;
  for (const auto& [ad_id, list] : days) {
    double clicks = 0;
    double impressions = 0;
    for (const stats::DayTotals& day : list) {
      clicks += day.numerator;
      impressions += day.denominator;
    }
    rates[run_of[ad_id]].push_back(clicks / impressions);
    if (list.size() >= 2) ads.push_back(list);
  }
  const auto values = [](const std::map<std::string, RunValues>& by_run) {
    std::vector<RunValues> list;
    for (const auto& [run, own] : by_run) list.push_back(own);
    return list;
  };
  split_runs(values(approvals), "approval", "ads", repeats, runner.seed, tallies);
  split_runs(values(rates), "link_ctr", "ads", repeats, runner.seed, tallies);
  pair_ads(std::move(ads), repeats, runner.seed, tallies);

  Json tests = Json::array();
  Json worst;
  for (const Tally& tally : tallies) {
    Json row = tally_json(tally);
    if (tally.decides && !row.at("rate").is_null() && (worst.is_null() || row.at("rate") > worst)) {
      worst = row.at("rate");
    }
    tests.push_back(std::move(row));
  }
  Json reason;
  if (worst.is_null()) reason = "the brand has too little of a past to split";
  return {{"alpha", kAlpha},     {"repeats", repeats}, {"tests", std::move(tests)},
          {"worst_rate", worst}, {"reason", reason},   {"seed", core::wide_integer(runner.seed)}};
}

}  // namespace adgenome::app
