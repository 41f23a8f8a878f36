#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::learning {

/// An ad that a person judged, and what the machine had found. `checks` are in the order of
/// CalibrationSettings::weights.
struct JudgedAd {
  std::string ad_id;
  std::string verdict;  ///< approved, flagged, rejected
  std::vector<std::optional<double>> checks;
  /// Whether the score decides on the ad: no defect, no auto-reject check, enough assessed.
  bool is_by_score = false;
  bool is_approved = false;  ///< by the person
  double probability = 1;    ///< that it was picked to be judged
};

/// What is calibrated, and within which bounds.
struct CalibrationSettings {
  std::vector<std::string> check_ids;
  std::vector<double> weights;  ///< of the checks now
  double approve_from = 7;      ///< now
  double flag_from = 5;         ///< now
  double false_approval_cost = 2;
  double false_rejection_cost = 1;
  std::int64_t least_ads = 30;
  double most_threshold_move = 1.0;
  double most_weight_move = 0.5;
  std::int64_t folds = 5;
  std::int64_t bootstrap_draws = 2000;
};

/// A weighted share with Wilson's 95 % interval at the effective number of ads.
struct JudgedShare {
  std::int64_t ads = 0;
  std::optional<double> share;
  std::optional<stats::Interval> interval;
};

/// What people said of the ads of a verdict.
struct VerdictRates {
  std::string verdict;
  JudgedShare approved;  ///< by people
};

/// What people said of the ads that a check passed or failed.
struct CheckRates {
  std::string check;
  std::int64_t ads = 0;               ///< with a score
  JudgedShare false_approvals = {};   ///< of the ads that it passes, those that people reject
  JudgedShare false_rejections = {};  ///< of the ads that it fails, those that people approve
  std::optional<double> approved_mean = {};  ///< of its score over the ads that people approve
  std::optional<double> rejected_mean = {};
  double weight = 0;      ///< now
  double new_weight = 0;  ///< as fitted
};

enum class CalibrationOutcome { kInsufficientEvidence, kNoImprovement, kProposal };
std::string_view to_string(CalibrationOutcome outcome);

struct Calibration {
  CalibrationOutcome outcome = CalibrationOutcome::kInsufficientEvidence;
  std::string reason;
  std::int64_t ads = 0;       ///< judged
  std::int64_t by_score = 0;  ///< of those, what the thresholds decide on
  std::vector<VerdictRates> verdicts;
  std::vector<CheckRates> checks;
  // The rest is there from `least_ads` on where both decisions occur.
  std::string model;  ///< isotonic, logistic: whichever predicted held-out ads better
  std::optional<double> approve_from;
  std::optional<double> unbounded_approve_from;  ///< where cost is least, however far
  std::optional<double> flag_from;
  std::vector<double> weights;
  std::optional<double> old_cost;  ///< an ad, on held-out folds
  std::optional<double> new_cost;
  std::optional<double> difference;         ///< new less old
  std::optional<stats::Interval> interval;  ///< 5th and 90th percentile: of the bootstrap
};

/// Finds the pass threshold and the weights of least expected cost for the people's decisions, each
/// ad counted 1 / probability, and whether they are surely better than those of now: everything is
/// fitted on four fifths of the ads and its cost taken on the rest, and the 90 % upper bound of the
/// bootstrap of (new cost - old cost) lies below 0. The order of `ads` does not matter.
Calibration calibrate(const CalibrationSettings& settings, std::vector<JudgedAd> ads,
                      std::uint64_t seed);

/// The score of an ad: the mean of its assessed checks by weight; nothing where none is.
std::optional<double> score_of(const JudgedAd& ad, std::span<const double> weights);

}  // namespace adgenome::learning
