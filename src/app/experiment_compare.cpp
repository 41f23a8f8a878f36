#include <adgenome/app/experiments.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/store/experiment_history.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::int64_t kAdsForApproval = 100;  // a side
constexpr std::int64_t kAdsForCtr = 50;
constexpr std::size_t kMaturedDays = 7;

/// An ad of the past with what it was made by and how it did.
struct PastAd {
  std::string side;
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
  std::map<std::string, Sums> sums;
  for (const store::AdDay& day : store::ad_days(runner.session, runner.brand.id, runner.now)) {
    if (!day.clicks || day.impressions <= 0) continue;
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

/// Takes away what an ad owes to its template, where both sides used it; other templates say
/// nothing of the sides.
std::vector<PastAd> within_templates(std::vector<PastAd> ads) {
  std::map<std::string, std::set<std::string>> sides;
  std::map<std::string, stats::Cluster> templates;
  stats::Cluster all;
  for (const PastAd& ad : ads) sides[ad.template_id].insert(ad.side);
  std::erase_if(ads, [&](const PastAd& ad) { return sides[ad.template_id].size() < 2; });
  // The mean of the sides' means, so that the side that used a template more does not shift it.
  std::map<std::pair<std::string, std::string>, stats::Cluster> cells;
  for (const PastAd& ad : ads) cells[{ad.template_id, ad.side}].add(ad.value);
  for (const auto& [cell, values] : cells) templates[cell.first].add(values.mean);
  for (const PastAd& ad : ads) all.add(ad.value);
  for (PastAd& ad : ads) ad.value += all.mean - templates[ad.template_id].mean;
  return ads;
}

}  // namespace

core::Json compare_past(const ExperimentRunner& runner, const PastComparison& wanted) {
  const bool is_approval = wanted.metric == "approval";
  const auto rates = is_approval ? std::map<std::string, double>{} : matured_rates(runner);
  std::vector<PastAd> ads;
  std::map<std::string, std::int64_t> counts;
  for (const store::DecidedAd& ad : store::decided_ads(runner.session, runner.brand.id)) {
    PastAd past{.side = side_of(ad, wanted.by), .run = ad.ad_run_id, .template_id = ad.template_id};
    const auto rate = rates.find(ad.ad_id);
    if (past.side.empty() || (!is_approval && rate == rates.end())) continue;
    past.value = is_approval ? (ad.is_approved ? 1 : 0) : rate->second;
    ++counts[past.side];
    ads.push_back(std::move(past));
  }
  experiments::AnalysisOptions options;
  options.is_classic = runner.is_classic;
  options.seed = runner.seed;
  options.non_inferiority = wanted.non_inferiority;
  options.min_sample = 1;
  if (wanted.control) {
    options.control = *wanted.control;
  } else if (!counts.empty()) {
    const auto largest =
        std::max_element(counts.begin(), counts.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    options.control = largest->first;
  }
  if (wanted.control && !counts.contains(*wanted.control)) {
    std::vector<std::string> sides;
    for (const auto& [side, count] : counts) sides.push_back(side);
    throw core::InvalidInput("no ad was made with " + wanted.by + " \"" + *wanted.control + "\"",
                             "there are " + core::join(sides, ", "), "option --control");
  }
  std::map<std::string, stats::SampleBuilder> values;
  std::map<std::string, std::map<std::string, stats::Cluster>> runs;
  for (const auto& [side, count] : counts) values[side];
  counts.clear();
  for (const PastAd& ad : within_templates(std::move(ads))) {
    values[ad.side].add(ad.value);
    runs[ad.side][ad.run].add(ad.value);
    ++counts[ad.side];
  }
  std::vector<experiments::Arm> arms;
  for (auto& [side, builder] : values) {
    experiments::Arm arm{.name = side, .sample = std::move(builder).build()};
    for (const auto& [run, cluster] : runs[side]) arm.clusters.push_back(cluster);
    arms.push_back(std::move(arm));
  }
  Json document = experiments::to_json(experiments::analyze(std::move(arms), options));
  document["evidence"] = "correlational";
  document["experiment_id"] = nullptr;
  document["read"] = 0;
  document["rejected"] = 0;
  const std::int64_t least = is_approval ? kAdsForApproval : kAdsForCtr;
  for (Json& arm : document["arms"]) {
    const std::string side = arm.at("arm");
    document["read"] = document["read"].get<std::int64_t>() + counts[side];
    if (counts[side] >= least || document["decision"] == "insufficient_data") continue;
    document["decision"] = "insufficient_data";
    document["winner"] = nullptr;
    document["reason"] = "\"" + side + "\" has " + std::to_string(counts[side]) +
                         " ads of templates that others used too, and " + std::to_string(least) +
                         " a side are needed";
  }
  return document;
}

}  // namespace adgenome::app
