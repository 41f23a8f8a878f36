#include <adgenome/app/decide.hpp>
#include <adgenome/creative/quality.hpp>
#include <adgenome/stats/agreement.hpp>
#include <adgenome/stats/proportions.hpp>
#include <adgenome/store/decisions.hpp>
#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "quality.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr double kConfidence = 0.95;
constexpr double kZ95 = 1.959963984540054;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const stats::Interval& interval) {
  return {interval.lower, interval.upper};
}

/// How a machine's yes and no compares with people's.
struct Comparison {
  stats::Judgements judgements;

  void add(bool machine, bool human) {
    double& cell = machine ? (human ? judgements.both_yes : judgements.only_first)
                           : (human ? judgements.only_second : judgements.both_no);
    cell += 1;
  }

  Json to_json() const {
    const auto decided = static_cast<std::int64_t>(judgements.total());
    const auto overridden =
        static_cast<std::int64_t>(judgements.only_first + judgements.only_second);
    const auto kappa = stats::cohen_kappa(judgements, kConfidence);
    return {{"decided", decided},
            {"agreed", decided - overridden},
            {"approved_then_rejected", static_cast<std::int64_t>(judgements.only_first)},
            {"rejected_then_approved", static_cast<std::int64_t>(judgements.only_second)},
            {"kappa", kappa ? Json(kappa->kappa) : Json()},
            {"kappa_interval", kappa ? app::to_json(kappa->interval) : Json()}};
  }
};

struct Week {
  std::int64_t verdicts = 0;
  std::int64_t decided = 0;
  std::int64_t overridden = 0;
};

core::Day monday_of(core::Time time) {
  const core::Day day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::weekday weekday{day};
  return day - (weekday - std::chrono::Monday);
}

Json weeks_json(const std::map<core::Day, Week>& weeks) {
  Json list = Json::array();
  for (const auto& [monday, week] : weeks) {
    const auto interval = stats::wilson_interval({week.overridden, week.verdicts}, kZ95);
    list.push_back({{"week", core::format_day(monday)},
                    {"verdicts", week.verdicts},
                    {"decided", week.decided},
                    {"overridden", week.overridden},
                    {"override_rate",
                     static_cast<double>(week.overridden) / static_cast<double>(week.verdicts)},
                    {"interval", to_json(interval)}});
  }
  return list;
}

/// One check against people's decisions, and against the scores that they gave themselves.
struct CheckFigures {
  std::vector<double> approved;  ///< the machine's scores of what people approve
  std::vector<double> rejected;
  std::int64_t corrections = 0;
  double correction_sum = 0;  ///< person less machine

  /// Share of pairs of an approved and a rejected ad in which the approved one scored higher,
  /// ties half: 0.5 separates nothing.
  std::optional<double> separation() const {
    if (approved.empty() || rejected.empty()) return std::nullopt;
    double higher = 0;
    std::vector<double> sorted = rejected;
    std::sort(sorted.begin(), sorted.end());
    for (const double score : approved) {
      const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
      higher += static_cast<double>(low - sorted.begin()) + static_cast<double>(high - low) / 2;
    }
    return higher / static_cast<double>(approved.size()) / static_cast<double>(rejected.size());
  }
};

std::optional<double> mean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::optional<double> check_score(const Json& checks, const std::string& id) {
  const auto check = checks.find(id);
  if (check == checks.end() || !check->at("score").is_number()) return std::nullopt;
  return check->at("score").get<double>();
}

/// What people decided last on each ad.
struct HumanSide {
  std::map<std::string, bool> approved;
  std::map<std::string, Json> checks;
};

HumanSide human_side(store::Session& session, const store::Brand& brand) {
  HumanSide side;
  store::visit_decisions(
      session, brand.id, {.only_newest = true}, [&](const store::HumanDecision& decision) {
        const bool is_approved =
            decision.action == "approve" ||
            (decision.action == "confirm" && decision.machine_status == "approved");
        side.approved[decision.ad_id] = is_approved;
        if (decision.checks.is_object()) {
          side.checks[decision.ad_id] = decision.checks;
        }
      });
  return side;
}

