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

/// Two sides over the templates that both used, less what an ad owes to its template; other
/// templates say nothing of the two.
experiments::MatchedArms within_templates(const std::string& control,
                                          const std::vector<PastAd>& of_control,
                                          const std::string& variant,
                                          const std::vector<PastAd>& of_variant) {
  std::map<std::string, std::pair<stats::Cluster, stats::Cluster>> templates;
  for (const PastAd& ad : of_control) templates[ad.template_id].first.add(ad.value);
  for (const PastAd& ad : of_variant) templates[ad.template_id].second.add(ad.value);
  std::erase_if(templates, [](const auto& each) {
    return each.second.first.size == 0 || each.second.second.size == 0;
  });
  stats::Cluster all;
  for (const auto* side : {&of_control, &of_variant}) {
    for (const PastAd& ad : *side) {
      if (templates.contains(ad.template_id)) all.add(ad.value);
    }
  }
  const auto adjusted = [&](const std::string& name, const std::vector<PastAd>& ads) {
    std::vector<PastAd> kept;
    for (PastAd ad : ads) {
      const auto at = templates.find(ad.template_id);
      if (at == templates.end()) continue;
      // The mean of the sides' means, so that the side that used a template more does not shift it.
      const auto& [c, v] = at->second;
      ad.value += all.mean - (c.mean + v.mean) / 2;
      kept.push_back(std::move(ad));
    }
    return arm_of(name, kept);
  };
  return {.control = adjusted(control, of_control), .variant = adjusted(variant, of_variant)};
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
    matches.push_back(within_templates(options.control, sides[options.control], side, ads));
  }
  Json document = experiments::to_json(
      experiments::analyze_matched(std::move(arms), std::move(matches), options));
  document["evidence"] = "correlational";
  document["experiment_id"] = nullptr;
  document["read"] = read;
  document["rejected"] = 0;
  return document;
}

}  // namespace adgenome::app
