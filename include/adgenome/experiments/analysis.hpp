#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/stats/means.hpp>
#include <adgenome/stats/posteriors.hpp>
#include <adgenome/stats/proportions.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <adgenome/stats/sample.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::experiments {

/// One arm and all of its values. Names are unique within an analysis.
struct Arm {
  std::string name;
  stats::Sample sample;
};

/// Which parts of a comparison are computed.
struct Parts {
  bool mann_whitney = true;
  /// Also beyond kMostShiftPairs.
  bool unlimited_hodges_lehmann = false;
  bool brunner_munzel = true;
  bool cliffs_delta = true;
  bool proportions = true;
  bool means = true;
  bool bayes = true;
};

/// The Hodges-Lehmann shift costs many passes over both arms; up to so many distinct pairs of
/// values it is always there.
inline constexpr double kMostShiftPairs = 1e6;

struct AnalysisOptions {
  std::string control = "control";
  double alpha = 0.05;           ///< of the decision; intervals cover 1 - alpha
  std::int64_t min_sample = 20;  ///< an arm
  stats::RankMethod method = stats::RankMethod::kAuto;
  Parts parts;
};

struct ArmSummary {
  std::string name;
  std::int64_t n = 0;
  std::optional<double> mean;  ///< absent for an arm without values
  double sum = 0;
};

struct PairPosterior {
  double p_better = 0;  ///< P(variant > control)
  /// 95 % credible, of variant / control - 1.
  std::optional<stats::Interval> lift_interval;
};

/// One variant against the control. What is absent stands in `not_computed`, with why.
struct Comparison {
  std::string arm;
  std::int64_t n_control = 0;
  std::int64_t n_variant = 0;
  std::optional<stats::MannWhitney> mann_whitney;
  std::optional<stats::Shift> shift;
  std::optional<stats::BrunnerMunzel> brunner_munzel;
  std::optional<double> cliffs_delta;
  std::optional<stats::Proportions> proportions;  ///< where all values are 0 or 1
  std::optional<stats::Means> means;              ///< where they are not
  std::optional<PairPosterior> bayes;
  std::optional<double> q_value;       ///< Benjamini-Hochberg over the variants
  std::optional<double> holm_p_value;  ///< Holm over the variants
  /// Rank-biserial correlation; of 0/1 values that is the difference of the rates.
  std::optional<double> effect_size;
  /// The effect size that the test finds in 80 of 100 cases at these sizes.
  std::optional<double> mde_80;
  std::vector<std::pair<std::string, std::string>> not_computed;
};

enum class Decision { kWinner, kInconclusive, kInsufficientData };

struct Analysis {
  std::string control;
  std::vector<ArmSummary> arms;  ///< the control, then the variants by name
  std::vector<Comparison> comparisons;
  std::vector<double> p_best;         ///< in the order of `arms`; empty where not computed
  std::vector<double> expected_loss;  ///< likewise
  std::vector<std::pair<std::string, std::string>> not_computed;  ///< what is absent, and why
  std::optional<Decision> decision;  ///< absent where the deciding test was left out
  std::optional<std::string> winner;
  std::string reason;
  /// Of the comparison that the decision rests on.
  std::optional<double> effect_size;
  std::optional<double> mde_80;
  double alpha = 0.05;
  std::int64_t min_sample = 20;
};

/// Compares every arm to the control, each value being a unit of its own, and decides by
/// Mann-Whitney, with several variants by its Benjamini-Hochberg q. Throws InvalidInput where
/// there are arms but no control among them.
Analysis analyze(std::vector<Arm> arms, const AnalysisOptions& options);

/// The members of adgenome/analysis/v1 that an analysis of independent units has.
core::Json to_json(const Analysis& analysis);

}  // namespace adgenome::experiments
