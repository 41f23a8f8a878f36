#include <adgenome/stats/means.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::stats {
namespace {

struct ArmMoments {
  std::int64_t size = 0;
  double mean = 0;
  double variance = 0;
};

Means welch(const ArmMoments& c, const ArmMoments& v, double confidence) {
  Means result;
  result.mean_control = c.mean;
  result.mean_variant = v.mean;
  result.difference = v.mean - c.mean;
  if (c.size < 2 || v.size < 2) return result;
  const auto n_c = static_cast<double>(c.size);
  const auto n_v = static_cast<double>(v.size);
  const double error_c = c.variance / n_c;
  const double error_v = v.variance / n_v;
  const double error = error_c + error_v;
  if (error == 0) {
    if (result.difference == 0) result.p_value = 1;
    return result;
  }
  const double deviation = std::sqrt(error);
  const double share = error_c / error;
  result.t = result.difference / deviation;
  result.df = 1 / (share * share / (n_c - 1) + (1 - share) * (1 - share) / (n_v - 1));
  result.p_value = student_t_two_sided(*result.t, *result.df);
  const double half = -student_t_quantile((1 - confidence) / 2, *result.df) * deviation;
  result.difference_interval = {.lower = result.difference - half,
                                .upper = result.difference + half};
  return result;
}

ArmMoments of(const Sample& sample) {
  const Moments found = moments(sample);
  return {.size = sample.size, .mean = found.mean, .variance = found.variance};
}

}  // namespace

Means compare_means(const Sample& control, const Sample& variant, double confidence) {
  return welch(of(control), of(variant), confidence);
}

void PairedMoments::add(double value, double covariate, std::int64_t count) {
  if (count == 0) return;
  const auto before = static_cast<double>(size);
  const auto more = static_cast<double>(count);
  size += count;
  const auto after = static_cast<double>(size);
  const double away = value - mean;
  const double away_covariate = covariate - mean_covariate;
  const double factor = before * more / after;
  squares += away * away * factor;
  products += away * away_covariate * factor;
  squares_covariate += away_covariate * away_covariate * factor;
  mean += away * more / after;
  mean_covariate += away_covariate * more / after;
}

Means compare_adjusted_means(const PairedMoments& control, const PairedMoments& variant,
                             double confidence) {
  const double spread = control.squares_covariate + variant.squares_covariate;
  const double theta = spread > 0 ? (control.products + variant.products) / spread : 0;
  const auto n_c = static_cast<double>(control.size);
  const auto n_v = static_cast<double>(variant.size);
  const double centre = (n_c * control.mean_covariate + n_v * variant.mean_covariate) / (n_c + n_v);
  const auto adjusted = [&](const PairedMoments& arm) {
    const double left =
        arm.squares - 2 * theta * arm.products + theta * theta * arm.squares_covariate;
    return ArmMoments{
        .size = arm.size,
        .mean = arm.mean - theta * (arm.mean_covariate - centre),
        .variance = arm.size > 1 ? std::max(0.0, left) / static_cast<double>(arm.size - 1) : 0};
  };
  return welch(adjusted(control), adjusted(variant), confidence);
}

}  // namespace adgenome::stats
