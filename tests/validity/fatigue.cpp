#include <adgenome/learning/fatigue.hpp>

#include "validity.hpp"

namespace adgenome::validity {
namespace {

/// Ads that do not tire: each has its own rate, every week its own weather, and what is left varies
/// more than chance alone.
std::vector<learning::FatigueSeries> make_account(World& world, int ads, int weeks) {
  std::vector<double> weather;
  std::vector<double> prices;
  for (int week = 0; week < weeks; ++week) {
    weather.push_back(world.normal(0.15));
    prices.push_back(world.normal(0.1));
  }
  std::vector<learning::FatigueSeries> account;
  for (int ad = 0; ad < ads; ++ad) {
    learning::FatigueSeries series;
    const double rate = std::log(0.012) + world.normal(0.4);
    const double size = std::log(12'000.0) + world.normal(0.9);
    const int first = world.below(weeks - 4);
    for (int week = first; week < weeks; ++week) {
      const auto at = static_cast<std::size_t>(week);
      learning::FatigueWeek each;
      each.week = week;
      each.impressions = static_cast<std::int64_t>(std::exp(size + world.normal(0.4)));
      each.clicks =
          world.binomial(each.impressions, std::exp(rate + weather[at] + world.normal(0.1)));
      each.spend_micros = static_cast<std::int64_t>(static_cast<double>(each.impressions) * 7500 *
                                                    std::exp(prices[at] + world.normal(0.1)));
      series.weeks.push_back(each);
    }
    account.push_back(std::move(series));
  }
  return account;
}

/// Share of the ads that are warned of in the last week.
double warned(const std::vector<learning::FatigueSeries>& account, int week, bool is_classic) {
  double count = 0;
  const auto verdicts = learning::judge_fatigue(
      account, {.is_classic = is_classic, .current_week = week, .last_day = core::Day{}});
  for (const auto& verdict : verdicts) count += verdict.level != learning::FatigueLevel::kHealthy;
  return count / static_cast<double>(account.size());
}

}  // namespace

std::vector<Study> fatigue(const Effort& effort) {
  std::vector<Study> studies;
  for (const int ads : {5, 20, 100}) {
    Study study{.what = "ads warned of by `fatigue` in a week",
                .world = "accounts of " + std::to_string(ads) + " ads, none of which tires",
                .limit = 0.01};
    const int worlds = effort.worlds(40'000 / ads);
    for (int number = 0; number < worlds; ++number) {
      World world("fatigue/" + std::to_string(ads), number);
      const int weeks = 6 + world.below(8);
      const auto account = make_account(world, ads, weeks);
      study.classic += warned(account, weeks - 1, true) / worlds;
      study.robust += warned(account, weeks - 1, false) / worlds;
    }
    studies.push_back(std::move(study));
  }
  return studies;
}

}  // namespace adgenome::validity
