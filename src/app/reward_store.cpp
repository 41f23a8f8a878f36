#include <adgenome/app/reward.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/learning/reward.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <adgenome/store/reported.hpp>
#include <adgenome/store/rewards.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "reward_baseline.hpp"
#include "reward_corrections.hpp"
#include "reward_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::AdOutcome;
using learning::Component;

constexpr std::string_view kUnknownObjective = "UNKNOWN";

DelayData delay_data(store::Session& session, const std::string& brand_id, core::Day today,
                     const Known& known) {
  DelayData data;
  constexpr auto kHistory = std::chrono::days(180);
  constexpr auto kYoung = std::chrono::days(11);
  for (const store::ReportedGrowth& each :
       store::reported_growth(session, brand_id, today - kHistory, known.performance)) {
    const core::Day first = core::day_of(each.first_learned);
    const core::Day learned = core::day_of(each.learned);
    data.clicks.push_back({each.day, first, learned, static_cast<double>(each.clicks)});
    data.conversions.push_back(
        {each.day, first, learned, static_cast<double>(each.conversions_millionths) / 1e6});
  }
  for (const store::AdDay& each : store::young_ad_days(session, brand_id, today - kYoung,
                                                       known.performance, known.attribution)) {
    DelayData::AdDays& ad = data.ads[each.ad_id];
    ad.impressions.push_back({each.day, static_cast<double>(each.impressions)});
    ad.clicks.push_back({each.day, static_cast<double>(each.clicks)});
  }
  return data;
}

/// Breakdown rows name ads of ours, or platform ads that are mapped to one.
std::vector<learning::BreakdownRow> stored_breakdowns(store::Session& session,
                                                      const std::string& brand_id,
                                                      const std::string& input,
                                                      core::Rejects& rejects, const Known& known) {
  std::map<std::pair<std::string, std::string>, std::string> by_platform;
  std::map<std::string, std::string> by_id;
  for (const store::MappedAd& ad : store::mapped_ads(session, brand_id, known.attribution)) {
    by_platform[{ad.platform, ad.platform_ad_id}] = ad.ad_id;
    by_id[ad.platform_ad_id] = ad.ad_id;
  }
  return read_breakdowns(input, rejects,
                         [&](const auto& ad_id, const auto& platform,
                             const auto& platform_ad_id) -> std::optional<std::string> {
                           if (ad_id) return ad_id;
                           if (!platform) {
                             const auto at = by_id.find(*platform_ad_id);
                             return at == by_id.end() ? std::nullopt : std::optional(at->second);
                           }
                           const auto at = by_platform.find({*platform, *platform_ad_id});
                           return at == by_platform.end() ? std::nullopt
                                                          : std::optional(at->second);
                         });
}

/// The reward of an ad as it is now, against a baseline.
using Measure =
    std::function<learning::Reward(const AdOutcome& outcome, const learning::Baseline& baseline)>;

/// The rewards of a run against those that are kept.
class Ledger {
 public:
  Ledger(store::Session& session, const store::Brand& brand, core::Time now, core::Time known_at,
         Measure measure)
      : session_(session), brand_(brand), now_(now), measure_(std::move(measure)) {
    for (store::StoredReward& reward : store::rewards(session, brand.id, known_at)) {
      kept_.emplace(reward.ad_id, std::move(reward));
    }
  }

  /// Stores what is new or revised; gives the row that counts, nothing where there is no reward.
  std::optional<RewardRow> settle(const RewardRow& computed) {
    const auto at = kept_.find(computed.reward.ad_id);
    if (at == kept_.end()) {
      if (!computed.reward.reward || computed.reward.is_estimated) {
        ++counts_.skipped;
        return computed.reward.reward ? std::optional(computed) : std::nullopt;
      }
      ++counts_.added;
      is_baseline_used_ = true;
      store::put_reward(session_, brand_.id, stored_reward(computed), now_);
      return computed;
    }
    store::StoredReward& kept = at->second;
    if (!computed.reward.reward || computed.reward.is_estimated) {
      ++counts_.unchanged;
      return reward_row(kept);
    }
    store::StoredReward late = stored_reward(computed);
    // One that was made before its campaign's objective was known is made again by it.
    const bool was_unknown =
        kept.objective == kUnknownObjective && late.objective != kept.objective;
    const bool is_made_again =
        kept.source != late.source || was_unknown || rules_of(kept) != rules_of(late);
    if (is_made_again) {
      is_baseline_used_ = true;
    } else if (has_late_data(kept, computed)) {
      late = by_its_baseline(kept, computed);
    } else {
      late.reward = kept.reward;
    }
    const bool is_revised =
        is_made_again ||
        learning::is_revised(kept.reward, late.reward, computed.outcome.maturity.revision);
    if (!is_revised && kept.state == late.state) {
      ++counts_.unchanged;
      return reward_row(kept);
    }
    ++counts_.changed;
    if (is_revised) {
      late.version = kept.version + 1;
      kept = std::move(late);
    } else {
      kept.state = late.state;
    }
    store::put_reward(session_, brand_.id, kept, now_);
    return reward_row(kept);
  }

  const RowCounts& counts() const { return counts_; }
  /// Whether a reward was measured against the baseline of this run.
  bool is_baseline_used() const { return is_baseline_used_; }

