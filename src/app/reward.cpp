#include <adgenome/app/reward.hpp>
#include <adgenome/learning/reward.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "performance_rows.hpp"
#include "reward_corrections.hpp"
#include "reward_document.hpp"

namespace adgenome::app {

using core::Json;

namespace {

double in_units(const std::optional<std::int64_t>& millionths) {
  return static_cast<double>(millionths.value_or(0)) / 1e6;
}

double clicks_of(const learning::Delivery& delivery) {
  return static_cast<double>(delivery.link_clicks.value_or(delivery.clicks.value_or(0)));
}

/// The growth of each day's figures from reading to reading, and each ad's exposure by day.
DelayData delay_data(PerformanceRows& rows) {
  DelayData data;
  for (auto& [period, values] : rows.learned) {
    std::stable_sort(
        values.begin(), values.end(),
        [](const LearnedValue& a, const LearnedValue& b) { return a.learned_at < b.learned_at; });
    const auto& [ad_id, platform, platform_ad, day] = period;
    const core::Day first = core::day_of(values.front().learned_at);
    double clicks = 0;
    double conversions = 0;
    for (const LearnedValue& value : values) {
      const core::Day learned = core::day_of(value.learned_at);
      const double now_clicks = clicks_of(value.delivery);
      const double now_conversions = in_units(value.delivery.conversions_millionths);
      data.clicks.push_back({day, first, learned, now_clicks - clicks});
      data.conversions.push_back({day, first, learned, now_conversions - conversions});
      clicks = now_clicks;
      conversions = now_conversions;
    }
    DelayData::AdDays& ad = data.ads[ad_id];
    ad.impressions.push_back({day, static_cast<double>(values.back().delivery.impressions)});
    ad.clicks.push_back({day, clicks});
  }
  return data;
}

}  // namespace

Report rewards_from_stream(const std::string& input, core::Rejects& rejects,
                           const RewardOptions& options) {
  const core::Day today = core::day_of(options.now);
  PerformanceRows rows = read_performance_rows(input, today, rejects);
  std::vector<learning::AdOutcome> outcomes = rows.ledger.fold(today + std::chrono::days(1));

  // Robust: what was known of the brand when the quarter began. Classic: what is known now.
  const bool is_classic = options.rules == learning::Rules::kClassic;
  const core::Day since = is_classic ? today : learning::quarter_of(today);
  const std::vector<learning::AdOutcome> earlier = is_classic ? outcomes : rows.ledger.fold(since);
  const learning::Baseline baseline = learning::make_baseline(
      since,
      learning::matured_rates(earlier, learning::fit_brand(earlier, since), since, options.rules),
      {}, options.rules);

  const learning::BrandModel model = learning::fit_brand(outcomes, today);
  Json delay = nullptr;
  Json standardised = nullptr;
  if (options.is_lag_corrected) delay = correct_for_delay(delay_data(rows), today, outcomes);
  if (options.breakdowns) {
    standardised = standardise_clicks(
        read_breakdowns(*options.breakdowns, rejects,
                        [](const auto& ad_id, const auto&, const auto& platform_ad_id) {
                          return ad_id ? ad_id : platform_ad_id;
                        }),
        outcomes);
  }
  const std::vector<learning::Reward> rewards =
      learning::compute_rewards(outcomes, model, baseline, today);

  Json list = Json::array();
  for (std::size_t i = 0; i < rewards.size(); ++i) {
    if (!rewards[i].reward && !options.with_states) continue;
    list.push_back(reward_json({.reward = rewards[i],
                                .outcome = outcomes[i],
                                .currency = rows.currency,
                                .baseline_version = baseline.version()},
                               options.with_states));
  }
  Json summary = Json::object();
  add_counts(summary, rows.counts);
  write_states(rewards, summary);
  summary["currency"] = rows.currency.empty() ? Json() : Json(rows.currency);
  write_model(model, baseline, summary);
  summary["delay"] = std::move(delay);
  summary["standardised"] = std::move(standardised);
  summary["reason"] = empty_reason(rewards.size(), list);
  std::vector<std::string> notes;
  if (rows.more_clicks_than_impressions > 0) {
    notes.push_back("rows with more clicks than impressions: " +
                    std::to_string(rows.more_clicks_than_impressions));
  }
  summary["warnings"] = notes;
  return {.document = reward_document(std::move(list), std::move(summary), options.rules),
          .notes = std::move(notes)};
}

}  // namespace adgenome::app
