#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/scoring/pool.hpp>
#include <adgenome/scoring/selection.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::scoring {

/// What a preset does with a pool of candidates, and how far that is from a baseline. Nothing
/// where no candidate passes the gate.
struct PoolFigures {
  std::int64_t candidates = 0;
  std::int64_t gate_survivors = 0;
  std::optional<double> effective_templates = {};
  std::optional<double> largest_share = {};
  std::optional<double> coverage_after_draws = {};  ///< share of the survivors drawn at least once
  std::map<std::string, double> share_by_category = {};  ///< of p; "" for templates without one
  std::optional<double> distance_to_baseline = {};       ///< total variation, 0 to 1
  /// Spearman's, over all candidates; nothing where either is the same for all of them.
  std::optional<double> rank_correlation = {};
};

/// `selection` and `baseline` are of the pool; `draws` first draws are made, with replacement.
PoolFigures figures_of(const Pool& pool, const Selection& selection, const Selection& baseline,
                       std::int64_t draws, core::RandomStream random);

/// An expectation of a preset and what was found.
struct Expectation {
  std::string name;
  double expected = 0;
  std::optional<double> found = {};
  bool holds = false;
};

/// Each expectation of the preset against the figures. What has no figure does not hold.
std::vector<Expectation> judge(const Expectations& expect, const PoolFigures& figures);

}  // namespace adgenome::scoring
