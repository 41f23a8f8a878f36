#include <adgenome/scoring/selection.hpp>
#include <algorithm>
#include <unordered_set>

#include "evaluate.hpp"

namespace adgenome::scoring {
namespace {

/// `count` of the rows, each set of so many as likely as any other, in their order.
std::vector<std::size_t> sample(std::vector<std::size_t> rows, std::size_t count,
                                core::RandomStream& random) {
  // The first places of a shuffle (Fisher and Yates), without finishing it.
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(rows[i], rows[i + random.next_below(rows.size() - i)]);
  }
  rows.resize(count);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

PoolLog keep_pool(const Pool& pool, const Context& context, const SelectionRequest& request,
                  const Selection& selection, core::Time now, core::RandomStream random) {
  const auto& relaxed = selection.relaxed;
  const bool is_gate_open = std::find(relaxed.begin(), relaxed.end(), "gate") != relaxed.end();
  PoolLog log{.min_asset_score = is_gate_open ? 0 : request.gate.min_asset_score,
              .drawn = selection.items.size(),
              .candidates = selection.candidates_after_gate};
  for (std::size_t s = 0; s < request.weights.size(); ++s) {
    log.scorers.emplace_back(scorer_name(request.preset, s));
  }
  std::vector<std::size_t> rows;
  for (const SelectedItem& item : selection.items) rows.push_back(item.candidate);
  const std::unordered_set<std::size_t> drawn(rows.begin(), rows.end());
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    if (selection.is_admissible[i] && !drawn.contains(i)) others.push_back(i);
  }
  if (others.size() > kMostKept) {
    log.fraction = static_cast<double>(kMostKept) / static_cast<double>(others.size());
    others = sample(std::move(others), kMostKept, random);
  }
  rows.insert(rows.end(), others.begin(), others.end());

  const Setting setting = prepare(pool, context, now);
  for (const std::size_t row : rows) {
    log.ids.emplace_back(pool.ids[row]);
    log.propensities.push_back(static_cast<float>(selection.p[row]));
    log.is_detected.push_back(pool.is_detected[row]);
    for (const double score : scores_of(pool, setting, request.program_scores, row)) {
      log.scores.push_back(quantised(score));
    }
  }
  return log;
}

}  // namespace adgenome::scoring
