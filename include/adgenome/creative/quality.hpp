#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/creative/rubric.hpp>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

inline constexpr std::size_t kChecks = 16;

/// What a check counts in a mean, and whether it decides alone when it is very low.
struct CheckWeight {
  double weight = 0;
  bool is_auto_reject = false;
};

/// How two reviewers agree: classic, either may approve; robust, their mean counts.
enum class Agreement { kEither, kMean };
std::string_view to_string(Agreement agreement);

/// Every number that a verdict depends on. Scores are 0 to 10, shares 0 to 1. What is here by
/// default holds where neither the brand nor its organization has a config of its own.
struct QualityConfig {
  QualityConfig();

  std::array<CheckWeight, kChecks> weights;  ///< in the order of rubric()
  double approve_from = 7.0;
  double flag_from = 5.0;
  double auto_reject_below = 3.0;
  double second_opinion_from = 5.0;  ///< a check within these bounds, both included, calls the
  double second_opinion_to = 7.0;    ///< second reviewer
  double least_assessed = 0.6;       ///< share of the rubric's weight
  double audit_rate = 0.15;          ///< share of the verdicts that a person judges unseen

  const CheckWeight& of(std::string_view check) const;  ///< InvalidInput for an unknown check
};

/// Contract of the document: {"weights": {"V1": 1.5, ...}, "auto_reject": ["V1", ...],
/// "approve_from", ...}.
core::Json to_json(const QualityConfig& config);

/// Why a document is no valid config, one line each: a check missing or unknown, a bound outside
/// 0 to 10 or below another, a share outside 0 to 1. Empty: it is one.
std::vector<std::string> quality_problems(const core::Json& document);

/// Throws InvalidInput with the first problem, naming `where`.
QualityConfig quality_from_json(const core::Json& document, const std::string& where);

/// Mean of the checks that have a score, by weight; nothing where none has. Throws InvalidInput for
/// a check that is not in the rubric, is there twice, or lies outside 0 to 10.
std::optional<double> weighted_score(std::span<const CheckScore> checks,
                                     const QualityConfig& config = {});

/// Share of the rubric's weight that has a score from any of the stages.
double assessed_share(std::span<const ReviewStage> stages, const QualityConfig& config = {});

}  // namespace adgenome::creative
