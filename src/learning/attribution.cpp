#include <adgenome/learning/attribution.hpp>
#include <adgenome/stats/multiple.hpp>
#include <adgenome/stats/shrinkage.hpp>
#include <adgenome/stats/stratified.hpp>
#include <algorithm>
#include <cmath>
#include <map>

#include "permutation.hpp"

namespace adgenome::learning {
namespace {

using Cell = AttributionCells::Cell;
using stats::TwoByTwo;

constexpr double kSignificant = 0.05;
constexpr std::int64_t kLeastClusters = 5;
constexpr std::int64_t kLeastStrata = 3;
constexpr double kLeastConsistent = 2.0 / 3;
/// Elements of which at most this share of the trials of either is without the other.
constexpr double kAlmostNever = 0.05;
/// What is left of a sum after its only part was taken out.
constexpr double kRounding = 1e-12;

/// The trials of one dimension, whatever the value.
struct Dimension {
  std::vector<ClusterTrials> trials;  ///< by cluster (from 0) and stratum
  std::vector<TwoByTwo> totals;       ///< by stratum: everything as the rest
  std::vector<std::uint32_t> local;   ///< cluster of the input to that of `trials`
  std::vector<std::uint32_t> blocks;  ///< by cluster
};

Dimension dimension_of(const AttributionCells& all, std::span<const Cell> cells) {
  Dimension dimension;
  dimension.totals.resize(all.strata);
  std::vector<Cell> merged(cells.begin(), cells.end());
  std::ranges::sort(merged, {}, [](const Cell& c) { return std::pair(c.cluster, c.stratum); });
  dimension.local.resize(all.blocks.size());
  std::uint32_t before = 0;
  for (const Cell& cell : merged) {
    if (dimension.trials.empty() || cell.cluster != before) {
      dimension.local[cell.cluster] = static_cast<std::uint32_t>(dimension.blocks.size());
      dimension.blocks.push_back(all.blocks[cell.cluster]);
      before = cell.cluster;
    }
    const std::uint32_t cluster = dimension.local[cell.cluster];
    if (dimension.trials.empty() || dimension.trials.back().cluster != cluster ||
        dimension.trials.back().stratum != cell.stratum) {
      dimension.trials.push_back({.cluster = cluster, .stratum = cell.stratum});
    }
    const auto successes = static_cast<double>(cell.successes);
    const auto trials = static_cast<double>(cell.trials);
    dimension.trials.back().successes += successes;
    dimension.trials.back().trials += trials;
    dimension.totals[cell.stratum].rest_successes += successes;
    dimension.totals[cell.stratum].rest_failures += trials - successes;
  }
  return dimension;
}

/// Moves trials from the rest of a table to the group.
void move_to_group(TwoByTwo& table, const Cell& cell) {
  const auto successes = static_cast<double>(cell.successes);
  const auto failures = static_cast<double>(cell.trials - cell.successes);
  table.successes += successes;
  table.failures += failures;
  table.rest_successes -= successes;
  table.rest_failures -= failures;
}

double side_of(const TwoByTwo& table) {
  const double difference = table.successes * table.rest() - table.rest_successes * table.group();
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

stats::Interval odds_interval(double log_odds_ratio, double half) {
  return {.lower = std::exp(log_odds_ratio - half), .upper = std::exp(log_odds_ratio + half)};
}

void judge_as_independent(const std::vector<TwoByTwo>& tables, const stats::MantelHaenszel& pooled,
                          ElementAttribution& element) {
  element.strata = pooled.strata;
  element.odds_ratio = pooled.odds_ratio;
  element.log_odds_ratio = pooled.log_odds_ratio;
  ElementAttribution::Naive& naive = element.naive;
  naive.chi_squared = pooled.chi_squared;
  naive.p = pooled.p_value;
  naive.p_corrected = pooled.p_corrected;
  naive.breslow_day_p = pooled.breslow_day_p;
  const double z = stats::normal_quantile(0.975);
  if (pooled.log_odds_ratio) {
    naive.interval = odds_interval(*pooled.log_odds_ratio, z * *pooled.standard_error);
  }

  TwoByTwo crude;
  double weight = 0;
  double agreeing = 0;
  bool is_above = true;
  bool is_below = true;
  for (const TwoByTwo& table : tables) {
    crude.successes += table.successes;
    crude.failures += table.failures;
    crude.rest_successes += table.rest_successes;
    crude.rest_failures += table.rest_failures;
    if (!stats::is_informative(table)) continue;
    const double share = table.group() * table.rest() / table.total();
    weight += share;
    const double side = side_of(table);
    if (pooled.log_odds_ratio && side * *pooled.log_odds_ratio > 0) agreeing += share;
    is_above = is_above && side > 0;
    is_below = is_below && side < 0;
  }
  naive.is_consistent = pooled.strata > 0 && (is_above || is_below);
  if (pooled.log_odds_ratio) element.weight_consistent = agreeing / weight;
  element.crude_odds_ratio = stats::odds_ratio(crude);
  const auto woolf = stats::woolf(crude);
  if (!woolf || !pooled.log_odds_ratio || woolf->value * *pooled.log_odds_ratio >= 0) return;
  element.is_simpsons_paradox = std::abs(woolf->value) > z * woolf->standard_error ||
                                std::abs(*pooled.log_odds_ratio) > z * *pooled.standard_error;
}

/// Counts the clusters on either side, and leaves out one after the other.
void jackknife(const Dimension& dimension, std::span<const Cell> cells,
               const std::vector<TwoByTwo>& tables, ElementAttribution& element) {
  double r = 0;
  double s = 0;
  std::vector<stats::OddsShares> shares(tables.size());
  std::vector<bool> is_used(tables.size());
  for (std::size_t k = 0; k < tables.size(); ++k) {
    is_used[k] = stats::is_informative(tables[k]);
    if (!is_used[k]) continue;
    shares[k] = stats::odds_shares(tables[k]);
    r += shares[k].r;
    s += shares[k].s;
  }
  std::vector<double> replicates;
  bool is_estimable = element.log_odds_ratio.has_value();
  auto own = cells.begin();
  for (auto row = dimension.trials.begin(); row != dimension.trials.end();) {
    const std::uint32_t cluster = row->cluster;
    double r_without = r;
    double s_without = s;
    bool is_with = false;
    bool is_without = false;
    for (; row != dimension.trials.end() && row->cluster == cluster; ++row) {
      Cell cell{};
      while (own != cells.end() &&
             (dimension.local[own->cluster] < cluster ||
              (dimension.local[own->cluster] == cluster && own->stratum < row->stratum))) {
        ++own;
      }
      if (own != cells.end() && dimension.local[own->cluster] == cluster &&
          own->stratum == row->stratum) {
        cell = *own;
      }
      if (!is_used[row->stratum]) continue;
      const auto successes = static_cast<double>(cell.successes);
      const auto trials = static_cast<double>(cell.trials);
      is_with = is_with || cell.trials > 0;
      is_without = is_without || trials < row->trials;
      TwoByTwo table = tables[row->stratum];
      table.successes -= successes;
      table.failures -= trials - successes;
      table.rest_successes -= row->successes - successes;
      table.rest_failures -= (row->trials - trials) - (row->successes - successes);
      const stats::OddsShares left = stats::odds_shares(table);
      r_without += left.r - shares[row->stratum].r;
      s_without += left.s - shares[row->stratum].s;
    }
    if (!is_with && !is_without) continue;
    element.clusters_with += is_with;
    element.clusters_without += is_without;
    is_estimable = is_estimable && r_without > kRounding * r && s_without > kRounding * s;
    if (is_estimable) replicates.push_back(std::log(r_without) - std::log(s_without));
  }
  if (!is_estimable || replicates.size() < 2) return;
  const auto g = static_cast<double>(replicates.size());
  double mean = 0;
  for (const double theta : replicates) mean += theta / g;
  double squares = 0;
  for (const double theta : replicates) squares += (theta - mean) * (theta - mean);
  element.se_jackknife = std::sqrt((g - 1) / g * squares);
}

void judge_by_clusters(const stats::MantelHaenszel& pooled, ElementAttribution& element) {
  const std::int64_t fewest = std::min(element.clusters_with, element.clusters_without);
  if (fewest < kLeastClusters) element.reason = "not_enough_ads";
  if (!element.se_jackknife) return;
  const double se = *element.se_jackknife;
  element.design_effect = se * se / (*pooled.standard_error * *pooled.standard_error);
  if (fewest < 2 || !(se > 0)) return;
  element.df = fewest - 1;
  const auto df = static_cast<double>(*element.df);
  element.p = stats::student_t_two_sided(*element.log_odds_ratio / se, df);
  element.interval =
      odds_interval(*element.log_odds_ratio, stats::student_t_quantile(0.975, df) * se);
}

/// The share of every cluster's trials that one element has.
std::vector<LabelShare> label_of(const Dimension& dimension, std::span<const Cell> cells,
                                 const std::vector<double>& cluster_trials) {
  std::vector<LabelShare> label;
  for (const Cell& cell : cells) {
    const std::uint32_t cluster = dimension.local[cell.cluster];
    if (label.empty() || label.back().cluster != cluster) label.push_back({cluster, 0});
    label.back().x += static_cast<double>(cell.trials);
  }
  for (LabelShare& each : label) each.x /= cluster_trials[each.cluster];
  return label;
}

void permute(const Dimension& dimension, const std::vector<std::span<const Cell>>& by_value,
             std::span<ElementAttribution> elements, std::uint64_t seed) {
  std::vector<double> cluster_trials(dimension.blocks.size());
  for (const ClusterTrials& each : dimension.trials) cluster_trials[each.cluster] += each.trials;
  std::vector<std::vector<LabelShare>> labels;
  for (const auto& cells : by_value) labels.push_back(label_of(dimension, cells, cluster_trials));
  const LabelPermutation permutation(dimension.trials, dimension.blocks,
                                     static_cast<std::uint32_t>(dimension.totals.size()));
  const auto tests =
      permutation.test(labels, seed, "attribution/" + elements.front().tag.dimension);
  for (std::size_t v = 0; v < elements.size(); ++v) {
    if (elements[v].strata == 0) continue;
    elements[v].permutation_statistic = tests[v].statistic;
    elements[v].permutation_p = tests[v].p;
  }
}

DimensionSpread shrink(std::span<ElementAttribution> elements) {
  DimensionSpread spread{.dimension = elements.front().tag.dimension,
                         .values = static_cast<std::int64_t>(elements.size())};
  std::vector<double> estimates;
  std::vector<double> variances;
  std::vector<ElementAttribution*> sources;
  for (ElementAttribution& element : elements) {
    if (!element.se_jackknife || !(*element.se_jackknife > 0)) continue;
    estimates.push_back(*element.log_odds_ratio);
    variances.push_back(*element.se_jackknife * *element.se_jackknife);
    sources.push_back(&element);
  }
  const stats::Shrinkage shrinkage = stats::shrink_together(estimates, variances);
  spread.tau2 = shrinkage.tau2;
  spread.mean = shrinkage.mean;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    sources[i]->shrunk_log_odds_ratio = shrinkage.shrunk[i];
  }
  return spread;
}

void attribute_dimension(const AttributionCells& all, std::span<const Cell> cells,
                         std::uint64_t seed, Attribution& result) {
  const Dimension dimension = dimension_of(all, cells);
  const std::size_t first = result.elements.size();
  std::vector<std::span<const Cell>> by_value;
  for (std::size_t begin = 0; begin < cells.size();) {
    std::size_t end = begin;
    std::vector<TwoByTwo> tables = dimension.totals;
    for (; end < cells.size() && cells[end].element == cells[begin].element; ++end) {
      move_to_group(tables[cells[end].stratum], cells[end]);
    }
    by_value.push_back(cells.subspan(begin, end - begin));
    ElementAttribution element;
    element.tag = all.elements[cells[begin].element];
    const stats::MantelHaenszel pooled = stats::mantel_haenszel(tables);
    judge_as_independent(tables, pooled, element);
    if (all.has_clusters) {
      jackknife(dimension, by_value.back(), tables, element);
      judge_by_clusters(pooled, element);
    } else {
      element.reason = "no_cluster";
    }
    result.elements.push_back(std::move(element));
    begin = end;
  }
  const std::span<ElementAttribution> elements = std::span(result.elements).subspan(first);
  if (!all.has_clusters) return;
  permute(dimension, by_value, elements, seed);
  result.dimensions.push_back(shrink(elements));
}

/// q-values over those that have a p.
template <class Get, class Set>
void adjust(std::vector<ElementAttribution>& elements, Get p_of, Set set_q) {
  std::vector<double> p_values;
  std::vector<ElementAttribution*> sources;
  for (ElementAttribution& element : elements) {
    if (!p_of(element)) continue;
    p_values.push_back(*p_of(element));
    sources.push_back(&element);
  }
  const std::vector<double> q = stats::benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < q.size(); ++i) set_q(*sources[i], q[i]);
}

void report(std::vector<ElementAttribution>& elements) {
  adjust(
      elements, [](const auto& element) { return element.permutation_p; },
      [](auto& element, double q) { element.q = q; });
  adjust(
      elements, [](const auto& element) { return element.naive.p; },
      [](auto& element, double q) { element.naive.q = q; });
  for (ElementAttribution& element : elements) {
    const bool has_strata = element.strata >= kLeastStrata;
    element.naive.is_reported =
        has_strata && element.naive.is_consistent && element.naive.q.value_or(1) < kSignificant;
    element.is_reported = has_strata && element.reason.empty() &&
                          element.q.value_or(1) < kSignificant &&
                          element.weight_consistent.value_or(0) >= kLeastConsistent - kRounding;
  }
}

void find_confounded(const AttributionCells& cells, std::vector<ElementAttribution>& elements) {
  std::vector<std::int64_t> trials(cells.elements.size());
  for (const Cell& cell : cells.cells) trials[cell.element] += cell.trials;
  for (const AttributionCells::Pair& pair : cells.pairs) {
    const std::int64_t either = trials[pair.a] + trials[pair.b] - pair.trials;
    const std::int64_t apart = either - pair.trials;
    if (static_cast<double>(apart) > kAlmostNever * static_cast<double>(either)) continue;
    elements[pair.a].confounded_with.push_back(cells.elements[pair.b]);
    elements[pair.b].confounded_with.push_back(cells.elements[pair.a]);
  }
  for (ElementAttribution& element : elements) std::ranges::sort(element.confounded_with);
}

}  // namespace

Attribution attribute(const AttributionCells& cells, std::uint64_t seed) {
  Attribution result;
  result.clusters = cells.has_clusters ? static_cast<std::int64_t>(cells.blocks.size()) : 0;
  const std::span<const Cell> all(cells.cells);
  for (std::size_t begin = 0; begin < all.size();) {
    const std::string& name = cells.elements[all[begin].element].dimension;
    std::size_t end = begin;
    while (end < all.size() && cells.elements[all[end].element].dimension == name) ++end;
    attribute_dimension(cells, all.subspan(begin, end - begin), seed, result);
    begin = end;
  }
  find_confounded(cells, result.elements);
  report(result.elements);
  return result;
}

}  // namespace adgenome::learning
