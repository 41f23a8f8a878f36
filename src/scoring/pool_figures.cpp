#include <adgenome/scoring/pool_figures.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace adgenome::scoring {
namespace {

/// Ranks from 1; those of equal values are the mean of theirs.
std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + 1 + end) / 2;
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> x = mid_ranks(a);
  const std::vector<double> y = mid_ranks(b);
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
    xy += (x[i] - mean) * (y[i] - mean);
  }
  if (!(xx > 0 && yy > 0)) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

double coverage(const Selection& selection, std::int64_t draws, core::RandomStream& random) {
  std::vector<double> ends(selection.p.size());
  std::partial_sum(selection.p.begin(), selection.p.end(), ends.begin());
  std::vector<std::uint8_t> is_drawn(ends.size());
  for (std::int64_t i = 0; i < draws; ++i) {
    const double position = random.next_uniform() * ends.back();
    const auto at = std::upper_bound(ends.begin(), ends.end(), position) - ends.begin();
    is_drawn[std::min(static_cast<std::size_t>(at), ends.size() - 1)] = 1;
  }
  return static_cast<double>(std::count(is_drawn.begin(), is_drawn.end(), 1)) /
         static_cast<double>(selection.candidates_after_gate);
}

}  // namespace

PoolFigures figures_of(const Pool& pool, const Selection& selection, const Selection& baseline,
                       std::int64_t draws, core::RandomStream random) {
  PoolFigures figures{.candidates = selection.candidates_before_gate,
                      .gate_survivors = selection.candidates_after_gate,
                      .effective_templates = selection.effective_templates,
                      .largest_share = selection.largest_share};
  if (selection.candidates_after_gate == 0) return figures;
  figures.coverage_after_draws = coverage(selection, draws, random);
  const std::vector<std::string_view> names = pool.names.texts();
  for (std::size_t i = 0; i < pool.size(); ++i) {
    if (!selection.is_admissible[i]) continue;
    const std::uint32_t category = pool.category[i];
    const auto name = category == Interner::kNone ? std::string_view() : names[category];
    figures.share_by_category[std::string(name)] += selection.p[i];
  }
  if (baseline.candidates_after_gate == 0) return figures;
  double distance = 0;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    distance += std::abs(selection.p[i] - baseline.p[i]) / 2;
  }
  figures.distance_to_baseline = std::min(distance, 1.0);
  figures.rank_correlation = rank_correlation(selection.p, baseline.p);
  return figures;
}

std::vector<Expectation> judge(const Expectations& expect, const PoolFigures& figures) {
  std::vector<Expectation> list;
  const auto at_least = [&](const char* name, const std::optional<double>& least,
                            const std::optional<double>& found) {
    if (least) list.push_back({name, *least, found, found && *found >= *least});
  };
  const auto at_most = [&](const char* name, const std::optional<double>& most,
                           const std::optional<double>& found) {
    if (most) list.push_back({name, *most, found, found && *found <= *most});
  };
  at_least("min_effective_templates", expect.min_effective_templates, figures.effective_templates);
  at_most("max_share", expect.max_share, figures.largest_share);
  at_least("min_gate_survivors", expect.min_gate_survivors,
           static_cast<double>(figures.gate_survivors));
  at_most("max_distance_to_baseline", expect.max_distance_to_baseline,
          figures.distance_to_baseline);
  return list;
}

}  // namespace adgenome::scoring
