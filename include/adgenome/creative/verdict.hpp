#pragma once

#include <adgenome/creative/quality.hpp>
#include <adgenome/creative/rubric.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

enum class Verdict { kApproved, kFlagged, kRejected, kReviewFailed };
std::string_view to_string(Verdict verdict);

/// How verdicts are found, beside the config: what the command was asked.
struct VerdictRules {
  QualityConfig config = {};
  Agreement agreement = Agreement::kMean;
  bool requires_full_scan = false;
};

/// How far two reviewers are apart.
struct Disagreement {
  double score = 0;                                    ///< of their means, absolute
  std::vector<std::pair<std::string, double>> checks;  ///< second less first, where both scored
};

struct Review {
  Verdict verdict = Verdict::kReviewFailed;
  std::optional<double> score;            ///< mean of the reviewers' weighted scores
  std::optional<double> assessed_weight;  ///< share of the rubric's weight, without stage 2 nothing
  std::optional<Disagreement> disagreement;
  std::vector<std::string> not_assessed;   ///< defects that the scan left open
  std::vector<std::string> failed_checks;  ///< found defects and checks under `flag_from`
  std::vector<ReviewStage> stages;         ///< scan, full review, second opinion, as far as it went
};

/// Whether a scan ends the review: a defect was found, or the scan itself failed.
bool scan_decides(const ReviewStage& scan);

/// Whether the full review calls for another reviewer: it worked, did not reject by itself, and a
/// check lies within the config's bounds.
bool wants_second_opinion(const ReviewStage& full, const QualityConfig& config);

/// The verdict over a scan, the full review unless the scan decided, and a second opinion where one
/// was had (page 5.1). It is computed from states and scores alone.
Review decide(std::vector<ReviewStage> stages, const VerdictRules& rules);

/// Answers of one reviewer to the same question as one: mean scores, the first one's evidence, a
/// defect where more than half found it or as many as did not, and the spread of the scores. An
/// error of any is the whole's.
ReviewStage combine_repeats(std::vector<ReviewStage> answers, const QualityConfig& config);

}  // namespace adgenome::creative
