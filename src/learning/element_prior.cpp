#include <adgenome/learning/element_prior.hpp>
#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <vector>

namespace adgenome::learning {
namespace {

constexpr std::size_t kFewestValues = 5;
constexpr double kGreatestStrength = 1000;
constexpr double kClassicTrust = 0.3;  // as for weights

double log_beta(double a, double b) {
  return boost::math::lgamma(a) + boost::math::lgamma(b) - boost::math::lgamma(a + b);
}

double log_likelihood(std::span<const Trials> values, double a, double b) {
  double sum = 0;
  for (const Trials& each : values) {
    sum += log_beta(a + each.successes, b + each.trials - each.successes) - log_beta(a, b);
  }
  return sum;
}

/// First and second derivatives by ln a and ln b.
struct Slopes {
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
};

Slopes slopes_at(std::span<const Trials> values, double a, double b) {
  using boost::math::digamma;
  using boost::math::trigamma;
  double ga = 0, gb = 0, haa = 0, hbb = 0, hab = 0;
  for (const Trials& each : values) {
    const double failures = each.trials - each.successes;
    const double both = digamma(a + b) - digamma(a + b + each.trials);
    const double both_slope = trigamma(a + b) - trigamma(a + b + each.trials);
    ga += digamma(a + each.successes) - digamma(a) + both;
    gb += digamma(b + failures) - digamma(b) + both;
    haa += trigamma(a + each.successes) - trigamma(a) + both_slope;
    hbb += trigamma(b + failures) - trigamma(b) + both_slope;
    hab += both_slope;
  }
  return {.a = a * ga,
          .b = b * gb,
          .aa = a * a * haa + a * ga,
          .bb = b * b * hbb + b * gb,
          .ab = a * b * hab};
}

}  // namespace

std::optional<BetaPrior> fit_beta_binomial(std::span<const Trials> given) {
  std::vector<Trials> values;
  Trials total;
  for (const Trials& each : given) {
    if (!(each.trials > 0)) continue;
    values.push_back(each);
    total.successes += each.successes;
    total.trials += each.trials;
  }
  if (values.size() < kFewestValues) return std::nullopt;
  const double mean = std::clamp(total.successes / total.trials, 1e-6, 1 - 1e-6);
  // Newton's steps in logarithms, shortened until the likelihood rises; along the gradient where
  // it is not curved downward.
  double log_a = std::log(10 * mean);
  double log_b = std::log(10 * (1 - mean));
  double likelihood = log_likelihood(values, std::exp(log_a), std::exp(log_b));
  for (int step = 0; step < 200; ++step) {
    const Slopes at = slopes_at(values, std::exp(log_a), std::exp(log_b));
    const double determinant = at.aa * at.bb - at.ab * at.ab;
    double move_a = at.a;
    double move_b = at.b;
    if (at.aa < 0 && determinant > 0) {
      move_a = (at.ab * at.b - at.bb * at.a) / determinant;
      move_b = (at.ab * at.a - at.aa * at.b) / determinant;
    }
    const double length = std::hypot(move_a, move_b);
    double scale = length > 2 ? 2 / length : 1;
    bool has_risen = false;
    for (int half = 0; half < 40 && !has_risen; ++half, scale /= 2) {
      const double next = log_likelihood(values, std::exp(log_a + scale * move_a),
                                         std::exp(log_b + scale * move_b));
      if (!(next >= likelihood)) continue;
      has_risen = next > likelihood;
      log_a += scale * move_a;
      log_b += scale * move_b;
      likelihood = next;
      break;
    }
    const double strength = std::exp(log_a) + std::exp(log_b);
    if (strength > kGreatestStrength) {
      return BetaPrior{kGreatestStrength * mean, kGreatestStrength * (1 - mean)};
    }
    if (!has_risen || length < 1e-11) break;
  }
  return BetaPrior{std::exp(log_a), std::exp(log_b)};
}

ElementTrials trials_of(std::span<const ElementScore> scores) {
  ElementTrials trials;
  for (const ElementScore& score : scores) {
    if (!score.element.scope.empty()) continue;
    trials[{score.element.dimension, score.element.value}] = {score.alpha - 1,
                                                              score.effective_observations()};
  }
  return trials;
}

ElementPriors::ElementPriors(std::span<const ElementScore> own, std::span<const LentElements> lent,
                             Rules rules)
    : rules_(rules) {
  std::map<std::pair<std::string, std::string>, double> observations;
  for (const LentElements& lender : lent) {
    for (const auto& [element, score] : lender.scores) {
      const double count = static_cast<double>(score.observations);
      const double weight = rules == Rules::kClassic ? count : 1;
      Trials& sum = lent_[element];
      sum.successes += weight * (score.alpha - 1);
      sum.trials += weight * score.effective_observations();
      observations[element] += count;
    }
  }
  if (rules == Rules::kClassic) {
    for (auto& [element, sum] : lent_) {
      if (!(observations[element] > 0)) continue;
      sum.successes /= observations[element];
      sum.trials /= observations[element];
    }
    return;
  }
  const auto fit_each = [&](const ElementTrials& elements, bool is_own) {
    std::map<std::string, std::vector<Trials>> dimensions;
    for (const auto& [element, trials] : elements) dimensions[element.first].push_back(trials);
    for (const auto& [dimension, values] : dimensions) {
      if (by_dimension_.contains(dimension)) continue;
      if (const auto prior = fit_beta_binomial(values)) by_dimension_[dimension] = {*prior, is_own};
    }
  };
  fit_each(trials_of(own), true);
  fit_each(lent_, false);
}

std::optional<BetaPrior> ElementPriors::of(const std::string& dimension,
                                           const std::string& value) const {
  const auto lent = lent_.find({dimension, value});
  if (rules_ == Rules::kClassic) {
    if (lent == lent_.end()) return std::nullopt;
    const Trials& mean = lent->second;
    return BetaPrior{1 + kClassicTrust * mean.successes,
                     1 + kClassicTrust * (mean.trials - mean.successes)};
  }
  const auto fitted = by_dimension_.find(dimension);
  if (fitted == by_dimension_.end()) return std::nullopt;
  const BetaPrior& of_dimension = fitted->second.prior;
  if (lent == lent_.end()) return of_dimension;
  const double strength = of_dimension.strength();
  const double mean =
      (of_dimension.alpha + lent->second.successes) / (strength + lent->second.trials);
  return BetaPrior{strength * mean, strength * (1 - mean)};
}

std::string ElementPriors::source(const std::string& dimension) const {
  if (rules_ == Rules::kClassic) return "organization";
  const auto fitted = by_dimension_.find(dimension);
  if (fitted == by_dimension_.end()) return "";
  return fitted->second.is_own ? "brand" : "organization";
}

}  // namespace adgenome::learning
