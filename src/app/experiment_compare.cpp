#include <adgenome/app/experiments.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/store/experiment_history.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::int64_t kAdsForApproval = 100;  // a side
constexpr std::int64_t kAdsForCtr = 50;
constexpr std::size_t kMaturedDays = 7;
constexpr std::chrono::days kMaturing{3};  // as long as a click rate matures

/// An ad of the past with what it was made by and how it did.
struct PastAd {
  std::string run;
  std::string template_id;
  double value = 0;
};

std::string side_of(const store::DecidedAd& ad, const std::string& by) {
  if (by == "provider") return ad.provider;
  return by == "pipeline_version" ? ad.pipeline_version : ad.prompt_version;
}

std::map<std::string, double> matured_rates(const ExperimentRunner& runner) {
  struct Sums {
    double clicks = 0;
    double impressions = 0;
    std::size_t days = 0;
  };
  const core::Day today = core::day_of(runner.now);
  std::map<std::string, Sums> sums;
  for (const store::AdDay& day : store::ad_days(runner.session, runner.brand.id,
                                                runner.performance_at(), runner.known_at.inputs)) {
    if (!day.clicks || day.impressions <= 0 || day.day + kMaturing > today) continue;
    Sums& ad = sums[day.ad_id];
    ad.clicks += static_cast<double>(*day.clicks);
    ad.impressions += static_cast<double>(day.impressions);
    ++ad.days;
  }
  std::map<std::string, double> rates;
  for (const auto& [ad_id, ad] : sums) {
    if (ad.days >= kMaturedDays) rates[ad_id] = ad.clicks / ad.impressions;
  }
  return rates;
}

/// An arm of these ads, by the runs that they were made in.
experiments::Arm arm_of(const std::string& name, const std::vector<PastAd>& ads) {
  stats::SampleBuilder values;
  std::map<std::string, stats::Cluster> runs;
  for (const PastAd& ad : ads) {
    values.add(ad.value);
    runs[ad.run].add(ad.value);
  }
  experiments::Arm arm{.name = name, .sample = std::move(values).build()};
  for (const auto& [run, cluster] : runs) arm.clusters.push_back(cluster);
  return arm;
}

/// Two sides by the templates that both used; other templates say nothing of the two. The run is
/// the unit, under classic rules the ad.
experiments::MatchedArms within_templates(const std::vector<PastAd>& of_control,
                                          const std::string& variant,
                                          const std::vector<PastAd>& of_variant, bool is_classic) {
  using Clusters = std::map<std::string, stats::Cluster>;
  std::map<std::string, std::pair<Clusters, Clusters>> templates;
  const auto add = [&](const std::vector<PastAd>& ads,
                       Clusters std::pair<Clusters, Clusters>::*side) {
    for (std::size_t i = 0; i < ads.size(); ++i) {
      const std::string unit = is_classic ? std::to_string(i) : ads[i].run;
      (templates[ads[i].template_id].*side)[unit].add(ads[i].value);
    }
  };
  add(of_control, &std::pair<Clusters, Clusters>::first);
  add(of_variant, &std::pair<Clusters, Clusters>::second);
  experiments::MatchedArms match{.variant = variant, .strata = {}};
  for (const auto& [id, sides] : templates) {
    if (sides.first.empty() || sides.second.empty()) continue;
    stats::ClusterStratum& stratum = match.strata.emplace_back();
    for (const auto& [unit, cluster] : sides.first) stratum.control.push_back(cluster);
    for (const auto& [unit, cluster] : sides.second) stratum.variant.push_back(cluster);
  }
  return match;
}

}  // namespace

core::Json compare_past(const ExperimentRunner& runner, const PastComparison& wanted) {
  const bool is_approval = wanted.metric == "approval";
  const auto rates = is_approval ? std::map<std::string, double>{} : matured_rates(runner);
  std::map<std::string, std::vector<PastAd>> sides;
  std::int64_t read = 0;
  for (const store::DecidedAd& ad :
       store::decided_ads(runner.session, runner.brand.id, runner.known_at.inputs)) {
    const std::string side = side_of(ad, wanted.by);
    const auto rate = rates.find(ad.ad_id);
    if (side.empty() || (!is_approval && rate == rates.end())) continue;
    ++read;
    sides[side].push_back({.run = ad.ad_run_id,
                           .template_id = ad.template_id,
                           .value = is_approval ? (ad.is_approved ? 1 : 0) : rate->second});
  }
  experiments::AnalysisOptions options;
  options.is_classic = runner.is_classic;
  options.seed = runner.seed;
  options.non_inferiority = wanted.non_inferiority;
  options.min_sample = is_approval ? kAdsForApproval : kAdsForCtr;
  if (wanted.control) {
    options.control = *wanted.control;
  } else if (!sides.empty()) {
    const auto largest = std::max_element(
        sides.begin(), sides.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    options.control = largest->first;
  }
  if (wanted.control && !sides.contains(*wanted.control)) {
    std::vector<std::string> names;
    for (const auto& [side, ads] : sides) names.push_back(side);
    throw core::InvalidInput("no ad was made with " + wanted.by + " \"" + *wanted.control + "\"",
                             "there are " + core::join(names, ", "), "option --control");
  }
  std::vector<experiments::Arm> arms;
  std::vector<experiments::MatchedArms> matches;
  for (const auto& [side, ads] : sides) {
    arms.push_back(arm_of(side, ads));
    if (side == options.control) continue;
    matches.push_back(within_templates(sides[options.control], side, ads, runner.is_classic));
  }
  Json document =
      experiments::to_json(experiments::analyze_matched(std::move(arms), matches, options));
  document["evidence"] = "correlational";
  document["experiment_id"] = nullptr;
  document["read"] = read;
  document["rejected"] = 0;
  return document;
}

}  // namespace adgenome::app
