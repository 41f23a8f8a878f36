#include <adgenome/app/genome.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/genome_check.hpp>
#include <adgenome/stats/means.hpp>
#include <adgenome/store/alerts.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "element_tags.hpp"
#include "genome_beliefs.hpp"
#include "genome_document.hpp"
#include "reward_baseline.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using std::chrono::days;

constexpr std::int64_t kFewestAds = 20;
constexpr double kWarningCorrelation = 0.3;   // for two weeks
constexpr double kCriticalCorrelation = 0.1;  // for one
constexpr double kShifted = 0.25;             // of the population stability index
constexpr double kRewardDriftP = 0.01;
constexpr std::int64_t kEarlierWeeks = 26;
constexpr std::int64_t kMatureImpressions = 1000;

/// An ad with everything that is checked.
struct CheckedAd {
  learning::ScoredAd scored;
  core::Day matured;
};

struct Material {
  std::vector<CheckedAd> ads;  // with a score and a mature click rate
  std::vector<std::pair<core::Time, learning::Tags>> tags;
  std::vector<std::pair<core::Time, double>> rewards;
};

Material material_of(store::Session& session, const store::Brand& brand,
                     const GenomeOptions& options) {
  Material material;
  const Known known(options.now, options.known_at);
  MaturitySettings maturity(session, brand, known.attribution);
  std::map<std::string, learning::AdOutcome> outcomes;
  for (learning::AdOutcome& outcome :
       outcomes_of(known.sums(session, brand.id, core::day_of(options.now) + days(1)), maturity)) {
    outcomes[outcome.ad_id] = std::move(outcome);
  }
  std::map<std::string, double> rewards;
  for (const store::RewardedAd& ad :
       store::rewarded_ads(session, brand.id, options.known_at.inputs)) {
    rewards[ad.ad_id] = ad.reward;
    if (ad.matured_at) material.rewards.emplace_back(*ad.matured_at, ad.reward);
  }
  for (const store::MadeAd& ad :
       store::made_ads(session, brand.id, std::min(options.now, options.known_at.inputs))) {
    if (ad.is_imported) continue;
    material.tags.emplace_back(ad.created_at, element_tags(ad));
    const auto outcome = outcomes.find(ad.ad_id);
    if (!ad.pre_generation_score || outcome == outcomes.end()) continue;
    const learning::AdOutcome& sums = outcome->second;
    if (!sums.clicks || !sums.first_delivery || sums.impressions < kMatureImpressions) continue;
    const auto reward = rewards.find(ad.ad_id);
    material.ads.push_back(
        {.scored = {.ad_id = ad.ad_id,
                    .score = *ad.pre_generation_score,
                    .impressions = sums.impressions,
                    .clicks = *sums.clicks,
                    .reward =
                        reward == rewards.end() ? std::nullopt : std::optional(reward->second)},
         .matured = learning::final_from(learning::Component::kCtr, sums)});
  }
  return material;
}

std::vector<learning::ScoredAd> matured_between(const Material& material, core::Day after,
                                                core::Day until) {
  std::vector<learning::ScoredAd> ads;
  for (const CheckedAd& ad : material.ads) {
    if (ad.matured > after && ad.matured <= until) ads.push_back(ad.scored);
  }
  return ads;
}

