#include <adgenome/core/random.hpp>
#include <adgenome/learning/interactions.hpp>
#include <adgenome/stats/multiple.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "additive_model.hpp"

namespace adgenome::learning {
namespace {

constexpr int kResamples = 2'000;
constexpr double kFalseDiscoveries = 0.1;
constexpr std::int64_t kClassicAds = 5;
constexpr std::int64_t kRobustAds = 8;
constexpr std::int64_t kRobustRuns = 4;
/// Of an element that hardly occurs without the other only what the penalty leaves would be seen.
constexpr std::int64_t kLeastApart = 2;
/// Of rewards from 0 to 1: what a fit to its tolerance leaves where there is nothing.
constexpr double kRounding = 1e-9;

/// Everything numbered: elements by tag, runs by name, pairs in canonical order.
struct Coded {
  std::vector<TagValue> elements;
  std::vector<RewardCell> cells;                   ///< by run and elements
  std::vector<std::vector<std::size_t>> pairs_of;  ///< by cell, those that are looked at
  std::vector<PairInteraction> pairs;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ids;  ///< by pair
  std::size_t runs = 0;
  std::int64_t pairs_seen = 0;
};

using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// `units` are ads under classic rules, runs under robust ones; an ad without a run is its own.
Coded code(std::span<const TaggedReward> rewards, bool is_classic) {
  std::map<TagValue, std::uint32_t> elements;
  std::set<std::string> runs;
  // The ad of a run of its own must not be taken for a run of its name.
  const auto run_of = [](const TaggedReward& ad) {
    return ad.run.empty() ? "ad " + ad.ad_id : "run " + ad.run;
  };
  for (const TaggedReward& ad : rewards) {
    for (const auto& [dimension, value] : ad.tags) elements[{dimension, value}] = 0;
    runs.insert(is_classic ? ad.ad_id : run_of(ad));
  }
  Coded coded;
  for (auto& [tag, number] : elements) {
    number = static_cast<std::uint32_t>(coded.elements.size());
    coded.elements.push_back(tag);
  }
  coded.runs = runs.size();

  struct Count {
    std::int64_t ads = 0;
    std::set<std::string> runs;
  };
  std::map<Pair, Count> counts;
  std::vector<std::int64_t> ads_of(coded.elements.size());
  // Sums in the order of the ads' ids, whatever the order of the rows.
  std::vector<const TaggedReward*> ordered;
  for (const TaggedReward& ad : rewards) ordered.push_back(&ad);
  std::ranges::sort(ordered, {},
                    [](const TaggedReward* ad) { return std::tie(ad->ad_id, ad->run); });
  std::map<std::pair<std::size_t, std::vector<std::uint32_t>>, RewardCell> cells;
  for (const TaggedReward* ad : ordered) {
    std::vector<std::uint32_t> ids;
    for (const auto& [dimension, value] : ad->tags) ids.push_back(elements.at({dimension, value}));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      ++ads_of[ids[i]];
      for (std::size_t j = i + 1; j < ids.size(); ++j) {
        Count& count = counts[{ids[i], ids[j]}];
        ++count.ads;
        count.runs.insert(run_of(*ad));
      }
    }
    const std::string unit = is_classic ? ad->ad_id : run_of(*ad);
    const auto run = static_cast<std::size_t>(std::distance(runs.begin(), runs.find(unit)));
    const double weight = is_classic ? 1 : ad->weight;
    RewardCell& cell = cells[{run, ids}];
    cell.elements = std::move(ids);
    cell.run = run;
    cell.weight += weight;
    cell.reward += weight * ad->reward;
  }
  std::map<Pair, std::size_t> kept;
  for (const auto& [pair, count] : counts) {
    const auto runs_together = static_cast<std::int64_t>(count.runs.size());
    const std::int64_t apart = std::min(ads_of[pair.first], ads_of[pair.second]) - count.ads;
    const bool is_enough = is_classic ? count.ads >= kClassicAds
                                      : count.ads >= kRobustAds && runs_together >= kRobustRuns &&
                                            apart >= kLeastApart;
    if (!is_enough) continue;
    kept[pair] = coded.pairs.size();
    coded.ids.push_back(pair);
    PairInteraction found;
    found.a = coded.elements[pair.first];
    found.b = coded.elements[pair.second];
    found.ads = count.ads;
    found.runs = runs_together;
    coded.pairs.push_back(std::move(found));
  }
  coded.pairs_seen = static_cast<std::int64_t>(counts.size());
  for (auto& [key, cell] : cells) {
    std::vector<std::size_t>& pairs = coded.pairs_of.emplace_back();
    for (std::size_t i = 0; i < cell.elements.size(); ++i) {
      for (std::size_t j = i + 1; j < cell.elements.size(); ++j) {
        const auto found = kept.find({cell.elements[i], cell.elements[j]});
        if (found != kept.end()) pairs.push_back(found->second);
      }
    }
    coded.cells.push_back(std::move(cell));
  }
  return coded;
}

/// The effects of the pairs where each unit counts so often; NaN where a pair does not occur.
using Estimator = std::function<std::vector<double>(std::span<const double> times)>;

struct Sum {
  double weight = 0;
  double reward = 0;
  void add(double its_weight, double its_reward) {
    weight += its_weight;
    reward += its_reward;
  }
  double mean() const { return reward / weight; }
};

std::vector<double> multiplicative_effects(const Coded& coded, std::span<const double> times) {
  Sum all;
  std::vector<Sum> alone(coded.elements.size());
  std::vector<Sum> together(coded.pairs.size());
  for (std::size_t i = 0; i < coded.cells.size(); ++i) {
    const RewardCell& cell = coded.cells[i];
    const double count = times[cell.run];
    if (count == 0) continue;
    const double weight = count * cell.weight;
    const double reward = count * cell.reward;
    all.add(weight, reward);
    for (const std::uint32_t element : cell.elements) alone[element].add(weight, reward);
    for (const std::size_t pair : coded.pairs_of[i]) together[pair].add(weight, reward);
  }
  std::vector<double> effects(coded.pairs.size());
  for (std::size_t p = 0; p < effects.size(); ++p) {
    const double a = alone[coded.ids[p].first].mean();
    const double b = alone[coded.ids[p].second].mean();
    // Where nothing was earned at all, nothing was expected.
    const double expected = all.reward > 0 ? a * b / all.mean() : 0;
    effects[p] = together[p].mean() - expected;
  }
  return effects;
}

std::vector<double> beyond_additive(const Coded& coded, AdditiveModel& model,
                                    std::span<const double> times) {
  model.fit(times);
  std::vector<Sum> together(coded.pairs.size());
  for (std::size_t i = 0; i < coded.cells.size(); ++i) {
    const RewardCell& cell = coded.cells[i];
    const double weight = times[cell.run] * cell.weight;
    if (weight == 0 || coded.pairs_of[i].empty()) continue;
    const double left = times[cell.run] * cell.reward - weight * model.predict(cell);
    for (const std::size_t pair : coded.pairs_of[i]) together[pair].add(weight, left);
  }
  std::vector<double> effects;
  for (const Sum& sum : together) effects.push_back(sum.mean());
  return effects;
}

double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

/// Interval and p of one pair from its effects in the resamples in which it occurs.
void judge(PairInteraction& pair, std::vector<double>& resampled, double df) {
  std::erase_if(resampled, [](double effect) { return std::isnan(effect); });
  if (resampled.size() < kResamples / 2) return;
  std::ranges::sort(resampled);
  pair.interval = {.lower = quantile(resampled, 0.025), .upper = quantile(resampled, 0.975)};
  double mean = 0;
  for (const double effect : resampled) mean += effect / static_cast<double>(resampled.size());
  double squares = 0;
  for (const double effect : resampled) squares += (effect - mean) * (effect - mean);
  const double se = std::sqrt(squares / static_cast<double>(resampled.size() - 1));
  if (se > kRounding) {
    pair.p = stats::student_t_two_sided(pair.effect / se, df);
  } else if (pair.effect == 0) {
    pair.p = 1;  // all the same, and nothing beyond
  }
}

void adjust(std::vector<PairInteraction>& pairs) {
  std::vector<double> p_values;
  std::vector<PairInteraction*> sources;
  for (PairInteraction& pair : pairs) {
    if (!pair.p) continue;
    p_values.push_back(*pair.p);
    sources.push_back(&pair);
  }
  const std::vector<double> q = stats::benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < q.size(); ++i) {
    PairInteraction& pair = *sources[i];
    pair.q = q[i];
    if (q[i] >= kFalseDiscoveries) continue;
    if (pair.interval->lower > 0) pair.direction = PairInteraction::Direction::kSynergy;
    if (pair.interval->upper < 0) pair.direction = PairInteraction::Direction::kConflict;
  }
}

}  // namespace

