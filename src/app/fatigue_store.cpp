#include <adgenome/app/fatigue.hpp>
#include <adgenome/app/settings.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/window_sums.hpp>
#include <map>
#include <set>
#include <tuple>

#include "brand_accounts.hpp"
#include "element_tags.hpp"
#include "fatigue_document.hpp"
#include "reward_baseline.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::FatigueWeek;
using store::WindowSums;

constexpr std::int64_t kWeek = 7;

FatigueWeek week_of(const WindowSums& sums) {
  FatigueWeek week{.week = sums.window,
                   .impressions = sums.impressions,
                   .clicks = sums.clicks,
                   .spend_micros = sums.spend_micros,
                   .reach_sum = sums.reach_sum,
                   .reach_max = sums.reach_max,
                   .frequency = {}};
  if (sums.rows == 1 && sums.longest_row == kWeek) {
    if (sums.reach_sum.value_or(0) > 0) {
      week.frequency = static_cast<double>(sums.impressions) / static_cast<double>(*sums.reach_sum);
    } else {
      week.frequency = sums.frequency_max;
    }
  }
  return week;
}

std::vector<FatigueSubject> platform_ads(const std::vector<WindowSums>& sums) {
  std::vector<FatigueSubject> subjects;
  for (const WindowSums& each : sums) {
    if (each.impressions <= 0) continue;
    if (subjects.empty() || subjects.back().platform != each.platform ||
        subjects.back().platform_ad_id != each.platform_ad_id ||
        subjects.back().currency != each.currency) {
      FatigueSubject& subject = subjects.emplace_back();
      subject.platform = each.platform;
      subject.platform_ad_id = each.platform_ad_id;
      subject.ad_id = each.ad_id.value_or("");
      subject.currency = each.currency;
      subject.series.account = each.account_id;
    }
    subjects.back().series.weeks.push_back(week_of(each));
  }
  return subjects;
}

/// Sums of all ads of a combination. What several ads reached does not add up.
std::vector<FatigueSubject> combinations(const std::vector<WindowSums>& sums,
                                         const std::map<std::string, std::string>& keys) {
  struct Group {
    std::map<std::int64_t, FatigueWeek> weeks;
    std::set<std::string> ads;
  };
  std::map<std::tuple<std::string, std::string>, Group> groups;  // combination, currency
  for (const WindowSums& each : sums) {
    if (each.impressions <= 0 || !each.ad_id) continue;
    const auto key = keys.find(*each.ad_id);
    if (key == keys.end()) continue;
    Group& group = groups[{key->second, each.currency}];
    group.ads.insert(*each.ad_id);
    const auto [at, is_new] = group.weeks.try_emplace(each.window);
    FatigueWeek& week = at->second;
    if (is_new) {
      week.week = each.window;
      week.clicks = 0;
    }
    week.impressions += each.impressions;
    week.spend_micros += each.spend_micros;
    if (week.clicks && each.clicks) {
      *week.clicks += *each.clicks;
    } else {
      week.clicks.reset();
    }
  }
  std::vector<FatigueSubject> subjects;
  for (auto& [key, group] : groups) {
    FatigueSubject& subject = subjects.emplace_back();
    std::tie(subject.combination, subject.currency) = key;
    subject.ads = static_cast<std::int64_t>(group.ads.size());
    for (const auto& [number, week] : group.weeks) subject.series.weeks.push_back(week);
  }
  return subjects;
}

/// The combination of each ad that has all its dimensions.
std::map<std::string, std::string> combination_keys(store::Session& session,
                                                    const std::string& brand_id,
                                                    const FatigueRun& run, core::Time known_at) {
  std::map<std::string, std::string> keys;
  for (const store::TaggedAd& ad : store::tagged_ads(session, brand_id, known_at)) {
    const auto tags = element_tags(ad);
    std::vector<std::pair<std::string, std::string>> elements;
    for (const std::string& dimension : run.combination) {
      const auto tag = tags.find(dimension);
      if (tag != tags.end()) elements.emplace_back(*tag);
    }
    if (elements.size() == run.combination.size()) {
      keys[ad.ad_id] = scoring::combination_key(std::move(elements));
    }
  }
  return keys;
}

/// What counts for each subject: the thresholds of its account, else of the brand.
void add_thresholds(store::Session& session, const store::Brand& brand, core::Time known_at,
                    std::vector<FatigueSubject>& subjects) {
  const auto thresholds_of = [](const Json& config) {
    return learning::fatigue_thresholds_from(settings_group(config, "fatigue"));
  };
  const BrandAccounts accounts(session, brand, known_at);
  std::map<std::pair<std::string, std::string>, learning::FatigueThresholds> known;
  for (FatigueSubject& subject : subjects) {
    const auto [at, is_new] = known.try_emplace({subject.platform, subject.series.account});
    if (is_new) {
      const store::Account* account = accounts.of_row(subject.platform, subject.series.account);
      at->second = thresholds_of(account ? account->config : brand.account_config);
    }
    subject.series.thresholds = at->second;
  }
}

}  // namespace

Report fatigue_in_store(store::Session& session, const store::Brand& brand, const FatigueRun& run) {
  const store::Transaction snapshot(session, store::Transaction::Kind::kSnapshot);
  const core::Day end = core::day_of(run.now) + std::chrono::days(1);
  const Known known(run.now, run.known_at);
  const auto last_day = store::last_performance_day(session, brand.id, end, known.performance);
  std::vector<WindowSums> sums;
  std::int64_t long_rows = 0;
  if (last_day) {
    sums = store::window_sums(session, brand.id, end, known.performance, known.attribution,
                              store::DayWindows::weeks_until(*last_day), kWeek);
    long_rows = store::count_long_periods(session, brand.id, end, known.performance, kWeek);
  }
  std::vector<FatigueSubject> subjects =
      run.combination.empty()
          ? platform_ads(sums)
          : combinations(sums, combination_keys(session, brand.id, run, known.attribution));
  add_thresholds(session, brand, known.attribution, subjects);
  std::vector<std::string> notes;
  if (long_rows > 0) {
    notes.push_back(std::to_string(long_rows) +
                    " rows are longer than a week and show no trend: import days or weeks");
  }
  return {.document = fatigue_document(subjects, run, last_day, brand.id,
                                       {{"long_rows", long_rows}, {"warnings", notes}}),
          .notes = std::move(notes)};
}

}  // namespace adgenome::app
