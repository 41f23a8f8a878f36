#include "target_drawing.hpp"

#include <adgenome/core/text.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/scoring/selection.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "weight_gate.hpp"

namespace adgenome::app {
namespace {

/// The target's weights in the order of the pool's scorers. Nothing where it asks a program that
/// did not score this pool.
std::optional<std::vector<double>> weights_on(const TargetPolicy& target,
                                              const scoring::PoolLog& log) {
  if (!target.learned.is_null()) return weights_in_order(target.learned, log.scorers);
  // Without data of an ad library each of its scorers says the same of every candidate.
  bool has_ad_library = false;
  for (std::size_t column = 0; column < log.scorers.size(); ++column) {
    const auto scorer = scoring::find_scorer(log.scorers[column]);
    if (!scorer || scoring::scorers()[*scorer].needs != scoring::Needs::kAdLibrary) continue;
    for (std::size_t row = 1; row < log.ids.size(); ++row) {
      has_ad_library = has_ad_library || log.score(row, column) != log.score(0, column);
    }
  }
  const scoring::Weights given = scoring::weights_for(target.preset, has_ad_library);
  std::vector<double> weights(log.scorers.size(), 0);
  for (std::size_t s = 0; s < given.size(); ++s) {
    const auto column =
        std::find(log.scorers.begin(), log.scorers.end(), scoring::scorer_name(target.preset, s));
    if (column != log.scorers.end()) {
      weights[static_cast<std::size_t>(column - log.scorers.begin())] = given[s];
    } else if (given[s] > 0) {
      return std::nullopt;
    }
  }
  return weights;
}

/// These rows of a pool, as a pool.
learning::ScoredPool part_of(const learning::ScoredPool& pool,
                             const std::vector<std::size_t>& rows) {
  learning::ScoredPool part{.candidates = rows.size(),
                            .scores = {},
                            .temperature = pool.temperature,
                            .explore_floor = pool.explore_floor};
  for (const std::size_t row : rows) {
    const auto scores = pool.row(row);
    part.scores.insert(part.scores.end(), scores.begin(), scores.end());
    if (!pool.multiplicity.empty()) part.multiplicity.push_back(pool.multiplicity[row]);
  }
  return part;
}

}  // namespace

double TargetDrawing::own_gate() const {
  return target_.learned.is_null() ? target_.preset.min_asset_score.value_or(0) : 0;
}

std::vector<std::size_t> TargetDrawing::admitted(const scoring::PoolLog& log) {
  std::vector<std::size_t> all(log.ids.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const double least = own_gate();
  if (least <= 0) return all;
  const auto assets = std::find(log.scorers.begin(), log.scorers.end(), "asset_match");
  if (assets == log.scorers.end()) {
    ++unscored_;
    return {};
  }
  const auto column = static_cast<std::size_t>(assets - log.scorers.begin());
  std::vector<std::size_t> passing;
  for (const std::size_t row : all) {
    const bool is_detected = log.is_detected.empty() || log.is_detected[row] != 0;
    // The score and the gate as they are kept, so that equal ones are equal.
    const std::uint16_t score = log.scores[row * log.scorers.size() + column];
    if (is_detected && score >= scoring::quantised(least)) passing.push_back(row);
  }
  if (log.is_detected.empty()) ++detection_unknown_;
  if (!log.min_asset_score) ++gate_unknown_;
  if (log.min_asset_score.value_or(0) > least) ++stricter_;
  if (!passing.empty()) return passing;
  if (!scoring::make_gate({}, least).may_relax) {
    ++nothing_passed_;
    return {};
  }
  ++relaxed_;
  return all;
}

std::optional<std::vector<double>> TargetDrawing::probabilities(
    const scoring::PoolLog& log, const store::SelectionPool& stored) {
  ++pools_;
  const auto all = scored_pool(log, stored, log.scorers);
  const auto weights = weights_on(target_, log);
  if (!all || !weights) {
    ++unscored_;
    return std::nullopt;
  }
  const std::vector<std::size_t> rows = admitted(log);
  if (rows.empty()) return std::nullopt;
  learning::ScoredPool pool = part_of(*all, rows);
  pool.temperature = target_.preset.temperature;
  pool.explore_floor = target_.preset.explore_floor;
  if (target_.preset.target_effective) {
    learning::solve_temperature(pool, *weights, *target_.preset.target_effective);
  }
  const std::vector<double> of_rows = learning::first_draw_probabilities(pool, *weights);
  std::vector<double> p(log.ids.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i) p[rows[i]] = of_rows[i];
  return p;
}

void TargetDrawing::warn(std::vector<std::string>& warnings) const {
  const auto say = [&](const std::string& sentence) {
    // A policy that is compared as well says it once.
    if (std::find(warnings.begin(), warnings.end(), sentence) == warnings.end()) {
      warnings.push_back(sentence);
    }
  };
  const auto of_all = [&](std::int64_t count) {
    return std::to_string(count) + " of " + std::to_string(pools_) + " selections";
  };
  const std::string gate =
      target_.name + " asks for an asset score of " + core::format_double(own_gate());
  if (unscored_ > 0) {
    say(of_all(unscored_) + " are left out: their pools lack a score that " + target_.name +
        " asks for, as that of a program");
  }
  if (nothing_passed_ > 0) {
    say(gate + " and never relaxes it: " + of_all(nothing_passed_) +
        " are left out, in whose pools no template has it");
  }
  if (relaxed_ > 0) {
    say(gate + ": its gate is relaxed in " + of_all(relaxed_) +
        ", in whose pools no template has it");
  }
  if (stricter_ > 0) {
    say(gate + ", but " + of_all(stricter_) +
        " were drawn behind a stricter gate: what that kept out is not in their pools");
  }
  if (detection_unknown_ > 0) {
    say(gate + ": the pools of " + of_all(detection_unknown_) +
        " do not tell which templates were analysed, so all of them count as such");
  }
  if (gate_unknown_ > 0) {
    say(gate + ": the pools of " + of_all(gate_unknown_) +
        " do not tell behind which gate they were drawn, so nothing is known of what that kept "
        "out");
  }
  if (target_.preset.max_similarity < 1) {
    say(target_.name +
        " passes over templates that are too similar: the estimate is that of its first draw "
        "alone");
  }
  if (target_.preset.explore == scoring::Explore::kThompson) {
    say(target_.name + " draws its weights: the estimate is that of the weights in the middle");
  }
}

}  // namespace adgenome::app
