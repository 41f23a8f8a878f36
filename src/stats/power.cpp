#include <adgenome/stats/distributions.hpp>
#include <adgenome/stats/power.hpp>
#include <algorithm>
#include <boost/math/distributions/non_central_t.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace adgenome::stats {
namespace {

/// Probabilities of 0 to n successes.
std::vector<double> binomial(std::int64_t n, double rate) {
  std::vector<double> p(static_cast<std::size_t>(n) + 1);
  const auto size = static_cast<double>(n);
  for (std::size_t k = 0; k < p.size(); ++k) {
    const auto hits = static_cast<double>(k);
    const double log_p = std::lgamma(size + 1) - std::lgamma(hits + 1) -
                         std::lgamma(size - hits + 1) + (hits > 0 ? hits * std::log(rate) : 0) +
                         (hits < size ? (size - hits) * std::log1p(-rate) : 0);
    p[k] = std::exp(log_p);
  }
  return p;
}

/// Whether the pooled z test of equal arms rejects.
bool rejects(double s_c, double s_v, double n, double critical) {
  const double pooled = (s_c + s_v) / (2 * n);
  const double variance = pooled * (1 - pooled) * 2 / n;
  const double difference = (s_v - s_c) / n;
  return variance > 0 && difference * difference > critical * critical * variance;
}

double enumerated_power(double control, double variant, std::int64_t n, double alpha) {
  const std::vector<double> c = binomial(n, control);
  std::vector<double> at_most = binomial(n, variant);
  for (std::size_t k = 1; k < at_most.size(); ++k) at_most[k] += at_most[k - 1];
  const double critical = -normal_quantile(alpha / 2);
  const auto size = static_cast<double>(n);
  // What is rejected lies outside of a band around s_v = s_c whose ends rise with s_c.
  std::int64_t low = 0;   // the least s_v in the band
  std::int64_t high = 0;  // the largest
  double power = 0;
  for (std::int64_t s_c = 0; s_c <= n; ++s_c) {
    const auto is_out = [&](std::int64_t s_v) {
      return rejects(static_cast<double>(s_c), static_cast<double>(s_v), size, critical);
    };
    while (low < s_c && is_out(low)) ++low;
    high = std::max(high, s_c);
    while (high < n && !is_out(high + 1)) ++high;
    const double below = low > 0 ? at_most[static_cast<std::size_t>(low - 1)] : 0;
    const double above = 1 - at_most[static_cast<std::size_t>(high)];
    power += c[static_cast<std::size_t>(s_c)] * (below + above);
  }
  return std::min(1.0, power);
}

/// Of a statistic that is normal with one variance where nothing differs and another where it does.
double normal_power(double difference, double null_error, double error, double alpha) {
  const double edge = -normal_quantile(alpha / 2) * null_error;
  return normal_sf((edge - difference) / error) + normal_sf((edge + difference) / error);
}

std::int64_t effective(const PowerQuestion& question, std::int64_t n) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(n) / question.inflation + 1e-9));
}

/// The largest effect that there can be.
double largest_effect(const PowerQuestion& question) {
  return question.test == PowerQuestion::Test::kMeans ? 1e6 : 1;
}

double no_effect(const PowerQuestion& question) {
  switch (question.test) {
    case PowerQuestion::Test::kRates:
      return question.baseline;
    case PowerQuestion::Test::kMeans:
      return 0;
    case PowerQuestion::Test::kRanks:
      break;
  }
  return 0.5;
}

}  // namespace

double power_of_rates(double control, double variant, std::int64_t n, double alpha) {
  if (n < 1) return 0;
  const bool is_inside = control > 0 && control < 1 && variant > 0 && variant < 1;
  if (n < kMostEnumerated && is_inside) return enumerated_power(control, variant, n, alpha);
  const auto size = static_cast<double>(n);
  const double pooled = (control + variant) / 2;
  const double error = std::sqrt((control * (1 - control) + variant * (1 - variant)) / size);
  if (!(error > 0)) return control == variant ? 0 : 1;
  return normal_power(variant - control, std::sqrt(2 * pooled * (1 - pooled) / size), error, alpha);
}