Json checks_json(const std::map<std::string, CheckFigures>& checks) {
  Json list = Json::array();
  for (const creative::CheckRule& rule : creative::rubric()) {
    const auto found = checks.find(std::string(rule.id));
    if (found == checks.end()) continue;
    const CheckFigures& figures = found->second;
    Json correction;
    if (figures.corrections > 0) {
      correction = figures.correction_sum / static_cast<double>(figures.corrections);
    }
    list.push_back({{"check", rule.id},
                    {"decided", figures.approved.size() + figures.rejected.size()},
                    {"approved_mean", or_null(mean(figures.approved))},
                    {"rejected_mean", or_null(mean(figures.rejected))},
                    {"separation", or_null(figures.separation())},
                    {"corrections", figures.corrections},
                    {"mean_correction", std::move(correction)}});
  }
  return list;
}

}  // namespace

Json decision_stats(store::Session& session, const store::Brand& brand, std::int64_t weeks,
                    core::Time now) {
  const core::Time since{monday_of(now) - std::chrono::days{7 * (weeks - 1)}};
  Comparison all;
  std::map<core::Day, Week> by_week;
  store::visit_verdicts(session, brand.id, since, [&](const store::JudgedVerdict& verdict) {
    Week& week = by_week[monday_of(verdict.reviewed_at)];
    ++week.verdicts;
    if (!verdict.human_decision) return;
    ++week.decided;
    if (*verdict.human_decision != verdict.status) ++week.overridden;
    all.add(verdict.status == "approved", *verdict.human_decision == "approved");
  });

  const HumanSide human = human_side(session, brand);
  const creative::QualityConfig quality = effective_quality(session, brand).config;
  std::map<std::string, Comparison> by_reviewer;
  std::map<std::string, CheckFigures> by_check;
  store::visit_last_reviews(session, brand.id, since, [&](const store::MachineStage& stage) {
    const auto decided = human.approved.find(stage.ad_id);
    if (decided == human.approved.end()) return;
    // A reviewer's own say: what its score alone would have come to.
    if (stage.score) {
      by_reviewer[stage.reviewer].add(*stage.score >= quality.approve_from, decided->second);
    }
    const auto corrected = human.checks.find(stage.ad_id);
    for (const creative::CheckRule& rule : creative::rubric()) {
      const std::string id(rule.id);
      const auto score = check_score(stage.checks, id);
      if (!score) continue;
      CheckFigures& figures = by_check[id];
      (decided->second ? figures.approved : figures.rejected).push_back(*score);
      if (corrected == human.checks.end() || !corrected->second.contains(id)) continue;
      ++figures.corrections;
      figures.correction_sum += corrected->second.at(id).get<double>() - *score;
    }
  });

  Comparison audited;
  store::visit_audits(session, brand.id, false, since, [&](const store::ReviewAudit& audit) {
    if (audit.answer && (audit.verdict == "approved" || audit.verdict == "rejected")) {
      audited.add(audit.verdict == "approved", *audit.answer == "approve");
    }
  });

  Json reviewers = Json::array();
  for (const auto& [name, comparison] : by_reviewer) {
    Json reviewer = {{"reviewer", name}};
    reviewer.update(comparison.to_json());
    reviewers.push_back(std::move(reviewer));
  }
  return {{"brand_id", brand.id},
          {"since", core::format_time(since)},
          {"reason", by_week.empty() ? Json("no verdicts") : Json()},
          {"weeks", weeks_json(by_week)},
          {"agreement", all.to_json()},
          {"audited", audited.to_json()},
          {"reviewers", std::move(reviewers)},
          {"checks", checks_json(by_check)}};
}

}  // namespace adgenome::app
