#include <adgenome/app/calibrate.hpp>
#include <adgenome/learning/calibration.hpp>
#include <adgenome/store/decisions.hpp>
#include <map>

#include "quality.hpp"

namespace adgenome::app {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json interval_or_null(const std::optional<stats::Interval>& interval) {
  return interval ? Json{interval->lower, interval->upper} : Json();
}

// Under this share of answers the audited ads are no random share of all any more.
constexpr double kLeastAnswered = 0.8;

/// What people said of ads, by ad, before the machine's side is laid beside it.
struct Judged {
  std::map<std::string, learning::JudgedAd> ads;
  std::int64_t queued = 0;
  std::int64_t answered = 0;
};

Judged audited_ads(store::Session& session, const store::Brand& brand, core::Time since) {
  Judged judged;
  store::visit_audits(session, brand.id, false, since, [&](const store::ReviewAudit& audit) {
    ++judged.queued;
    if (!audit.answer) return;
    ++judged.answered;
    judged.ads[audit.ad_id] = {.ad_id = audit.ad_id,
                               .verdict = audit.verdict,
                               .checks = {},
                               .is_approved = *audit.answer == "approve",
                               .probability = audit.probability};
  });
  return judged;
}

Judged overridden_ads(store::Session& session, const store::Brand& brand, core::Time since) {
  Judged judged;
  store::visit_decisions(session, brand.id, {.since = since, .only_newest = true},
                         [&](const store::HumanDecision& decision) {
                           const bool is_approved = decision.action == "approve" ||
                                                    (decision.action == "confirm" &&
                                                     decision.machine_status == "approved");
                           judged.ads[decision.ad_id] = {.ad_id = decision.ad_id,
                                                         .verdict = decision.machine_status,
                                                         .checks = {},
                                                         .is_approved = is_approved};
                         });
  return judged;
}

/// Sums of one check over the reviewers of an ad.
struct CheckSum {
  double sum = 0;
  std::int64_t count = 0;
};

// The mean of the reviewers' scores by check, and whether the score decided.
void add_machine_side(store::Session& session, const store::Brand& brand,
                      const creative::QualityConfig& quality, Judged& judged) {
  std::map<std::string, std::vector<CheckSum>> sums;
  std::map<std::string, bool> is_by_score;
  store::visit_last_reviews(session, brand.id, {}, [&](const store::MachineStage& stage) {
    if (!judged.ads.contains(stage.ad_id)) return;
    auto& own = sums[stage.ad_id];
    own.resize(creative::kChecks);
    bool& decides = is_by_score.try_emplace(stage.ad_id, true).first->second;
    decides = decides && stage.score && stage.verdict != "review_failed" &&
              stage.assessed_weight.value_or(0) >= quality.least_assessed;
    for (std::size_t i = 0; i < creative::kChecks; ++i) {
      const auto check = stage.checks.find(std::string(creative::rubric()[i].id));
      if (check == stage.checks.end() || !check->at("score").is_number()) continue;
      const double score = check->at("score").get<double>();
      own[i].sum += score;
      ++own[i].count;
      if (quality.weights[i].is_auto_reject && score < quality.auto_reject_below) decides = false;
    }
  });
  for (auto& [ad_id, ad] : judged.ads) {
    ad.checks.resize(creative::kChecks);
    const auto found = sums.find(ad_id);
    if (found == sums.end()) continue;
    ad.is_by_score = is_by_score.at(ad_id);
    for (std::size_t i = 0; i < creative::kChecks; ++i) {
      const CheckSum& check = found->second[i];
      if (check.count > 0) ad.checks[i] = check.sum / static_cast<double>(check.count);
    }
  }
}

learning::CalibrationSettings settings_of(const creative::QualityConfig& quality) {
  learning::CalibrationSettings settings;
  for (std::size_t i = 0; i < creative::kChecks; ++i) {
    settings.check_ids.emplace_back(creative::rubric()[i].id);
    settings.weights.push_back(quality.weights[i].weight);
  }
  settings.approve_from = quality.approve_from;
  settings.flag_from = quality.flag_from;
  return settings;
}

Json to_json(const learning::JudgedShare& share) {
  return {{"ads", share.ads},
          {"share", or_null(share.share)},
          {"interval", interval_or_null(share.interval)}};
}

Json verdicts_json(const learning::Calibration& found) {
  Json list = Json::array();
  for (const learning::VerdictRates& verdict : found.verdicts) {
    Json item = {{"verdict", verdict.verdict}};
    item["approved_by_people"] = to_json(verdict.approved);
    list.push_back(std::move(item));
  }
  return list;
}

Json checks_json(const learning::Calibration& found) {
  Json list = Json::array();
  for (const learning::CheckRates& check : found.checks) {
    list.push_back({{"check", check.check},
                    {"ads", check.ads},
                    {"approved_mean", or_null(check.approved_mean)},
                    {"rejected_mean", or_null(check.rejected_mean)},
                    {"false_approvals", to_json(check.false_approvals)},
                    {"false_rejections", to_json(check.false_rejections)},
                    {"weight", check.weight},
                    {"new_weight", check.new_weight}});
  }
  return list;
}

// The borderline bounds follow the pass threshold.
creative::QualityConfig proposed_config(const creative::QualityConfig& now,
                                        const learning::Calibration& found) {
  creative::QualityConfig config = now;
  const double shift = *found.approve_from - now.approve_from;
  const auto shifted = [&](double bound) { return std::min(10.0, std::max(0.0, bound + shift)); };
  config.approve_from = *found.approve_from;
  config.flag_from = *found.flag_from;
  config.second_opinion_from = shifted(now.second_opinion_from);
  config.second_opinion_to = shifted(now.second_opinion_to);
  for (std::size_t i = 0; i < creative::kChecks; ++i) {
    config.weights[i].weight = found.weights[i];
  }
  return config;
}

Json metrics_of(const Json& document, const std::string& base,
                const std::vector<std::string>& problems) {
  Json metrics = {{"base", base}, {"source", "calibrate"}, {"problems", problems}};
  for (const char* name : {"rules", "basis", "window_days", "seed", "ads", "by_score", "model",
                           "approve_from", "cost", "verdicts", "checks"}) {
    metrics[name] = document.at(name);
  }
  return metrics;
}

// The same proposal is not stored twice.
std::optional<std::int64_t> same_proposal(store::Session& session, const store::Brand& brand,
                                          const Json& config, const std::string& base) {
  for (const auto& stored : store::quality_configs(session, store::brand_scope(brand.id))) {
    if ((stored.state == "proposal" || stored.state == "invalid") &&
        stored.metrics.value("base", "") == base &&
        nlohmann::json(stored.config) == nlohmann::json(config)) {
      return stored.version;
    }
  }
  return std::nullopt;
}

void store_proposal(store::Session& session, const store::Brand& brand,
                    const CalibrateRequest& request, const EffectiveQuality& quality,
                    const learning::Calibration& found, Json& document) {
  const Json config = to_json(proposed_config(quality.config, found));
  const std::vector<std::string> problems = creative::quality_problems(config);
  document["config"] = config;
  store::Transaction transaction(session);
  transaction.lock("quality/" + brand.id);
  auto version = same_proposal(session, brand, config, quality.name);
  if (!version) {
    version = store::add_quality_config(session, store::brand_scope(brand.id),
                                        {.parent_version = quality.version,
                                         .state = problems.empty() ? "proposal" : "invalid",
                                         .config = config,
                                         .metrics = metrics_of(document, quality.name, problems),
                                         .created_at = request.now,
                                         .created_by = "calibrate"});
  }
  document["version"] = *version;
  if (!request.is_dry_run) transaction.commit();
}

}  // namespace

