#include "fatigue_document.hpp"

#include <adgenome/store/window_sums.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

namespace adgenome::app {
namespace {

using core::Json;
using learning::FatigueLevel;
using learning::FatigueRule;
using learning::FatigueVerdict;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json day_json(const std::optional<core::Day>& day) {
  return day ? Json(core::format_day(*day)) : Json();
}

Json shift_json(const std::optional<learning::FatigueShift>& shift,
                const std::optional<double>& tau2) {
  if (!shift) return nullptr;
  return {{"base", shift->base},    {"current", shift->current}, {"change", shift->change},
          {"z", or_null(shift->z)}, {"p", or_null(shift->p)},    {"q", or_null(shift->q)},
          {"tau2", or_null(tau2)}};
}

Json decay_json(const FatigueVerdict& verdict) {
  if (!verdict.decay) return nullptr;
  const learning::FatigueDecay& decay = *verdict.decay;
  return {{"k", decay.k}, {"se", decay.se}, {"q", decay.q}, {"found", decay.is_found}};
}

Json prediction_json(const FatigueVerdict& verdict) {
  if (!verdict.decay || !verdict.decay->is_found || !verdict.baseline_click_rate) return nullptr;
  const learning::FatigueDecay& decay = *verdict.decay;
  return {{"baseline_ctr", *verdict.baseline_click_rate},
          {"under_already", decay.is_under_already},
          {"day", day_json(decay.day)},
          {"interval", {day_json(decay.earliest), day_json(decay.latest)}}};
}

std::string rounded(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

/// What a rule saw, in words.
std::string finding(const FatigueRule& rule, bool is_classic) {
  const std::string share = rounded(100 * rule.value, 0) + " %";
  std::string text;
  switch (rule.name) {
    case FatigueRule::Name::kFrequency:
      return "people saw it " + rounded(rule.value, 1) + " times within the week";
    case FatigueRule::Name::kClickRate:
      text = "the click rate is " + share + " under that of its " +
             (is_classic ? "best week" : "earlier weeks");
      break;
    case FatigueRule::Name::kCpm:
      text = "a thousand impressions cost " + share + " more than in its " +
             (is_classic ? "cheapest week" : "earlier weeks");
      break;
    case FatigueRule::Name::kWeekOverWeek:
      text = "the click rate fell by " + share + " within a week";
      break;
  }
  if (!rule.probability) return text;
  const std::string sign = is_classic ? "p" : "q";
  return text + (*rule.probability < 0.001
                     ? " (" + sign + " < 0.001)"
                     : " (" + sign + " = " + rounded(*rule.probability, 3) + ")");
}

std::string recommendation(const FatigueVerdict& verdict, bool is_classic) {
  std::string text(learning::words_of(verdict.level));
  if (verdict.rules.empty()) {
    return text + (verdict.reason.empty() ? ": nothing to do"
                                          : ": too little is known yet to see a trend");
  }
  const FatigueRule& first = verdict.rules.front();
  if (first.state == FatigueRule::State::kUnknown && first.name == FatigueRule::Name::kFrequency) {
    return text + ": people saw it " + rounded(verdict.frequency->lower, 1) + " to " +
           rounded(verdict.frequency->upper, 1) +
           " times within the week, which the reach of single days does not tell more exactly";
  }
  text += ": " + finding(first, is_classic);
  if (first.state == FatigueRule::State::kUncertain) {
    char limit[32];
    std::snprintf(limit, sizeof limit, "%.4g", *first.limit);
    text += ", which may be chance: " + std::string(is_classic ? "p" : "q") +
            " has to stay under " + limit;
  }
  if (first.state == FatigueRule::State::kUnknown) {
    text += ", and the frequency is not known exactly enough to judge it";
  }
  return text;
}

std::string confidence(const FatigueVerdict& verdict) {
  if (verdict.rules.empty()) return verdict.reason.empty() ? "medium" : "low";
  const FatigueRule& first = verdict.rules.front();
  if (first.state != FatigueRule::State::kFired) return "low";
  return first.probability.value_or(0) < 0.01 ? "high" : "medium";
}

Json rules_json(const FatigueVerdict& verdict) {
  Json rules = Json::array();
  for (const FatigueRule& rule : verdict.rules) {
    rules.push_back({{"rule", learning::name_of(rule.name)},
                     {"state", learning::name_of(rule.state)},
                     {"level", learning::name_of(rule.level)},
                     {"value", rule.value},
                     {"band", rule.band},
                     {"probability", or_null(rule.probability)},
                     {"probability_limit", rule.probability ? or_null(rule.limit) : Json()}});
  }
  return rules;
}

Json frequency_bounds(const FatigueVerdict& verdict) {
  if (!verdict.frequency) return nullptr;
  return {verdict.frequency->lower, verdict.frequency->upper};
}

Json subject_json(const FatigueSubject& subject, const FatigueVerdict& verdict,
                  const FatigueRun& run) {
  Json source = nullptr;
  if (verdict.frequency) source = verdict.frequency->is_window ? "window" : "bounds";
  return {{"platform", text_or_null(subject.platform)},
          {"platform_ad_id", text_or_null(subject.platform_ad_id)},
          {"ad_id", text_or_null(subject.ad_id)},
          {"combination", text_or_null(subject.combination)},
          {"ads", subject.ads},
          {"account_id", text_or_null(subject.series.account)},
          {"level", learning::name_of(verdict.level)},
          {"recommendation", recommendation(verdict, run.is_classic)},
          {"confidence", confidence(verdict)},
          {"rules", rules_json(verdict)},
          {"weeks", subject.series.weeks.size()},
          {"impressions", verdict.impressions},
          {"ctr", shift_json(verdict.click_rate, verdict.tau2)},
          {"cpm", shift_json(verdict.cpm, verdict.cpm_tau2)},
          {"week_over_week", shift_json(verdict.week_over_week, verdict.tau2)},
          {"week_effect", or_null(verdict.week_effect)},
          {"frequency_source", std::move(source)},
          {"frequency_bounds", frequency_bounds(verdict)},
          {"decay_factor", verdict.decay_factor},
          {"decay", decay_json(verdict)},
          {"prediction", prediction_json(verdict)},
          {"reason", text_or_null(verdict.reason)},
          {"evidence", "correlational"}};
}

/// What could be done about a tired ad; one a level and ad of ours, however many platform ads carry
/// it.
class Proposals {
 public:
  void add(const FatigueSubject& subject, const FatigueVerdict& verdict, const FatigueRun& run) {
    if (verdict.level == FatigueLevel::kHealthy) return;
    const std::string reason = recommendation(verdict, run.is_classic);
    Json proposal = {{"level", learning::name_of(verdict.level)},
                     {"platform", text_or_null(subject.platform)},
                     {"platform_ad_id", text_or_null(subject.platform_ad_id)},
                     {"ad_id", text_or_null(subject.ad_id)},
                     {"combination", text_or_null(subject.combination)},
                     {"action", "note"},
                     {"budget_factor", nullptr},
                     {"mode", nullptr},
                     {"reason", reason}};
    if (verdict.level < FatigueLevel::kHigh) {
      list_.push_back(std::move(proposal));
      return;
    }
    const bool is_critical = verdict.level == FatigueLevel::kCritical;
    proposal["action"] = is_critical ? "pause" : "budget";
    if (!is_critical) proposal["budget_factor"] = kLessBudget;
    list_.push_back(proposal);
    const std::string whose =
        !subject.ad_id.empty()
            ? subject.ad_id
            : subject.platform + " " + subject.platform_ad_id + subject.combination;
    if (!asked_.emplace(whose, verdict.level).second) return;
    proposal["action"] = "evolve";
    proposal["budget_factor"] = nullptr;
    proposal["mode"] = "refresh";
    list_.push_back(std::move(proposal));
  }
  Json take() && { return std::move(list_); }

 private:
  static constexpr double kLessBudget = 0.8;
  Json list_ = Json::array();
  std::set<std::pair<std::string, FatigueLevel>> asked_;
};

/// The accounts whose thresholds are not those of page 6.6, each with what differs.
Json thresholds_json(const std::vector<FatigueSubject>& subjects) {
  std::map<std::pair<std::string, std::string>, const learning::FatigueThresholds*> accounts;
  for (const FatigueSubject& subject : subjects) {
    accounts.emplace(std::pair(subject.platform, subject.series.account),
                     &subject.series.thresholds);
  }
  Json list = Json::array();
  for (const auto& [account, thresholds] : accounts) {
    Json changed = learning::changed_thresholds(*thresholds);
    if (changed.empty()) continue;
    list.push_back({{"platform", text_or_null(account.first)},
                    {"account_id", text_or_null(account.second)},
                    {"changed", std::move(changed)}});
  }
  return list;
}

}  // namespace

Json fatigue_document(const std::vector<FatigueSubject>& subjects, const FatigueRun& run,
                      std::optional<core::Day> last_day, Json brand_id, Json summary) {
  std::vector<learning::FatigueSeries> series;
  for (const FatigueSubject& subject : subjects) series.push_back(subject.series);
  learning::FatigueOptions options{.is_classic = run.is_classic, .is_fitted = run.is_fitted};
  Json window = nullptr;
  if (last_day) {
    const auto weeks = store::DayWindows::weeks_until(*last_day);
    options.last_day = *last_day;
    options.current_week = (store::day_number(*last_day) + weeks.offset) / weeks.length;
    window = {{"first_day", core::format_day(*last_day - std::chrono::days(6))},
              {"last_day", core::format_day(*last_day)}};
  }
  const std::vector<FatigueVerdict> verdicts = learning::judge_fatigue(series, options);

  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].is_active) order.push_back(i);
  }
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return verdicts[a].level > verdicts[b].level; });
  Json ads = Json::array();
  Proposals proposals;
  Json levels = Json::object();
  for (const auto level : {FatigueLevel::kHealthy, FatigueLevel::kWatch, FatigueLevel::kModerate,
                           FatigueLevel::kHigh, FatigueLevel::kCritical}) {
    levels[std::string(learning::name_of(level))] = std::ranges::count_if(
        verdicts,
        [&](const FatigueVerdict& verdict) { return verdict.is_active && verdict.level == level; });
  }
  for (const std::size_t i : order) {
    ads.push_back(subject_json(subjects[i], verdicts[i], run));
    if (run.with_proposals) proposals.add(subjects[i], verdicts[i], run);
  }
  summary["judged"] = ads.size();
  summary["inactive"] = verdicts.size() - order.size();
  summary["levels"] = std::move(levels);
  summary["reason"] = !ads.empty()       ? Json()
                      : verdicts.empty() ? Json("no_performance")
                                         : Json("no_active_ads");
  return {{"brand_id", std::move(brand_id)},
          {"rules", run.is_classic ? "classic" : "robust"},
          {"by", run.combination.empty() ? "ad" : "combo"},
          {"evidence", "correlational"},
          {"window", std::move(window)},
          {"thresholds", thresholds_json(subjects)},
          {"ads", std::move(ads)},
          {"proposals", run.with_proposals ? std::move(proposals).take() : Json()},
          {"summary", std::move(summary)}};
}

}  // namespace adgenome::app
