#include <adgenome/stats/agreement.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace adgenome::stats {

std::optional<Kappa> cohen_kappa(const Judgements& judgements, double confidence) {
  const double total = judgements.total();
  if (total <= 0) return std::nullopt;
  const std::array<std::array<double, 2>, 2> share{
      {{judgements.both_yes / total, judgements.only_first / total},
       {judgements.only_second / total, judgements.both_no / total}}};
  const std::array<double, 2> first{share[0][0] + share[0][1], share[1][0] + share[1][1]};
  const std::array<double, 2> second{share[0][0] + share[1][0], share[0][1] + share[1][1]};
  const double observed = share[0][0] + share[1][1];
  const double chance = first[0] * second[0] + first[1] * second[1];
  if (chance >= 1) return std::nullopt;
  Kappa result;
  result.kappa = (observed - chance) / (1 - chance);
  double sum = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const double term = i == j ? (1 - chance) - (second[i] + first[i]) * (1 - observed)
                                 : (second[i] + first[j]) * (1 - observed);
      sum += share[i][j] * term * term;
    }
  }
  const double centre = observed * chance - 2 * chance + observed;
  const double variance = std::max(0.0, sum - centre * centre) / total / std::pow(1 - chance, 4);
  result.standard_error = std::sqrt(variance);
  const double reach = normal_quantile((1 + confidence) / 2) * result.standard_error;
  result.interval = {std::max(-1.0, result.kappa - reach), std::min(1.0, result.kappa + reach)};
  return result;
}

}  // namespace adgenome::stats
