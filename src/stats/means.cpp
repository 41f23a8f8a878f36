#include <adgenome/stats/means.hpp>
#include <cmath>

namespace adgenome::stats {

Means compare_means(const Sample& control, const Sample& variant, double confidence) {
  const Moments c = moments(control);
  const Moments v = moments(variant);
  Means result;
  result.mean_control = c.mean;
  result.mean_variant = v.mean;
  result.difference = v.mean - c.mean;
  if (control.size < 2 || variant.size < 2) return result;
  const auto n_c = static_cast<double>(control.size);
  const auto n_v = static_cast<double>(variant.size);
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

}  // namespace adgenome::stats