 private:
  static bool has_late_data(const store::StoredReward& kept, const RewardRow& computed) {
    return kept.impressions != computed.outcome.impressions ||
           kept.spend_micros != computed.outcome.spend_micros ||
           kept.objective != computed.reward.objective ||
           learning::has_late_data(reward_row(kept).reward, computed.reward);
  }

  /// A reward stays one of the baseline that it was first measured against: a new quarter is no
  /// news of an ad.
  store::StoredReward by_its_baseline(const store::StoredReward& kept, RewardRow computed) {
    const std::string version = kept.baseline_version.value_or("");
    const auto baseline = version == computed.baseline_version
                              ? std::nullopt
                              : store::baseline_of_version(session_, brand_.id, version);
    if (!baseline) {
      is_baseline_used_ = true;
      return stored_reward(computed);
    }
    computed.reward =
        measure_(computed.outcome, baseline_from_json(baseline->document, {}, rules_of(kept)));
    computed.baseline_version = version;
    return stored_reward(computed);
  }

  static learning::Rules rules_of(const store::StoredReward& reward) {
    return learning::rules_of_version(reward.baseline_version.value_or(""));
  }

  store::Session& session_;
  const store::Brand& brand_;
  core::Time now_;
  Measure measure_;
  std::map<std::string, store::StoredReward> kept_;
  RowCounts counts_;
  bool is_baseline_used_ = false;
};

std::vector<RewardRow> rows_from_reviews(store::Session& session, const store::Brand& brand,
                                         core::Time known_at) {
  std::vector<RewardRow> rows;
  for (const store::ReviewedAd& ad : store::reviewed_ads(session, brand.id, known_at)) {
    RewardRow row;
    row.reward = learning::review_reward(ad.ad_id, ad.is_approved, core::day_of(ad.decided_at));
    row.is_review = true;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Report rewards_in_store(store::Session& session, const store::Brand& brand, core::Rejects& rejects,
                        const RewardOptions& options) {
  const core::Day today = core::day_of(options.now);
  store::Transaction transaction(session);
  transaction.lock("reward/" + brand.id);

  const Known known(options.now, options.known_at);
  const auto sums = known.sums(session, brand.id, today + std::chrono::days(1));
  const std::string currency = currency_of(sums, brand);
  const bool has_platform = store::has_platform(session, brand.id, known.attribution);
  const learning::Baseline baseline =
      baseline_of(session, brand, currency, today, known, options.rules);
  MaturitySettings maturity(session, brand, known.attribution);
  std::vector<AdOutcome> outcomes = outcomes_of(sums, maturity);
  const learning::BrandModel model = learning::fit_brand(outcomes, today);
  const Json& settings = brand.account_config;  // null where nothing was ever set
  const learning::ObjectiveTable objectives(
      settings.is_object() ? settings.value("objective_weights", Json()) : Json(),
      "account_config.objective_weights of " + brand.id);
  Json delay = nullptr;
  Json standardised = nullptr;
  if (options.is_lag_corrected) {
    delay = correct_for_delay(delay_data(session, brand.id, today, known), today, outcomes);
  }
  if (options.breakdowns) {
    standardised = standardise_clicks(
        stored_breakdowns(session, brand.id, *options.breakdowns, rejects, known), outcomes);
  }

  std::vector<RewardRow> rows;
  if (has_platform) {
    const auto rewards = learning::compute_rewards(outcomes, model, baseline, today, objectives);
    for (std::size_t i = 0; i < rewards.size(); ++i) {
      rows.push_back({.reward = rewards[i],
                      .outcome = outcomes[i],
                      .currency = currency,
                      .baseline_version = baseline.version()});
    }
  } else {
    rows = rows_from_reviews(session, brand, known.attribution);
  }

  Ledger ledger(
      session, brand, options.now, known.own,
      [&](const AdOutcome& outcome, const learning::Baseline& own) {
        return learning::compute_rewards({&outcome, 1}, model, own, today, objectives).front();
      });
  Json list = Json::array();
  std::vector<learning::Reward> settled;
  for (const RewardRow& row : rows) {
    const std::optional<RewardRow> counted = ledger.settle(row);
    settled.push_back(counted ? counted->reward : row.reward);
    if (counted || options.with_states) {
      list.push_back(reward_json(counted ? *counted : row, options.with_states));
    }
  }
  // A baseline that no reward was measured against does not bind the quarter.
  if (has_platform && ledger.is_baseline_used()) {
    store::put_baseline(session, brand.id,
                        {.version = baseline.version(), .document = baseline_json(baseline)},
                        options.now);
  }

  Json summary = Json::object();
  add_counts(summary, ledger.counts());
  write_states(settled, summary);
  summary["currency"] = currency.empty() ? Json() : Json(currency);
  write_model(model, baseline, summary);
  summary["source"] = has_platform ? "performance" : "review";
  const std::int64_t unmatched =
      store::count_unmatched_platform_ads(session, brand.id, known.attribution);
  summary["unmatched_platform_ads"] = unmatched;
  summary["delay"] = std::move(delay);
  summary["standardised"] = std::move(standardised);
  summary["reason"] = empty_reason(rows.size(), list);
  std::vector<std::string> notes;
  if (unmatched > 0) {
    notes.push_back(std::to_string(unmatched) +
                    " platform ads are matched to no ad and earn no reward");
  }
  summary["warnings"] = notes;
  if (!options.is_dry_run) transaction.commit();
  return {.document = reward_document(std::move(list), std::move(summary), options.rules,
                                      maturity.changed()),
          .notes = std::move(notes)};
}

}  // namespace adgenome::app
