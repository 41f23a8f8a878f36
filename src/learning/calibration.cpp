#include <adgenome/learning/calibration.hpp>
#include <adgenome/stats/binary_fit.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "calibration_rates.hpp"

namespace adgenome::learning {
namespace {

constexpr double kScoreRidge = 0.1;   // keeps the slope finite where the score parts the ads
constexpr double kWeightRidge = 10;   // of standardised checks: little data moves little
constexpr double kLeastWeight = 0.1;  // no check is dropped
constexpr double kStep = 0.01;        // of thresholds

enum class Model { kIsotonic, kLogistic };

/// One choice of everything that is fitted: how scores are made and where they pass.
struct Rule {
  Model model = Model::kLogistic;
  bool moves_weights = false;
};

struct Fitted {
  std::vector<double> weights;
  double threshold = 0;            ///< within the bounds
  double unbounded_threshold = 0;  ///< where cost is least
  stats::IsotonicFit isotonic;
  stats::LogisticFit logistic;

  double approval_at(Model model, double score) const {
    return model == Model::kIsotonic ? isotonic.at(score) : logistic.at({&score, 1});
  }
};

/// The judged ads that the score decides on.
class Evidence {
 public:
  Evidence(const CalibrationSettings& settings, std::vector<JudgedAd> ads)
      : settings_(settings), ads_(std::move(ads)) {}

  std::size_t size() const { return ads_.size(); }
  const JudgedAd& ad(std::size_t i) const { return ads_[i]; }

  static double weight_of(const JudgedAd& ad) { return 1 / ad.probability; }

  double cost(const JudgedAd& ad, bool passes) const {
    if (passes == ad.is_approved) return 0;
    return passes ? settings_.false_approval_cost : settings_.false_rejection_cost;
  }

  /// Nothing where the ads do not tell good from bad.
  std::optional<Fitted> fit(const std::vector<std::size_t>& chosen, Rule rule) const {
    Fitted fitted;
    fitted.weights = settings_.weights;
    if (rule.moves_weights) {
      auto moved = moved_weights(chosen);
      if (!moved) return std::nullopt;
      fitted.weights = std::move(*moved);
    }
    std::vector<double> scores;
    std::vector<stats::BinaryCase> cases;
    for (const std::size_t i : chosen) {
      scores.push_back(*score_of(ads_[i], fitted.weights));
      cases.push_back({ads_[i].is_approved, weight_of(ads_[i])});
    }
    normalise(cases);
    fitted.isotonic = stats::isotonic_fit(scores, cases);
    const auto logistic = stats::logistic_fit(scores, 1, cases, {}, kScoreRidge);
    if (!logistic || logistic->coefficients[0] <= 0) return std::nullopt;
    fitted.logistic = *logistic;
    set_threshold(fitted, rule.model);
    return fitted;
  }

 private:
  // Weights of the mean 1, so that a ridge means the same whatever the probabilities are.
  static void normalise(std::vector<stats::BinaryCase>& cases) {
    double sum = 0;
    for (const auto& each : cases) sum += each.weight;
    for (auto& each : cases) each.weight *= static_cast<double>(cases.size()) / sum;
  }

  // An ad passes where (1 - p) * false approval <= p * false rejection: with a fit that does not
  // fall this is one threshold, whatever the distribution of scores.
  void set_threshold(Fitted& fitted, Model model) const {
    const double bar = settings_.false_approval_cost /
                       (settings_.false_approval_cost + settings_.false_rejection_cost);
    double threshold = 10;
    for (int step = 0; step * kStep <= 10; ++step) {
      if (fitted.approval_at(model, step * kStep) >= bar) {
        threshold = step * kStep;
        break;
      }
    }
    fitted.unbounded_threshold = threshold;
    fitted.threshold =
        std::clamp(threshold, std::max(0.0, settings_.approve_from - settings_.most_threshold_move),
                   std::min(10.0, settings_.approve_from + settings_.most_threshold_move));
  }

  struct Standard {
    double mean = 0;
    double deviation = 0;
  };