std::optional<learning::RankCorrelation> correlation_of(
    const std::vector<learning::ScoredAd>& ads) {
  if (static_cast<std::int64_t>(ads.size()) < kFewestAds) return std::nullopt;
  std::vector<double> scores;
  std::vector<double> rates;
  for (const learning::ScoredAd& ad : ads) {
    scores.push_back(ad.score);
    rates.push_back(static_cast<double>(ad.clicks) / static_cast<double>(ad.impressions));
  }
  return learning::rank_correlation(scores, rates);
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json calibration_json(const std::vector<learning::ScoredAd>& ads) {
  Json bins = Json::array();
  for (const learning::CalibrationBin& bin : learning::calibration_table(ads)) {
    bins.push_back(
        {{"ads", bin.ads},
         {"lowest_score", bin.lowest_score},
         {"highest_score", bin.highest_score},
         {"mean_score", bin.mean_score},
         {"ctr", or_null(bin.ctr)},
         {"mean_reward", or_null(bin.mean_reward)},
         {"reward_interval", bin.reward_interval ? interval_json(*bin.reward_interval) : Json()}});
  }
  return bins;
}

/// An alert that is open or settled: `is_known` where there was data enough to tell.
struct Finding {
  std::string kind;
  bool is_known = false;
  std::string severity = {};  ///< empty: all is well
  Json figure = nullptr;
  Json threshold = nullptr;
  std::string message = {};
  std::string remedy = {};
  std::int64_t since_days = 0;
};

Finding accuracy_finding(const Material& material, core::Day today, std::int64_t weeks) {
  Finding finding{.kind = "prediction_accuracy"};
  const auto at = [&](std::int64_t days_ago) {
    const core::Day end = today - days(days_ago);
    return correlation_of(matured_between(material, end - days(7 * weeks), end));
  };
  const auto now = at(0);
  if (!now) return finding;
  finding.is_known = true;
  finding.figure = now->value;
  const auto was_below = [&](std::int64_t days_ago, double limit) {
    const auto then = at(days_ago);
    return then && then->value < limit;
  };
  finding.remedy = "adgenome genome update; compare the calibration table before trusting scores";
  if (now->value < kCriticalCorrelation && was_below(7, kCriticalCorrelation)) {
    finding.severity = "critical";
    finding.threshold = kCriticalCorrelation;
    finding.since_days = 7;
  } else if (now->value < kWarningCorrelation && was_below(7, kWarningCorrelation) &&
             was_below(14, kWarningCorrelation)) {
    finding.severity = "warning";
    finding.threshold = kWarningCorrelation;
    finding.since_days = 14;
  }
  finding.message = "scores before generation hardly foresee click rates";
  return finding;
}

Finding tag_finding(const std::vector<learning::TagDrift>& drifts) {
  Finding finding{.kind = "tag_drift"};
  std::vector<std::string> shifted;
  double greatest = 0;
  for (const learning::TagDrift& drift : drifts) {
    if (drift.recent < kFewestAds || drift.earlier < kFewestAds) continue;
    finding.is_known = true;
    greatest = std::max(greatest, drift.psi);
    if (drift.psi >= kShifted) shifted.push_back(drift.dimension);
  }
  if (!finding.is_known) return finding;
  finding.figure = greatest;
  finding.threshold = kShifted;
  finding.remedy = "adgenome genome show; old scores may not hold for what is made now";
  if (!shifted.empty()) finding.severity = "warning";
  finding.message = "the mix of " + core::join(shifted, ", ") + " has shifted";
  return finding;
}

Finding reward_finding(const std::vector<double>& recent, const std::vector<double>& earlier,
                       const std::optional<stats::Means>& means) {
  Finding finding{.kind = "reward_drift"};
  if (static_cast<std::int64_t>(std::min(recent.size(), earlier.size())) < kFewestAds || !means ||
      !means->p_value) {
    return finding;
  }
  finding.is_known = true;
  finding.figure = means->difference;
  finding.threshold = kRewardDriftP;
  finding.remedy = "adgenome fatigue; adgenome reward --states";
  if (*means->p_value < kRewardDriftP && means->difference < 0) finding.severity = "warning";
  finding.message = "rewards are lower than before";
  return finding;
}

/// Opens or resolves the alert of a finding, and says so.
Json settle(store::Session& session, const store::Brand& brand, const Finding& finding,
            core::Time now, core::IdSource& ids) {
  Json json = {{"kind", finding.kind},
               {"state", !finding.is_known          ? "too_little_data"
                         : finding.severity.empty() ? "clear"
                                                    : "open"},
               {"severity", finding.severity.empty() ? Json() : Json(finding.severity)},
               {"figure", finding.figure},
               {"threshold", finding.threshold}};
  if (!finding.is_known) return json;
  if (finding.severity.empty()) {
    store::auto_resolve_alert(session, brand.id, finding.kind, "genome", now);
    return json;
  }
  store::raise_alert(session, brand.id,
                     {.id = ids.next(),
                      .kind = finding.kind,
                      .subject = "genome",
                      .severity = finding.severity,
                      .message = finding.message,
                      .details = {{"figure", finding.figure},
                                  {"threshold", finding.threshold},
                                  {"since", core::format_time(now - days(finding.since_days))},
                                  {"remedy", finding.remedy}}},
                     now);
  return json;
}

}  // namespace