double power_of_means(double effect, std::int64_t n, double alpha) {
  if (n < 2) return 0;
  const double df = 2 * static_cast<double>(n) - 2;
  const double away = std::abs(effect) * std::sqrt(static_cast<double>(n) / 2);
  const double critical = -student_t_quantile(alpha / 2, df);
  // Far out the noncentral t is a normal, and the series for it is slow.
  if (df > 1e5 || away > 30) return normal_power(away, 1, 1, alpha);
  const boost::math::non_central_t law(df, away);
  return boost::math::cdf(boost::math::complement(law, critical)) +
         boost::math::cdf(law, -critical);
}

double power_of_ranks(double effect, std::int64_t n, double alpha) {
  if (n < 1) return 0;
  // 1 / (12 c (1 - c) N) with c = 1/2 and N = 2 n.
  const double error = std::sqrt(1 / (6 * static_cast<double>(n)));
  return normal_sf(-normal_quantile(alpha / 2) - std::abs(effect - 0.5) / error);
}

double power_at(const PowerQuestion& question, double effect, std::int64_t n) {
  const std::int64_t units = effective(question, n);
  switch (question.test) {
    case PowerQuestion::Test::kRates:
      return power_of_rates(question.baseline, effect, units, question.alpha);
    case PowerQuestion::Test::kMeans:
      return power_of_means(effect, units, question.alpha);
    case PowerQuestion::Test::kRanks:
      break;
  }
  return power_of_ranks(effect, units, question.alpha);
}

std::optional<std::int64_t> size_for(const PowerQuestion& question, double effect, double power) {
  if (effect == no_effect(question)) return std::nullopt;
  const auto suffices = [&](std::int64_t n) { return power_at(question, effect, n) >= power; };
  std::int64_t high = 2;
  while (!suffices(high)) {
    if (high > kMostPlanned) return std::nullopt;
    high *= 2;
  }
  std::int64_t low = high / 2;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (suffices(middle) ? high : low) = middle;
  }
  // Counted outcomes make the power a saw: look for its last tooth below what is asked for.
  if (question.test == PowerQuestion::Test::kRates && effective(question, high) < kMostEnumerated) {
    constexpr std::int64_t kTeeth = 60;
    const auto step = std::max<std::int64_t>(1, std::llround(question.inflation));
    const std::int64_t from = high;
    for (std::int64_t n = from; n <= from + kTeeth * step; n += step) {
      if (!suffices(n)) high = n + step;
    }
    while (high > from && suffices(high - 1)) --high;
  }
  return high;
}

std::optional<double> effect_for(const PowerQuestion& question, std::int64_t n, double power) {
  double low = no_effect(question);
  double high = largest_effect(question);
  if (power_at(question, high, n) < power) return std::nullopt;
  for (int step = 0; step < 100 && high - low > 1e-15 * high; ++step) {
    const double middle = low + (high - low) / 2;
    (power_at(question, middle, n) < power ? low : high) = middle;
  }
  return high;
}

double size_for_ratio(double relative, double unit_variance, double alpha, double power) {
  const double needed =
      (-normal_quantile(alpha / 2) + normal_quantile(power)) / std::log1p(relative);
  return 2 * unit_variance * needed * needed;
}

double dunnett_level(double alpha, std::int64_t comparisons) {
  // P(all |Z_i - Z_0| <= c sqrt 2) is an integral over Z_0 (Dunnett 1955), by the trapezoidal rule,
  // which is exact to rounding for such a bell.
  const auto all_inside = [&](double critical) {
    constexpr double kReach = 9;
    constexpr int kSteps = 360;
    const double edge = critical * std::numbers::sqrt2;
    double sum = 0;
    for (int i = -kSteps; i <= kSteps; ++i) {
      const double u = kReach * i / kSteps;
      const double inside = normal_cdf(edge - u) - normal_cdf(-edge - u);
      sum += std::exp(-0.5 * u * u) * std::pow(inside, static_cast<double>(comparisons));
    }
    return sum * kReach / kSteps / std::sqrt(2 * std::numbers::pi);
  };
  double low = 0;
  double high = 12;
  for (int step = 0; step < 80; ++step) {
    const double middle = (low + high) / 2;
    (1 - all_inside(middle) > alpha ? low : high) = middle;
  }
  return normal_two_sided(high);
}

}  // namespace adgenome::stats
