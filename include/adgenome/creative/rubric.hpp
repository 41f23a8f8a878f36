#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace adgenome::creative {

/// A figure that led to a score, by the name under which it stands in `evidence`.
using FigureValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;
using Evidence = std::vector<std::pair<std::string, FigureValue>>;
FigureValue figure_or_null(const std::optional<double>& figure);

/// A check of the rubric. Under `kAutoRejectBelow` an auto-reject check decides alone.
struct CheckRule {
  std::string_view id;    ///< "V1"
  std::string_view name;  ///< "product accuracy"
  double weight = 0;
  bool is_auto_reject = false;
};

/// The checks of a full review, in the order in which they are reported.
std::span<const CheckRule> rubric();
inline constexpr std::string_view kRubricVersion = "1";

/// What a reviewer says of a check: 0 to 10, or nothing, and why.
struct CheckScore {
  std::string id;
  std::optional<double> score;
  Evidence evidence;
};

/// The defects that a scan looks for, in the order in which they are reported.
std::span<const std::string_view> defect_kinds();

enum class DefectState { kFound, kClear, kNotAssessed };
std::string_view to_string(DefectState state);

struct Defect {
  std::string kind;
  DefectState state = DefectState::kNotAssessed;
  Evidence evidence;
};

/// One stage as one reviewer left it. A stage with an error has no other result.
struct ReviewStage {
  std::int64_t stage = 0;  ///< 1: defect scan, 2: full review
  std::string reviewer = {};
  std::vector<CheckScore> checks = {};
  std::vector<Defect> defects = {};
  std::optional<std::string> error = {};
};

enum class Verdict { kApproved, kFlagged, kRejected, kReviewFailed };
std::string_view to_string(Verdict verdict);

/// Where the verdicts part. Scores are 0 to 10, shares 0 to 1.
struct VerdictBounds {
  double approve_from = 7.0;
  double flag_from = 5.0;
  double auto_reject_below = 3.0;
  double least_assessed = 0.6;  ///< share of the rubric's weight
  bool requires_full_scan = false;
};

struct Review {
  Verdict verdict = Verdict::kReviewFailed;
  std::optional<double> score;            ///< weighted mean of the checks assessed
  std::optional<double> assessed_weight;  ///< share of the rubric's weight, without stage 2 nothing
  std::vector<ReviewStage> stages;
};

/// Weighted mean of the checks that have a score; nothing where none has. Throws InvalidInput for
/// a check that is not in the rubric, is there twice, or lies outside 0 to 10.
std::optional<double> weighted_score(std::span<const CheckScore> checks);

/// Share of the rubric's weight that has a score.
double assessed_share(std::span<const CheckScore> checks);

/// Whether a scan ends the review: a defect was found, or the scan itself failed.
bool scan_decides(const ReviewStage& scan);

/// The verdict over a scan and, where the scan did not decide, the full review (page 5.1). It is
/// computed from states and scores alone.
Review decide(ReviewStage scan, std::optional<ReviewStage> full, const VerdictBounds& bounds);

}  // namespace adgenome::creative
