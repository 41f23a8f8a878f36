#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/scoring/pool.hpp>
#include <adgenome/scoring/pool_log.hpp>
#include <adgenome/scoring/preset.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::scoring {

/// How strict the gate on required assets is.
enum class Tier { kDefault, kGrowth, kPremium };

/// "default", "growth" or "premium"; nothing for another text.
std::optional<Tier> parse_tier(std::string_view name);

/// The gate: the asset score that a template needs, and whether it may be opened where nothing
/// passes.
struct Gate {
  double min_asset_score = 0;
  bool may_relax = true;
};

/// The gate of a tier, a number, or both: the number counts as number, the tier decides whether
/// the gate may be relaxed. A number alone from 0.8 on is premium.
Gate make_gate(std::optional<Tier> tier, std::optional<double> min_asset_score);

struct SelectionRequest {
  Preset preset;
  Weights weights;  ///< in use: the preset's, or those that took their place
  /// What the preset's programs said, in their order: a score for each candidate.
  std::span<const std::vector<double>> program_scores = {};
  double max_similarity = 1;  ///< 1: off
  Gate gate = {};
  bool is_category_filter = false;  ///< only templates of the context's category
  std::int64_t count = 3;
  bool lists_all = false;  ///< every candidate before the gate, nothing is drawn
};

struct SelectedItem {
  std::size_t candidate;  ///< row of the pool
  double composite;
  std::optional<double> propensity;
  std::optional<double> draw_probability;
  std::vector<double> scores;  ///< by scorer, then by program
};

struct ScorerSummary {
  std::optional<double> coverage;  ///< share of candidates that it had data for
  std::optional<double> variance;  ///< of its scores over the candidates (divisor: their number)
};

struct Selection {
  std::vector<std::uint8_t> is_admissible = {};  ///< by row: passes filter and gate
  std::vector<double> p = {};                    ///< by row: of the first draw
  std::optional<double> temperature;
  std::int64_t candidates_before_gate = 0;
  std::int64_t candidates_after_gate = 0;
  std::vector<std::string> relaxed = {};
  std::optional<std::string> reason = {};  ///< why there is nothing to draw from
  std::optional<double> effective_templates = {};
  std::optional<double> largest_share = {};
  std::optional<double> repeat_rate = {};
  std::vector<ScorerSummary> scorers = {};  ///< by scorer, then by program
  std::vector<std::string> warnings = {};
  std::vector<SelectedItem> items = {};
};

/// Gate, scores, probabilities, draw. An empty outcome is a value with its reason.
Selection select(const Pool& pool, const Context& context, const SelectionRequest& request,
                 core::Time now, core::RandomStream random);

/// What a record of the selection keeps of its pool. Above kMostKept candidates the drawn ones
/// and a uniform sample of kMostKept others.
inline constexpr std::size_t kMostKept = 2000;
PoolLog keep_pool(const Pool& pool, const Context& context, const SelectionRequest& request,
                  const Selection& selection, core::Time now, core::RandomStream random);

}  // namespace adgenome::scoring
