#include <adgenome/core/error.hpp>
#include <adgenome/creative/rubric.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace adgenome::creative {
namespace {

constexpr std::array<CheckRule, 16> kRubric{{
    {"V1", "product accuracy", 1.5, true},
    {"V2", "text legibility", 1.5, false},
    {"V3", "layout fidelity", 1.0, false},
    {"V4", "color compliance", 0.8, false},
    {"V5", "brand guideline", 0.8, false},
    {"V6", "asset accuracy", 1.0, false},
    {"V7", "production quality", 1.0, false},
    {"V8", "background and scene", 0.8, false},
    {"V9", "product label accuracy", 1.2, true},
    {"C1", "headline clarity", 1.0, false},
    {"C2", "call-to-action", 0.8, false},
    {"C3", "awareness stage match", 0.8, false},
    {"C4", "emotional driver", 0.8, false},
    {"C5", "prohibited or unsupported claims", 1.5, true},
    {"G1", "headline congruence", 1.0, false},
    {"G2", "visual-copy alignment", 0.8, false},
}};

constexpr std::array<std::string_view, 5> kDefectKinds{"TEXT_GARBLED", "ANATOMY_ERROR",
                                                       "PHYSICS_VIOLATION", "PACKAGING_TEXT_ERROR",
                                                       "PRODUCT_DISTORTION"};

const CheckRule& rule_of(const CheckScore& check) {
  const auto rule = std::find_if(kRubric.begin(), kRubric.end(),
                                 [&](const CheckRule& each) { return each.id == check.id; });
  if (rule == kRubric.end()) throw core::InvalidInput("no check \"" + check.id + "\"");
  return *rule;
}

// Sums of weights such as 1.5 + 0.8 miss their decimal value in the last place; a mean of exactly
// 7 must not fall below 7 for that.
double without_rounding_noise(double value) {
  return std::round(value * 1e9) / 1e9;
}

struct WeightSums {
  double weight = 0;
  double weighted = 0;
};

WeightSums sums_of(std::span<const CheckScore> checks) {
  WeightSums sums;
  for (const CheckScore& check : checks) {
    const CheckRule& rule = rule_of(check);
    const auto twins = std::count_if(checks.begin(), checks.end(),
                                     [&](const CheckScore& each) { return each.id == check.id; });
    if (twins > 1) throw core::InvalidInput("check " + check.id + " is there twice");
    if (!check.score) continue;
    if (!(*check.score >= 0 && *check.score <= 10)) {
      throw core::InvalidInput("score of " + check.id + " is outside 0 to 10");
    }
    sums.weight += rule.weight;
    sums.weighted += rule.weight * *check.score;
  }
  return sums;
}

bool is_auto_rejected(std::span<const CheckScore> checks, double below) {
  return std::any_of(checks.begin(), checks.end(), [&](const CheckScore& check) {
    return rule_of(check).is_auto_reject && check.score && *check.score < below;
  });
}

bool is_scan_partial(const ReviewStage& scan) {
  return std::any_of(scan.defects.begin(), scan.defects.end(), [](const Defect& defect) {
    return defect.state == DefectState::kNotAssessed;
  });
}

Verdict verdict_of(const Review& review, const ReviewStage& full, const VerdictBounds& bounds) {
  if (is_auto_rejected(full.checks, bounds.auto_reject_below)) return Verdict::kRejected;
  if (!review.score || without_rounding_noise(*review.assessed_weight) < bounds.least_assessed)
    return Verdict::kFlagged;
  const double score = without_rounding_noise(*review.score);
  if (score >= bounds.approve_from) {
    return bounds.requires_full_scan && is_scan_partial(review.stages.front()) ? Verdict::kFlagged
                                                                               : Verdict::kApproved;
  }
  return score >= bounds.flag_from ? Verdict::kFlagged : Verdict::kRejected;
}

}  // namespace

FigureValue figure_or_null(const std::optional<double>& figure) {
  FigureValue value;
  if (figure) value = *figure;
  return value;
}

std::span<const CheckRule> rubric() {
  return kRubric;
}

std::span<const std::string_view> defect_kinds() {
  return kDefectKinds;
}

std::string_view to_string(DefectState state) {
  switch (state) {
    case DefectState::kFound:
      return "found";
    case DefectState::kClear:
      return "clear";
    case DefectState::kNotAssessed:
      break;
  }
  return "not_assessed";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kApproved:
      return "approved";
    case Verdict::kFlagged:
      return "flagged";
    case Verdict::kRejected:
      return "rejected";
    case Verdict::kReviewFailed:
      break;
  }
  return "review_failed";
}

std::optional<double> weighted_score(std::span<const CheckScore> checks) {
  const WeightSums sums = sums_of(checks);
  if (sums.weight == 0) return std::nullopt;
  return sums.weighted / sums.weight;
}

double assessed_share(std::span<const CheckScore> checks) {
  double total = 0;
  for (const CheckRule& rule : kRubric) total += rule.weight;
  return sums_of(checks).weight / total;
}

bool scan_decides(const ReviewStage& scan) {
  return scan.error || std::any_of(scan.defects.begin(), scan.defects.end(), [](const auto& each) {
           return each.state == DefectState::kFound;
         });
}

Review decide(ReviewStage scan, std::optional<ReviewStage> full, const VerdictBounds& bounds) {
  Review review;
  const bool is_decided = scan_decides(scan);
  const bool has_failed = scan.error.has_value();
  review.stages.push_back(std::move(scan));
  if (is_decided) {
    review.verdict = has_failed ? Verdict::kReviewFailed : Verdict::kRejected;
    return review;
  }
  if (!full) throw core::Error(core::ExitCode::kInternal, "a review ended before its rubric");
  if (full->error) {
    review.verdict = Verdict::kReviewFailed;
  } else {
    review.score = weighted_score(full->checks);
    review.assessed_weight = assessed_share(full->checks);
    review.verdict = verdict_of(review, *full, bounds);
  }
  review.stages.push_back(std::move(*full));
  return review;
}

}  // namespace adgenome::creative
