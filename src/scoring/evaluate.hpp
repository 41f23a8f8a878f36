#pragma once

#include <adgenome/scoring/selection.hpp>
#include <span>
#include <vector>

namespace adgenome::scoring {

/// Candidates are scored in blocks that stay in the cache; scores are not kept but for those
/// that are asked for again, which costs less than the memory.
inline constexpr std::size_t kBlock = 1024;

struct Evaluated {
  std::vector<double> composites;        ///< of every row, admissible or not
  std::vector<ScorerSummary> summaries;  ///< over the admissible ones; by scorer and program
};

/// Composite c = sum(w * score) / sum(w) of every candidate; 1 where all weights are 0.
Evaluated evaluate(const Pool& pool, const Setting& setting, const Weights& weights,
                   std::span<const std::vector<double>> program_scores,
                   std::span<const std::uint8_t> is_admissible);

/// The scores of one candidate, by scorer and program.
std::vector<double> scores_of(const Pool& pool, const Setting& setting,
                              std::span<const std::vector<double>> program_scores,
                              std::size_t candidate);

/// Rows that pass the gate among those that are admissible already. Templates that were never
/// analysed do not: that they require nothing is not known.
std::vector<std::uint8_t> pass_gate(const Pool& pool, const Setting& setting,
                                    std::span<const std::uint8_t> is_admissible,
                                    double min_asset_score);

}  // namespace adgenome::scoring