  Standard standard_of(const std::vector<std::size_t>& chosen, std::size_t check) const {
    double n = 0;
    double sum = 0;
    double squares = 0;
    std::size_t scored = 0;
    for (const std::size_t i : chosen) {
      const auto& score = ads_[i].checks[check];
      if (!score) continue;
      ++scored;
      n += weight_of(ads_[i]);
      sum += weight_of(ads_[i]) * *score;
      squares += weight_of(ads_[i]) * *score * *score;
    }
    if (2 * scored < chosen.size() || n == 0) return {};  // too rarely assessed to learn from
    const double mean = sum / n;
    return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean))};
  }

  // How much each check separates what people approve from what they reject, beyond what the score
  // of now says already: log-odds = a + b * score + sum(delta * standardised check), delta with a
  // ridge. The score is the mean of the checks by weight, so that b * weight / total + delta /
  // deviation is what a point of the check is worth, and the weight that says so follows.
  std::optional<std::vector<double>> moved_weights(const std::vector<std::size_t>& chosen) const {
    const std::size_t columns = settings_.weights.size();
    std::vector<Standard> standards;
    for (std::size_t check = 0; check < columns; ++check) {
      standards.push_back(standard_of(chosen, check));
    }
    std::vector<double> scores;
    std::vector<double> rows;
    std::vector<stats::BinaryCase> cases;
    for (const std::size_t i : chosen) {
      const JudgedAd& ad = ads_[i];
      scores.push_back(*score_of(ad, settings_.weights));
      cases.push_back({ad.is_approved, weight_of(ad)});
      for (std::size_t check = 0; check < columns; ++check) {
        const Standard& standard = standards[check];
        const bool counts = ad.checks[check] && standard.deviation > 0.1;
        rows.push_back(counts ? (*ad.checks[check] - standard.mean) / standard.deviation : 0);
      }
    }
    normalise(cases);
    const auto base = stats::logistic_fit(scores, 1, cases, {}, kScoreRidge);
    if (!base || base->coefficients[0] <= 0) return std::nullopt;
    std::vector<double> offsets;
    for (const double score : scores) offsets.push_back(base->log_odds({&score, 1}));
    const auto beyond = stats::logistic_fit(rows, columns, cases, offsets, kWeightRidge);
    if (!beyond) return std::nullopt;
    const double total = std::accumulate(settings_.weights.begin(), settings_.weights.end(), 0.0);
    std::vector<double> weights = settings_.weights;
    for (std::size_t check = 0; check < columns; ++check) {
      if (!(standards[check].deviation > 0.1)) continue;
      const double move =
          beyond->coefficients[check] / standards[check].deviation * total / base->coefficients[0];
      weights[check] = std::max(std::min(kLeastWeight, weights[check]),
                                weights[check] + std::clamp(move, -settings_.most_weight_move,
                                                            settings_.most_weight_move));
    }
    return weights;
  }

  const CalibrationSettings& settings_;
  std::vector<JudgedAd> ads_;
};

/// What a rule costs on ads that it was not fitted on.
struct HeldOut {
  std::vector<double> old_costs;  ///< by ad
  std::vector<double> new_costs;
  std::vector<double> weights;
  double brier = 0;  ///< squared error of the probability of approval

  double mean(const std::vector<double>& costs) const {
    double sum = 0;
    double total = 0;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      sum += weights[i] * costs[i];
      total += weights[i];
    }
    return sum / total;
  }
};

std::vector<std::size_t> shuffled(std::size_t count, core::RandomStream random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.next_below(i)]);
  return order;
}

std::optional<HeldOut> held_out(const Evidence& evidence, const CalibrationSettings& settings,
                                const std::vector<std::size_t>& order, Rule rule) {
  HeldOut result;
  const auto folds = static_cast<std::size_t>(settings.folds);
  double weight_sum = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i % folds != fold) rest.push_back(order[i]);
    }
    std::sort(rest.begin(), rest.end());
    const auto fitted = evidence.fit(rest, rule);
    if (!fitted) return std::nullopt;
    for (std::size_t i = fold; i < order.size(); i += folds) {
      const JudgedAd& ad = evidence.ad(order[i]);
      const double score = *score_of(ad, fitted->weights);
      const double weight = Evidence::weight_of(ad);
      result.old_costs.push_back(
          evidence.cost(ad, *score_of(ad, settings.weights) >= settings.approve_from));
      result.new_costs.push_back(evidence.cost(ad, score >= fitted->threshold));
      result.weights.push_back(weight);
      const double error = fitted->approval_at(rule.model, score) - (ad.is_approved ? 1 : 0);
      result.brier += weight * error * error;
      weight_sum += weight;
    }
  }
  result.brier /= weight_sum;
  return result;
}

// The 5th and 90th percentile of the difference of mean costs over ads drawn with replacement.
stats::Interval bootstrap(const HeldOut& costs, std::int64_t draws, core::RandomStream random) {
  const std::size_t count = costs.weights.size();
  std::vector<double> differences;
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    double sum = 0;
    double total = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = random.next_below(count);
      sum += costs.weights[i] * (costs.new_costs[i] - costs.old_costs[i]);
      total += costs.weights[i];
    }
    differences.push_back(sum / total);
  }
  std::sort(differences.begin(), differences.end());
  const auto at = [&](double share) {
    return differences[static_cast<std::size_t>(share * static_cast<double>(draws - 1))];
  };
  return {at(0.05), at(0.90)};
}

struct Candidate {
  Rule rule;
  HeldOut held_out;
};

