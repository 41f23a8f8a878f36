#include <adgenome/stats/stratified.hpp>
#include <cmath>

namespace adgenome::stats {
namespace {

/// The expected successes of the group where the odds ratio is `ratio` and the margins are given:
/// the root of (ratio - 1) e^2 - b e + ratio n1 y = 0 between the limits, without cancellation.
double expected_successes(const TwoByTwo& table, double ratio) {
  const double n1 = table.group();
  const double y = table.all_successes();
  const double b = ratio * (n1 + y) + table.rest() - y;
  const double root = std::sqrt(b * b - 4 * (ratio - 1) * ratio * n1 * y);
  if (b >= 0) return 2 * ratio * n1 * y / (b + root);
  return (b - root) / (2 * (ratio - 1));
}

/// Whether the tables agree in one odds ratio.
double tarone(std::span<const TwoByTwo> tables, double ratio) {
  double statistic = 0;
  double excess = 0;
  double variances = 0;
  for (const TwoByTwo& table : tables) {
    if (!is_informative(table)) continue;
    const double e = expected_successes(table, ratio);
    const double n1 = table.group();
    const double y = table.all_successes();
    const double variance = 1 / (1 / e + 1 / (n1 - e) + 1 / (y - e) + 1 / (table.rest() - y + e));
    const double difference = table.successes - e;
    statistic += difference * difference / variance;
    excess += difference;
    variances += variance;
  }
  return statistic - excess * excess / variances;
}

}  // namespace

bool is_informative(const TwoByTwo& table) {
  return table.group() > 0 && table.rest() > 0 && table.all_successes() > 0 &&
         table.failures + table.rest_failures > 0;
}

std::optional<LogOddsRatio> woolf(const TwoByTwo& t) {
  if (!(t.successes > 0 && t.failures > 0 && t.rest_successes > 0 && t.rest_failures > 0)) {
    return std::nullopt;
  }
  return LogOddsRatio{.value = std::log(t.successes) + std::log(t.rest_failures) -
                               std::log(t.failures) - std::log(t.rest_successes),
                      .standard_error = std::sqrt(1 / t.successes + 1 / t.failures +
                                                  1 / t.rest_successes + 1 / t.rest_failures)};
}

std::optional<double> odds_ratio(const TwoByTwo& t) {
  if (!(t.failures > 0 && t.rest_successes > 0)) return std::nullopt;
  return t.successes / t.failures * (t.rest_failures / t.rest_successes);
}

OddsShares odds_shares(const TwoByTwo& table) {
  const double total = table.total();
  if (!(total > 0)) return {};
  return {.r = table.successes * table.rest_failures / total,
          .s = table.failures * table.rest_successes / total};
}

MantelHaenszel mantel_haenszel(std::span<const TwoByTwo> tables) {
  MantelHaenszel result;
  double r = 0;
  double s = 0;
  double pr = 0;
  double ps_qr = 0;
  double qs = 0;
  double excess = 0;
  double variance = 0;
  for (const TwoByTwo& table : tables) {
    if (!is_informative(table)) continue;
    ++result.strata;
    const double total = table.total();
    const double y = table.all_successes();
    const double p = (table.successes + table.rest_failures) / total;
    const double q = (table.failures + table.rest_successes) / total;
    const OddsShares shares = odds_shares(table);
    r += shares.r;
    s += shares.s;
    pr += p * shares.r;
    ps_qr += p * shares.s + q * shares.r;
    qs += q * shares.s;
    excess += table.successes - table.group() * y / total;
    variance += table.group() * table.rest() * y * (total - y) / (total * total * (total - 1));
  }
  if (variance > 0) {
    const double distance = std::abs(excess);
    const double corrected = distance >= 0.5 ? distance - 0.5 : distance;
    result.chi_squared = distance * distance / variance;
    result.p_value = chi_squared_sf(*result.chi_squared, 1);
    result.p_corrected = chi_squared_sf(corrected * corrected / variance, 1);
  }
  if (s > 0) result.odds_ratio = r / s;
  if (!(r > 0) || !(s > 0)) return result;
  result.log_odds_ratio = std::log(r) - std::log(s);
  result.standard_error = std::sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s));
  if (result.strata >= 2) {
    result.breslow_day = tarone(tables, r / s);
    result.breslow_day_p =
        chi_squared_sf(*result.breslow_day, static_cast<double>(result.strata - 1));
  }
  return result;
}

}  // namespace adgenome::stats