Report validate_genome(store::Session& session, const store::Brand& brand,
                       const ValidateOptions& options, core::IdSource& ids) {
  const core::Time now = options.genome.now;
  const core::Day today = core::day_of(now);
  const core::Time recent_from = now - days(7 * options.weeks);
  const core::Time earlier_from = recent_from - days(7 * kEarlierWeeks);
  store::Transaction transaction(session);
  transaction.lock("genome/" + brand.id);
  const Material material = material_of(session, brand, options.genome);

  const auto ads = matured_between(material, today - days(7 * options.weeks), today);
  const auto correlation = correlation_of(ads);
  std::vector<learning::Tags> recent_tags;
  std::vector<learning::Tags> earlier_tags;
  for (const auto& [at, tags] : material.tags) {
    if (at > recent_from) {
      recent_tags.push_back(tags);
    } else if (at > earlier_from) {
      earlier_tags.push_back(tags);
    }
  }
  std::vector<double> recent;
  std::vector<double> earlier;
  for (const auto& [at, reward] : material.rewards) {
    if (at > recent_from) {
      recent.push_back(reward);
    } else if (at > earlier_from) {
      earlier.push_back(reward);
    }
  }
  const auto drifts = learning::tag_drift(recent_tags, earlier_tags);
  std::optional<stats::Means> means;
  if (!recent.empty() && !earlier.empty()) {
    means = stats::compare_means(stats::make_sample(earlier), stats::make_sample(recent), 0.95);
  }

  Json drift_list = Json::array();
  for (const learning::TagDrift& drift : drifts) {
    drift_list.push_back({{"dimension", drift.dimension},
                          {"psi", drift.psi},
                          {"recent", drift.recent},
                          {"earlier", drift.earlier},
                          {"shifted", drift.psi >= kShifted}});
  }
  Json alerts = Json::array();
  for (const Finding& finding : {accuracy_finding(material, today, options.weeks),
                                 tag_finding(drifts), reward_finding(recent, earlier, means)}) {
    alerts.push_back(settle(session, brand, finding, now, ids));
  }
  Json difference_interval = nullptr;
  if (means && means->difference_interval) {
    difference_interval = {means->difference_interval->lower, means->difference_interval->upper};
  }
  Json document = {{"brand_id", brand.id},
                   {"rules", learning::name_of(options.genome.rules)},
                   {"evidence", "correlational"},
                   {"weeks", options.weeks},
                   {"ads", ads.size()},
                   {"rank_correlation", correlation ? Json(correlation->value) : Json()},
                   {"interval", correlation ? interval_json(correlation->interval) : Json()},
                   {"reason", correlation ? Json() : Json("too_few_ads")},
                   {"calibration", calibration_json(ads)},
                   {"tag_drift", std::move(drift_list)},
                   {"rewards",
                    {{"recent", recent.size()},
                     {"earlier", earlier.size()},
                     {"mean_recent", means ? Json(means->mean_variant) : Json()},
                     {"mean_earlier", means ? Json(means->mean_control) : Json()},
                     {"difference", means ? Json(means->difference) : Json()},
                     {"difference_interval", std::move(difference_interval)},
                     {"p_value", means ? or_null(means->p_value) : Json()}}},
                   {"alerts", std::move(alerts)}};
  if (!options.genome.is_dry_run) transaction.commit();
  return {.document = std::move(document), .notes = {}};
}

}  // namespace adgenome::app