/// The rule that does best on held-out ads: the model by its Brier score, then the weights only
/// where they lower the cost.
std::optional<Candidate> best_rule(const Evidence& evidence, const CalibrationSettings& settings,
                                   const std::vector<std::size_t>& order) {
  std::optional<Candidate> best;
  for (const Model model : {Model::kLogistic, Model::kIsotonic}) {
    const Rule rule{model, false};
    auto tried = held_out(evidence, settings, order, rule);
    if (tried && (!best || tried->brier < best->held_out.brier)) best = {rule, std::move(*tried)};
  }
  if (!best) return std::nullopt;
  const Rule rule{best->rule.model, true};
  auto tried = held_out(evidence, settings, order, rule);
  if (tried && tried->mean(tried->new_costs) < best->held_out.mean(best->held_out.new_costs)) {
    best = {rule, std::move(*tried)};
  }
  return best;
}

double rounded(double value, double step) {
  return std::round(value / step) * step;
}

void fill(Calibration& result, const CalibrationSettings& settings, const Fitted& fitted,
          const Candidate& best) {
  const double shift = rounded(fitted.threshold, kStep) - settings.approve_from;
  result.model = best.rule.model == Model::kIsotonic ? "isotonic" : "logistic";
  result.approve_from = settings.approve_from + shift;
  result.unbounded_approve_from = fitted.unbounded_threshold;
  result.flag_from = std::clamp(settings.flag_from + shift, 0.0, 10.0);
  for (std::size_t i = 0; i < fitted.weights.size(); ++i) {
    result.weights.push_back(rounded(fitted.weights[i], 0.001));
    result.checks[i].new_weight = result.weights.back();
  }
  result.old_cost = best.held_out.mean(best.held_out.old_costs);
  result.new_cost = best.held_out.mean(best.held_out.new_costs);
  result.difference = *result.new_cost - *result.old_cost;
}

}  // namespace

std::string_view to_string(CalibrationOutcome outcome) {
  switch (outcome) {
    case CalibrationOutcome::kNoImprovement:
      return "no_improvement";
    case CalibrationOutcome::kProposal:
      return "proposal";
    case CalibrationOutcome::kInsufficientEvidence:
      break;
  }
  return "insufficient_evidence";
}

std::optional<double> score_of(const JudgedAd& ad, std::span<const double> weights) {
  double sum = 0;
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!ad.checks[i]) continue;
    sum += weights[i] * *ad.checks[i];
    total += weights[i];
  }
  return total > 0 ? std::optional(sum / total) : std::nullopt;
}

Calibration calibrate(const CalibrationSettings& settings, std::vector<JudgedAd> ads,
                      std::uint64_t seed) {
  std::sort(ads.begin(), ads.end(),
            [](const JudgedAd& a, const JudgedAd& b) { return a.ad_id < b.ad_id; });
  Calibration result;
  result.ads = static_cast<std::int64_t>(ads.size());
  result.verdicts = verdict_rates(ads);
  result.checks = check_rates(settings, ads);
  std::erase_if(
      ads, [&](const JudgedAd& ad) { return !ad.is_by_score || !score_of(ad, settings.weights); });
  result.by_score = static_cast<std::int64_t>(ads.size());
  const auto approved =
      std::count_if(ads.begin(), ads.end(), [](const JudgedAd& ad) { return ad.is_approved; });
  if (result.ads < settings.least_ads || result.by_score < settings.least_ads) {
    result.reason = std::to_string(std::min(result.ads, result.by_score)) +
                    " judged ads that the score decides on, " + std::to_string(settings.least_ads) +
                    " are needed";
    return result;
  }
  if (approved == 0 || approved == result.by_score) {
    result.reason = "people decided alike on all of them";
    return result;
  }
  const Evidence evidence(settings, std::move(ads));
  const auto order = shuffled(evidence.size(), {seed, "calibration folds"});
  const auto best = best_rule(evidence, settings, order);
  std::vector<std::size_t> all(evidence.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto fitted = best ? evidence.fit(all, best->rule) : std::nullopt;
  if (!fitted) {
    result.outcome = CalibrationOutcome::kNoImprovement;
    result.reason = "the score does not tell what people approve from what they reject";
    return result;
  }
  fill(result, settings, *fitted, *best);
  result.interval =
      bootstrap(best->held_out, settings.bootstrap_draws, {seed, "calibration bootstrap"});
  const bool is_better = result.interval->upper < 0;
  result.outcome = is_better ? CalibrationOutcome::kProposal : CalibrationOutcome::kNoImprovement;
  result.reason = is_better ? "costs less on held-out ads"
                            : "not surely better: the upper bound of the difference of cost is "
                              "not below 0";
  return result;
}

}  // namespace adgenome::learning