std::string_view name_of(PairInteraction::Direction direction) {
  switch (direction) {
    case PairInteraction::Direction::kSynergy:
      return "synergy";
    case PairInteraction::Direction::kConflict:
      return "conflict";
    case PairInteraction::Direction::kNeutral:
      break;
  }
  return "neutral";
}

Interactions find_interactions(std::span<const TaggedReward> rewards, bool is_classic,
                               std::uint64_t seed) {
  Coded coded = code(rewards, is_classic);
  Interactions result{.pairs = {}, .pairs_seen = coded.pairs_seen};
  if (coded.pairs.empty()) return result;
  AdditiveModel model(coded.cells, coded.elements.size());
  const Estimator estimate = [&](std::span<const double> times) {
    std::vector<double> effects =
        is_classic ? multiplicative_effects(coded, times) : beyond_additive(coded, model, times);
    for (double& effect : effects) {
      if (std::abs(effect) < kRounding) effect = 0;
    }
    return effects;
  };
  const std::vector<double> effects = estimate(std::vector<double>(coded.runs, 1));

  std::vector<std::vector<double>> resampled(coded.pairs.size());
  core::RandomStream random(seed, "interactions");
  std::vector<double> times(coded.runs);
  for (int b = 0; b < kResamples; ++b) {
    std::ranges::fill(times, 0);
    for (std::size_t i = 0; i < coded.runs; ++i) ++times[random.next_below(coded.runs)];
    const std::vector<double> again = estimate(times);
    for (std::size_t p = 0; p < again.size(); ++p) resampled[p].push_back(again[p]);
  }
  for (std::size_t p = 0; p < coded.pairs.size(); ++p) {
    PairInteraction& pair = coded.pairs[p];
    pair.effect = effects[p];
    judge(pair, resampled[p], static_cast<double>((is_classic ? pair.ads : pair.runs) - 1));
  }
  // Rewards that count nothing say nothing.
  std::erase_if(coded.pairs, [](const PairInteraction& pair) { return std::isnan(pair.effect); });
  adjust(coded.pairs);
  result.pairs = std::move(coded.pairs);
  std::ranges::stable_sort(result.pairs, [](const PairInteraction& x, const PairInteraction& y) {
    return std::abs(x.effect) > std::abs(y.effect);
  });
  return result;
}

}  // namespace adgenome::learning