Report calibrate_brand(store::Session& session, const store::Brand& brand,
                       const CalibrateRequest& request) {
  const EffectiveQuality quality = effective_quality(session, brand);
  const core::Time since = request.now - std::chrono::days{request.window_days};
  Judged judged = request.is_classic ? overridden_ads(session, brand, since)
                                     : audited_ads(session, brand, since);
  add_machine_side(session, brand, quality.config, judged);
  std::vector<learning::JudgedAd> ads;
  for (auto& [ad_id, ad] : judged.ads) ads.push_back(std::move(ad));
  const learning::CalibrationSettings settings = settings_of(quality.config);
  const learning::Calibration found = learning::calibrate(settings, std::move(ads), request.seed);

  Report report;
  const bool is_partly_answered =
      static_cast<double>(judged.answered) < kLeastAnswered * static_cast<double>(judged.queued);
  if (!request.is_classic && is_partly_answered) {
    report.notes.push_back(std::to_string(judged.queued - judged.answered) + " of " +
                           std::to_string(judged.queued) +
                           " audits wait for an answer: those answered may be no random share "
                           "(adgenome override list --audit shows the others)");
  }
  report.document = {
      {"brand_id", brand.id},
      {"rules", request.is_classic ? "classic" : "robust"},
      {"basis", request.is_classic ? "selected" : "audited"},
      {"window_days", request.window_days},
      {"seed", core::wide_integer(request.seed)},
      {"base", quality.name},
      {"outcome", to_string(found.outcome)},
      {"reason", found.reason},
      {"version", nullptr},
      {"ads", found.ads},
      {"by_score", found.by_score},
      {"audits", {{"queued", judged.queued}, {"answered", judged.answered}}},
      {"model", found.model.empty() ? Json() : Json(found.model)},
      {"approve_from",
       {{"now", settings.approve_from},
        {"proposed", or_null(found.approve_from)},
        {"least_cost", or_null(found.unbounded_approve_from)}}},
      {"flag_from", {{"now", settings.flag_from}, {"proposed", or_null(found.flag_from)}}},
      {"cost",
       {{"false_approval", settings.false_approval_cost},
        {"false_rejection", settings.false_rejection_cost},
        {"now", or_null(found.old_cost)},
        {"proposed", or_null(found.new_cost)},
        {"difference", or_null(found.difference)},
        {"difference_lower_95", found.interval ? Json(found.interval->lower) : Json()},
        {"difference_upper_90", found.interval ? Json(found.interval->upper) : Json()}}},
      {"verdicts", verdicts_json(found)},
      {"checks", checks_json(found)},
      {"config", nullptr}};
  if (found.outcome == learning::CalibrationOutcome::kProposal) {
    store_proposal(session, brand, request, quality, found, report.document);
  }
  return report;
}

}  // namespace adgenome::app
