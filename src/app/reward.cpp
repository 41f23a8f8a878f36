#include <adgenome/app/reward.hpp>
#include <adgenome/learning/reward.hpp>
#include <nlohmann/json.hpp>

#include "performance_rows.hpp"
#include "reward_document.hpp"

namespace adgenome::app {

using core::Json;

Report rewards_from_stream(const std::string& input, core::Rejects& rejects,
                           const RewardOptions& options) {
  const core::Day today = core::day_of(options.now);
  const PerformanceRows rows = read_performance_rows(input, today, rejects);
  const std::vector<learning::AdOutcome> outcomes = rows.ledger.fold(today + std::chrono::days(1));

  // The baseline is what was known of the brand when the quarter began.
  const core::Day quarter = learning::quarter_of(today);
  const std::vector<learning::AdOutcome> earlier = rows.ledger.fold(quarter);
  const learning::Baseline baseline = learning::make_baseline(
      quarter, learning::matured_rates(earlier, learning::fit_brand(earlier, quarter), quarter),
      {});

  const learning::BrandModel model = learning::fit_brand(outcomes, today);
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
  summary["reason"] = empty_reason(rewards.size(), list);
  std::vector<std::string> notes;
  if (rows.more_clicks_than_impressions > 0) {
    notes.push_back("rows with more clicks than impressions: " +
                    std::to_string(rows.more_clicks_than_impressions));
  }
  summary["warnings"] = notes;
  return {.document = reward_document(std::move(list), std::move(summary)),
          .notes = std::move(notes)};
}

}  // namespace adgenome::app
