#include <adgenome/stats/rank_tests.hpp>
#include <cmath>

#include "compensated.hpp"
#include "pooled.hpp"

namespace adgenome::stats {
namespace {

/// Spread of placements around their mean: a value's placement is how many of the other arm are
/// below it, ties counting half.
struct Placements {
  CompensatedSum squares;

  void add(double placement, double mean, std::int64_t count) {
    const double deviation = placement - mean;
    squares.add(static_cast<double>(count) * deviation * deviation);
  }
};

}  // namespace

std::optional<BrunnerMunzel> brunner_munzel(const Sample& control, const Sample& variant) {
  if (control.size < 2 || variant.size < 2) return std::nullopt;
  const auto n_c = static_cast<double>(control.size);
  const auto n_v = static_cast<double>(variant.size);

  WideCount doubled_u = 0;  // of the variant
  std::int64_t control_below = 0;
  for_each_pooled_value(control, variant, [&](std::int64_t in_control, std::int64_t in_variant) {
    doubled_u += static_cast<WideCount>(in_variant) * (2 * control_below + in_control);
    control_below += in_control;
  });
  const WideCount pairs = static_cast<WideCount>(control.size) * variant.size;
  const double mean_v = static_cast<double>(doubled_u) / 2 / n_v;
  const double mean_c = static_cast<double>(2 * pairs - doubled_u) / 2 / n_c;

  Placements of_control;
  Placements of_variant;
  control_below = 0;
  std::int64_t variant_below = 0;
  for_each_pooled_value(control, variant, [&](std::int64_t in_control, std::int64_t in_variant) {
    if (in_variant > 0) {
      of_variant.add(static_cast<double>(2 * control_below + in_control) / 2, mean_v, in_variant);
    }
    if (in_control > 0) {
      of_control.add(static_cast<double>(2 * variant_below + in_variant) / 2, mean_c, in_control);
    }
    control_below += in_control;
    variant_below += in_variant;
  });
  // n s^2 of either arm, by the number of values of the other.
  const double spread_c = n_c * of_control.squares.value() / (n_c - 1);
  const double spread_v = n_v * of_variant.squares.value() / (n_v - 1);
  const double spread = spread_c + spread_v;

  BrunnerMunzel result;
  const auto away = static_cast<double>(doubled_u - pairs);  // 2 (u_variant - pairs / 2)
  result.direction = (away > 0) - (away < 0);
  if (spread == 0) {
    result.is_degenerate = true;
    result.p_value = away == 0 ? 1 : 0;
    return result;
  }
  // n_c n_v (mean rank of variant - mean rank of control) / (N sqrt(spread)); the difference of
  // the mean ranks is N / 2 times rank_biserial.
  result.statistic = away / 2 / std::sqrt(spread);
  const double share = spread_c / spread;
  result.df = 1 / (share * share / (n_c - 1) + (1 - share) * (1 - share) / (n_v - 1));
  result.p_value = student_t_two_sided(*result.statistic, *result.df);
  return result;
}

}  // namespace adgenome::stats
