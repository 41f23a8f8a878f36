#include <adgenome/core/error.hpp>
#include <adgenome/creative/verdict.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::creative {
namespace {

// Sums of weights such as 1.5 + 0.8 miss their decimal value in the last place; a mean of exactly
// 7 must not fall below 7 for that.
double without_rounding_noise(double value) {
  return std::round(value * 1e9) / 1e9;
}

bool is_auto_rejected(const ReviewStage& stage, const QualityConfig& config) {
  return std::any_of(stage.checks.begin(), stage.checks.end(), [&](const CheckScore& check) {
    return config.of(check.id).is_auto_reject && check.score &&
           *check.score < config.auto_reject_below;
  });
}

std::optional<double> score_of(const ReviewStage& stage, const QualityConfig& config) {
  const auto score = weighted_score(stage.checks, config);
  return score ? std::optional(without_rounding_noise(*score)) : std::nullopt;
}

Verdict verdict_at(double score, const QualityConfig& config) {
  if (score >= config.approve_from) return Verdict::kApproved;
  return score >= config.flag_from ? Verdict::kFlagged : Verdict::kRejected;
}

Disagreement disagreement_of(const ReviewStage& first, const ReviewStage& second, double one,
                             double other) {
  Disagreement result{.score = std::abs(one - other), .checks = {}};
  for (const CheckScore& check : first.checks) {
    for (const CheckScore& twin : second.checks) {
      if (twin.id == check.id && twin.score && check.score) {
        result.checks.emplace_back(check.id, *twin.score - *check.score);
      }
    }
  }
  return result;
}

// Classic: either reviewer may approve.
Verdict either(double one, double other, const QualityConfig& config) {
  if (one >= config.approve_from || other >= config.approve_from) return Verdict::kApproved;
  return one >= config.flag_from && other >= config.flag_from ? Verdict::kFlagged
                                                              : Verdict::kRejected;
}

// The verdict of the scores, where the full review worked.
Verdict verdict_of_scores(Review& review, const VerdictRules& rules) {
  const QualityConfig& config = rules.config;
  const ReviewStage& full = review.stages[1];
  const ReviewStage* second = review.stages.size() > 2 ? &review.stages[2] : nullptr;
  const std::optional<double> one = score_of(full, config);
  review.score = one;
  const std::optional<double> other = second ? score_of(*second, config) : std::nullopt;
  std::optional<Verdict> of_either;
  if (one && other) {
    if (rules.agreement == Agreement::kEither) of_either = either(*one, *other, config);
    review.score = without_rounding_noise((*one + *other) / 2);
    review.disagreement = disagreement_of(full, *second, *one, *other);
  }
  if (is_auto_rejected(full, config) || (second && is_auto_rejected(*second, config))) {
    return Verdict::kRejected;
  }
  if (!one || without_rounding_noise(*review.assessed_weight) < config.least_assessed) {
    return Verdict::kFlagged;
  }
  // Only the second reviewer failed: what the first found is kept, but does not pass alone.
  if (second && second->error) {
    return *one >= config.flag_from ? Verdict::kFlagged : Verdict::kRejected;
  }
  const Verdict verdict = of_either.value_or(verdict_at(*review.score, config));
  const bool is_held_back = rules.requires_full_scan && !review.not_assessed.empty();
  return verdict == Verdict::kApproved && is_held_back ? Verdict::kFlagged : verdict;
}

void note_failures(Review& review, const QualityConfig& config) {
  const auto note = [&](const std::string& name) {
    auto& all = review.failed_checks;
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  };
  for (const ReviewStage& stage : review.stages) {
    for (const Defect& defect : stage.defects) {
      if (defect.state == DefectState::kFound) note(defect.kind);
      if (defect.state == DefectState::kNotAssessed) review.not_assessed.push_back(defect.kind);
    }
    for (const CheckScore& check : stage.checks) {
      if (check.score && *check.score < config.flag_from) note(check.id);
    }
  }
}

template <class Number>
double mean(const std::vector<Number>& values) {
  double sum = 0;
  for (const Number value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

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

bool scan_decides(const ReviewStage& scan) {
  return scan.error || std::any_of(scan.defects.begin(), scan.defects.end(), [](const auto& each) {
           return each.state == DefectState::kFound;
         });
}

bool wants_second_opinion(const ReviewStage& full, const QualityConfig& config) {
  if (full.error || is_auto_rejected(full, config)) return false;
  return std::any_of(full.checks.begin(), full.checks.end(), [&](const CheckScore& check) {
    return check.score && *check.score >= config.second_opinion_from &&
           *check.score <= config.second_opinion_to;
  });
}

Review decide(std::vector<ReviewStage> stages, const VerdictRules& rules) {
  if (stages.empty()) throw core::Error(core::ExitCode::kInternal, "a review without a stage");
  Review review;
  review.stages = std::move(stages);
  note_failures(review, rules.config);
  const ReviewStage& scan = review.stages.front();
  if (scan_decides(scan)) {
    review.verdict = scan.error ? Verdict::kReviewFailed : Verdict::kRejected;
    return review;
  }
  if (review.stages.size() < 2) {
    throw core::Error(core::ExitCode::kInternal, "a review ended before its rubric");
  }
  if (review.stages[1].error) return review;
  review.assessed_weight = assessed_share(review.stages, rules.config);
  review.verdict = verdict_of_scores(review, rules);
  return review;
}

ReviewStage combine_repeats(std::vector<ReviewStage> answers, const QualityConfig& config) {
  ReviewStage combined = answers.front();
  if (answers.size() == 1) return combined;
  Spread spread{.repeats = static_cast<std::int64_t>(answers.size()), .scores = {}, .checks = {}};
  for (const ReviewStage& answer : answers) {
    if (answer.error) {
      return {.stage = combined.stage, .reviewer = combined.reviewer, .error = answer.error};
    }
    if (const auto score = weighted_score(answer.checks, config)) spread.scores.push_back(*score);
  }
  for (CheckScore& check : combined.checks) {
    std::vector<double> scores;
    for (const ReviewStage& answer : answers) {
      for (const CheckScore& each : answer.checks) {
        if (each.id == check.id && each.score) scores.push_back(*each.score);
      }
    }
    if (scores.empty()) continue;
    check.score = mean(scores);
    const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
    if (scores.size() > 1) spread.checks.emplace_back(check.id, *high - *low);
  }
  for (Defect& defect : combined.defects) {
    std::int64_t found = 0;
    bool is_open = false;
    for (const ReviewStage& answer : answers) {
      for (const Defect& each : answer.defects) {
        if (each.kind != defect.kind) continue;
        found += each.state == DefectState::kFound;
        is_open = is_open || each.state == DefectState::kNotAssessed;
      }
    }
    defect.state = 2 * found >= spread.repeats ? DefectState::kFound
                   : is_open                   ? DefectState::kNotAssessed
                                               : DefectState::kClear;
    defect.evidence.push_back({"found_by", found});
  }
  combined.spread = std::move(spread);
  return combined;
}

}  // namespace adgenome::creative
