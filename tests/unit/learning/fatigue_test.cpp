#include <adgenome/core/error.hpp>
#include <adgenome/learning/fatigue.hpp>
#include <algorithm>
#include <vector>

#include "../../support/reference.hpp"

using namespace adgenome;
using adgenome::test::reference;
using learning::FatigueLevel;
using learning::FatigueRule;
using learning::FatigueSeries;
using learning::FatigueVerdict;
using learning::FatigueWeek;

namespace {

FatigueWeek week_of(std::int64_t number, std::int64_t impressions, std::int64_t clicks,
                    std::int64_t spend_micros = 100'000'000) {
  FatigueWeek week;
  week.week = number;
  week.impressions = impressions;
  week.clicks = clicks;
  week.spend_micros = spend_micros;
  return week;
}

FatigueSeries series_of(std::vector<FatigueWeek> weeks) {
  FatigueSeries series;
  series.weeks = std::move(weeks);
  return series;
}

/// Twelve ads of seven weeks that do not change, each at its own rate.
std::vector<FatigueSeries> steady() {
  std::vector<FatigueSeries> all;
  for (int ad = 0; ad < 12; ++ad) {
    FatigueSeries series;
    for (int week = 0; week < 7; ++week) {
      series.weeks.push_back(week_of(week, 20'000, 200 + 20 * ad + (ad * 5 + week * 7) % 13));
    }
    all.push_back(std::move(series));
  }
  return all;
}

void check_shift(const learning::FatigueShift& found, const core::Json& expected) {
  CHECK_CLOSE(found.base, expected["base"], 1e-9, 0);
  CHECK_CLOSE(found.current, expected["current"], 1e-9, 0);
  CHECK_CLOSE(found.change, expected["change"], 1e-9, 1e-12);
  CHECK_CLOSE(*found.p, expected["p"], 1e-8, 1e-15);
  if (expected.contains("q")) CHECK_CLOSE(*found.q, expected["q"], 1e-8, 1e-15);
  if (expected.contains("z")) CHECK_CLOSE(*found.z, expected["z"], 1e-9, 1e-12);
}

}  // namespace

TEST_CASE("trends, overdispersion and decays are those of NumPy and statsmodels") {
  for (const auto expected_cases = reference("fatigue.json");
       const auto& each : expected_cases["cases"]) {
    std::vector<FatigueSeries> all;
    for (const auto& rows : each["series"]) {
      FatigueSeries& series = all.emplace_back();
      for (const auto& row : rows) {
        series.weeks.push_back(
            week_of(row["week"], row["impressions"], row["clicks"], row["spend_micros"]));
      }
    }
    learning::FatigueOptions options;
    options.current_week = each["last_week"];
    options.is_fitted = true;
    const auto robust = learning::judge_fatigue(all, options);
    options.is_classic = true;
    const auto classic = learning::judge_fatigue(all, options);
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK_CLOSE(*robust[i].tau2, each["tau2"], 1e-8, 1e-14);
      CHECK_CLOSE(*robust[i].cpm_tau2, each["cpm_tau2"], 1e-8, 1e-14);
      if (all.size() >= 3) CHECK_CLOSE(*robust[i].week_effect, each["week_effect"], 1e-9, 1e-12);
      check_shift(*robust[i].click_rate, each["ctr"][i]);
      check_shift(*robust[i].cpm, each["cpm"][i]);
      check_shift(*classic[i].click_rate, each["classic"][i]);
      const auto& decay = each["decay"][i];
      CHECK_CLOSE(robust[i].decay->k, decay["k"], 1e-7, 1e-15);
      CHECK_CLOSE(robust[i].decay->se, decay["se"], 1e-7, 0);
      CHECK_CLOSE(robust[i].decay->q, decay["q"], 1e-7, 1e-12);
    }
  }
}

TEST_CASE("an ad that tires is told from those that do not, by the bands of the page") {
  std::vector<FatigueSeries> all = steady();
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  for (const FatigueVerdict& verdict : learning::judge_fatigue(all, options)) {
    CHECK(verdict.level == FatigueLevel::kHealthy);
    CHECK(verdict.rules.empty());
    CHECK(verdict.decay_factor == 1);
  }
  const auto tire = [&](double left) {
    for (const std::size_t week : {5, 6}) {
      auto& clicks = all[3].weeks[week].clicks;
      clicks = static_cast<std::int64_t>(left * static_cast<double>(*clicks));
    }
    return learning::judge_fatigue(all, options)[3];
  };
  const FatigueVerdict moderate = tire(0.72);
  CHECK(moderate.level == FatigueLevel::kModerate);
  CHECK(moderate.rules[0].name == FatigueRule::Name::kClickRate);
  CHECK(moderate.rules[0].band == 0.2);
  const FatigueVerdict critical = tire(0.7);
  CHECK(critical.level == FatigueLevel::kCritical);
  CHECK(*critical.click_rate->q < 0.1);
}

TEST_CASE("an account's own thresholds decide of its ads") {
  std::vector<FatigueSeries> all = steady();
  for (const std::size_t week : {5, 6}) {
    auto& clicks = all[3].weeks[week].clicks;
    clicks = static_cast<std::int64_t>(0.72 * static_cast<double>(*clicks));
  }
  all[3].weeks[6].frequency = 2.5;
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  const auto judged = [&](const core::Json& settings) {
    all[3].thresholds = learning::fatigue_thresholds_from(settings);
    return learning::judge_fatigue(all, options)[3];
  };
  CHECK(judged(nullptr).level == FatigueLevel::kModerate);
  CHECK(judged({{"ctr_decline_moderate", 0.35}}).level == FatigueLevel::kHealthy);
  CHECK(judged({{"ctr_decline_critical", 0.25}}).level == FatigueLevel::kCritical);
  const FatigueVerdict strict = judged({{"q", 1e-9}});
  CHECK(strict.level == FatigueLevel::kHealthy);
  CHECK(strict.rules[0].state == FatigueRule::State::kUncertain);
  CHECK_CLOSE(*strict.rules[0].limit, 0.36e-9, 1e-12, 0);
  CHECK(judged({{"frequency_watch", 2}}).rules[1].level == FatigueLevel::kWatch);
  // The whole fall within one week, at a frequency under 4.
  all[3].weeks[5].clicks = steady()[3].weeks[5].clicks;
  const auto falls = [&](const core::Json& settings) {
    return std::ranges::count(judged(settings).rules, FatigueRule::Name::kWeekOverWeek,
                              &FatigueRule::name);
  };
  CHECK(falls(nullptr) == 0);
  CHECK(falls({{"week_over_week_frequency", 2}}) == 1);
  CHECK(falls({{"week_over_week_frequency", 2}, {"week_over_week_decline", 0.5}}) == 0);
  CHECK(learning::changed_thresholds({}).empty());
  CHECK(learning::changed_thresholds({.q = 0.05}) == core::Json{{"q", 0.05}});
}

TEST_CASE("thresholds that make no sense are refused by name") {
  const auto refused = [](const core::Json& settings) {
    try {
      learning::fatigue_thresholds_from(settings);
    } catch (const core::InvalidInput& error) {
      return error.where() + ": " + error.what();
    }
    return std::string();
  };
  CHECK(refused({{"frequency_watch", 13}}) ==
        "fatigue.frequency_watch: 13 is above fatigue.frequency_moderate, 5");
  CHECK(refused({{"cpm_increase_critical", 0.2}}).starts_with("fatigue.cpm_increase_moderate: "));
  CHECK(refused({{"ctr_decline_moderate", 20}}) ==
        "fatigue.ctr_decline_moderate: expected 0 to 1, found 20");
  CHECK(refused({{"q", "low"}}) == "fatigue.q: expected 0 to 1, found \"low\"");
  CHECK(refused({{"frequencies", 3}}).starts_with("fatigue.frequencies: fatigue has no threshold"));
  CHECK(refused(core::Json::array()).starts_with("fatigue: expected an object"));
  CHECK(refused({{"frequency_watch", 5}, {"q", nullptr}}).empty());
}

TEST_CASE("what moves the whole account is no fatigue of an ad") {
  std::vector<FatigueSeries> all = steady();
  for (FatigueSeries& series : all) {
    for (const std::size_t week : {5, 6}) *series.weeks[week].clicks /= 2;
  }
  const learning::FatigueOptions robust{.current_week = 6, .last_day = core::Day{}};
  for (const FatigueVerdict& verdict : learning::judge_fatigue(all, robust)) {
    CHECK(verdict.level == FatigueLevel::kHealthy);
    CHECK(*verdict.week_effect < -0.5);
  }
  const learning::FatigueOptions classic{
      .is_classic = true, .current_week = 6, .last_day = core::Day{}};
  CHECK(learning::judge_fatigue(all, classic)[0].level == FatigueLevel::kCritical);
}

TEST_CASE("after a pause only the weeks since are what is now") {
  std::vector<FatigueWeek> weeks;
  for (const std::int64_t week : {0, 1, 2, 3}) weeks.push_back(week_of(week, 20'000, 400));
  weeks.push_back(week_of(9, 20'000, 200, 150'000'000));
  const learning::FatigueOptions options{
      .is_fitted = true, .current_week = 9, .last_day = core::Day{}};
  const FatigueVerdict verdict = learning::judge_fatigue(std::vector{series_of(weeks)}, options)[0];
  REQUIRE(verdict.click_rate);
  CHECK_CLOSE(verdict.click_rate->base, 400.5 / 20'001, 1e-12, 0);
  CHECK_CLOSE(verdict.click_rate->current, 200.5 / 20'001, 1e-12, 0);
  // ln(400.5 / 200.5) / sqrt(1 / 1602 + 1 / 200.5)
  CHECK_CLOSE(*verdict.click_rate->z, 9.2362108100, 1e-9, 0);
  CHECK_CLOSE(verdict.cpm->change, 0.5, 1e-9, 0);
  // Three weeks before the pause and one after it are no less than four in a row.
  weeks.erase(weeks.begin());
  CHECK(learning::judge_fatigue(std::vector{series_of(weeks)}, options)[0].click_rate);
  weeks = {week_of(7, 20'000, 400), week_of(8, 20'000, 400), week_of(9, 20'000, 200)};
  CHECK_FALSE(learning::judge_fatigue(std::vector{series_of(weeks)}, options)[0].click_rate);
}

TEST_CASE("a rule says which limit its probability is held to") {
  std::vector<FatigueSeries> all = steady();
  for (const std::size_t week : {5, 6}) *all[3].weeks[week].clicks /= 2;
  all[3].weeks[6].frequency = 3.5;
  learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  const FatigueVerdict robust = learning::judge_fatigue(all, options)[3];
  REQUIRE(robust.rules.size() == 2);
  CHECK_CLOSE(*robust.rules[0].limit, 0.036, 1e-12, 0);  // 0.1 (12 / 20)^2
  CHECK(robust.rules[1].name == FatigueRule::Name::kFrequency);
  CHECK_FALSE(robust.rules[1].limit);
  options.is_classic = true;
  CHECK(learning::judge_fatigue(all, options)[3].rules[0].limit == 0.05);
  for (const FatigueSeries& series : steady()) all.push_back(series);
  options.is_classic = false;
  CHECK(learning::judge_fatigue(all, options)[3].rules[0].limit == 0.1);
}

TEST_CASE("a price that rises") {
  std::vector<FatigueSeries> all = steady();
  for (const std::size_t week : {5, 6}) all[2].weeks[week].spend_micros = 160'000'000;
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  const FatigueVerdict verdict = learning::judge_fatigue(all, options)[2];
  CHECK(verdict.level == FatigueLevel::kCritical);
  CHECK(verdict.rules[0].name == FatigueRule::Name::kCpm);
  CHECK_CLOSE(verdict.cpm->change, 0.6, 1e-6, 0);
}

TEST_CASE("frequency counts by its lower bound, and says where it is not known") {
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  const auto judged = [&](std::optional<double> window, std::int64_t sum, std::int64_t most) {
    std::vector<FatigueSeries> all = steady();
    FatigueWeek& week = all[0].weeks.back();
    week.frequency = window;
    if (sum > 0) {
      week.reach_sum = sum;
      week.reach_max = most;
    }
    return learning::judge_fatigue(all, options)[0];
  };
  for (const auto& [frequency, level] :
       {std::pair(2.99, FatigueLevel::kHealthy), std::pair(3.0, FatigueLevel::kWatch),
        std::pair(5.0, FatigueLevel::kModerate), std::pair(8.0, FatigueLevel::kHigh),
        std::pair(12.0, FatigueLevel::kCritical)}) {
    const FatigueVerdict verdict = judged(frequency, 0, 0);
    CHECK(verdict.level == level);
    CHECK(verdict.frequency->is_window);
  }
  // 20,000 impressions: 3.3 to 10 times.
  const FatigueVerdict bounds = judged(std::nullopt, 6000, 2000);
  CHECK(bounds.level == FatigueLevel::kWatch);
  REQUIRE(bounds.rules.size() == 2);
  CHECK(bounds.rules[1].state == FatigueRule::State::kUnknown);
  CHECK(bounds.rules[1].level == FatigueLevel::kHigh);
  CHECK_FALSE(bounds.frequency->is_window);
  CHECK_CLOSE(bounds.frequency->lower, 20.0 / 6, 1e-12, 0);
  CHECK_CLOSE(bounds.frequency->upper, 10, 1e-12, 0);
  CHECK_FALSE(judged(std::nullopt, 0, 0).frequency);
}

TEST_CASE("an ad of one week is judged on its frequency by either rules") {
  FatigueWeek week = week_of(6, 13'000, 100);
  week.reach_sum = 1'000;
  week.reach_max = 1'000;
  const std::vector<FatigueSeries> all = {series_of({week})};
  for (const bool is_classic : {false, true}) {
    const learning::FatigueOptions options{
        .is_classic = is_classic, .current_week = 6, .last_day = core::Day{}};
    const FatigueVerdict verdict = learning::judge_fatigue(all, options)[0];
    CHECK(verdict.level == FatigueLevel::kCritical);
    REQUIRE(verdict.rules.size() == 1);
    CHECK(verdict.rules[0].name == FatigueRule::Name::kFrequency);
    CHECK(verdict.rules[0].value == 13);
    CHECK(verdict.reason == "not_enough_weeks");
  }
}

TEST_CASE("a fall within a week counts at a high frequency") {
  std::vector<FatigueSeries> all = steady();
  FatigueWeek& last = all[4].weeks.back();
  *last.clicks = *last.clicks * 6 / 10;
  last.frequency = 4.5;
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  const auto rule_of = [&] {
    const FatigueVerdict verdict = learning::judge_fatigue(all, options)[4];
    return *std::ranges::find(verdict.rules, FatigueRule::Name::kWeekOverWeek, &FatigueRule::name);
  };
  CHECK(rule_of().state == FatigueRule::State::kFired);
  CHECK(rule_of().level == FatigueLevel::kHigh);
  last.frequency.reset();
  last.reach_sum = 6000;  // 3.3
  last.reach_max = 4000;  // 5
  CHECK(rule_of().state == FatigueRule::State::kUnknown);
}

TEST_CASE("a decay leads to a day") {
  std::vector<FatigueSeries> all = steady();
  constexpr double kDecay = 4e-6;  // an impression
  for (int week = 0; week < 7; ++week) {
    const double shown = 20'000.0 * (week + 0.5);
    all[11].weeks[static_cast<std::size_t>(week)].clicks =
        static_cast<std::int64_t>(700 * std::exp(-kDecay * shown));
  }
  learning::FatigueOptions options{.is_fitted = true, .current_week = 6, .last_day = core::Day{}};
  const auto verdicts = learning::judge_fatigue(all, options);
  const FatigueVerdict& tiring = verdicts[11];
  REQUIRE(tiring.decay->is_found);
  CHECK(std::abs(tiring.decay->k - kDecay) < 1e-6);
  CHECK(tiring.decay_factor < 0.85);
  // ln(700 e^(-0.56) / 20000 / baseline) / (k 20000 / 7) days from now.
  REQUIRE(tiring.decay->day);
  const double days =
      std::log(700 * std::exp(-kDecay * 140'000) / 20'000 / *tiring.baseline_click_rate) /
      (kDecay * 20'000 / 7);
  const auto found = static_cast<double>((*tiring.decay->day - core::Day{}).count());
  CHECK(std::abs(found - days) < 0.3 * days);
  CHECK(*tiring.decay->earliest < *tiring.decay->day);
  CHECK(*tiring.decay->latest > *tiring.decay->day);
  CHECK(verdicts[0].decay_factor == 1);
  CHECK_FALSE(verdicts[0].decay->is_found);
}

TEST_CASE("what cannot be judged") {
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  std::vector<FatigueSeries> all = steady();
  all[0] = series_of({week_of(5, 100, 1), week_of(6, 100, 0)});
  all[1] = series_of({week_of(2, 100, 1)});
  all[2] = series_of({});
  for (FatigueWeek& week : all[3].weeks) week.clicks.reset();
  for (FatigueWeek& week : all[4].weeks) week.clicks = 0;
  for (FatigueWeek& week : all[5].weeks) week.spend_micros = 0;
  const auto verdicts = learning::judge_fatigue(all, options);
  CHECK(verdicts[0].reason == "not_enough_weeks");
  CHECK_FALSE(verdicts[1].is_active);
  CHECK_FALSE(verdicts[2].is_active);
  CHECK(verdicts[3].reason == "no_clicks_reported");
  CHECK(verdicts[4].level == FatigueLevel::kHealthy);
  CHECK_FALSE(verdicts[5].cpm);
  learning::FatigueOptions classic = options;
  classic.is_classic = true;
  const auto by_classic = learning::judge_fatigue(all, classic);
  CHECK_FALSE(by_classic[4].click_rate);
  CHECK_CLOSE(by_classic[6].decay_factor, std::exp(-0.0001 * 140'000), 1e-12, 0);
  CHECK(learning::judge_fatigue({}, options).empty());
}

TEST_CASE("accounts are judged apart") {
  std::vector<FatigueSeries> all = steady();
  const learning::FatigueOptions options{.current_week = 6, .last_day = core::Day{}};
  const auto alone = learning::judge_fatigue(all, options);
  std::vector<FatigueSeries> with_other = all;
  for (FatigueSeries series : steady()) {
    series.account = "other";
    const auto ad = static_cast<std::int64_t>(with_other.size());
    for (FatigueWeek& week : series.weeks) *week.clicks += (week.week + ad) % 2 == 0 ? 60 : 0;
    with_other.push_back(std::move(series));
  }
  const auto together = learning::judge_fatigue(with_other, options);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    CHECK(together[i].click_rate->z == alone[i].click_rate->z);
    CHECK(together[i].click_rate->q == alone[i].click_rate->q);
  }
  CHECK(*together.back().tau2 > *together.front().tau2);
}
