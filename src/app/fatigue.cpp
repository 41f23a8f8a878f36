#include <adgenome/app/fatigue.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/ingest/performance_records.hpp>
#include <adgenome/learning/account_figures.hpp>
#include <adgenome/store/window_sums.hpp>
#include <algorithm>
#include <map>
#include <tuple>

#include "fatigue_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using core::RecordView;

constexpr int kWeek = 7;

/// What a row adds to its week.
struct Period {
  core::Day stop;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> reach;
  std::optional<double> frequency;
  bool operator==(const Period&) const = default;
};

struct StreamedAd {
  std::string ad_id;
  std::string account;
  std::map<core::Day, Period> periods;  // by first day; they do not overlap
};

struct Streamed {
  /// By platform, platform ad (else ad of ours) and currency.
  std::map<std::tuple<std::string, std::string, std::string>, StreamedAd> ads;
  std::optional<core::Day> last_day;
  RowCounts counts;
  std::int64_t long_rows = 0;
};

void take(const RecordView& record, ingest::PerformanceRecords& records, core::Day today,
          Streamed& streamed) {
  const auto [row, ad_id] = records.read(record);
  if (row.date_stop > today) {
    ++streamed.counts.skipped;
    return;
  }
  if ((row.date_stop - row.date_start).count() >= kWeek) {
    ++streamed.counts.skipped;
    ++streamed.long_rows;
    return;
  }
  const std::string_view name = row.platform_ad_id.empty() ? ad_id : row.platform_ad_id;
  StreamedAd& ad =
      streamed.ads[{std::string(row.platform), std::string(name), std::string(row.currency)}];
  const Period period{.stop = row.date_stop,
                      .impressions = row.impressions,
                      .spend_micros = row.spend_micros,
                      .clicks = row.clicks,
                      .link_clicks = row.link_clicks,
                      .reach = row.reach,
                      .frequency = row.frequency};
  const auto next = ad.periods.lower_bound(row.date_start);
  const bool is_known = next != ad.periods.end() && next->first == row.date_start &&
                        next->second.stop == row.date_stop;
  if (is_known) {
    ++(next->second == period ? streamed.counts.unchanged : streamed.counts.changed);
    next->second = period;
  } else {
    const bool meets_next = next != ad.periods.end() && next->first <= row.date_stop;
    const bool meets_last =
        next != ad.periods.begin() && std::prev(next)->second.stop >= row.date_start;
    if (meets_next || meets_last) record.fail("the period overlaps another of the same ad");
    ad.periods.emplace_hint(next, row.date_start, period);
    ++streamed.counts.added;
  }
  // A platform's own id stands in for ours where that is not given.
  if (ad_id != row.platform_ad_id) ad.ad_id = ad_id;
  if (!row.account_id.empty()) ad.account = row.account_id;
  streamed.last_day = std::max(streamed.last_day.value_or(row.date_stop), row.date_stop);
}

/// What the rows of each platform's account say of it.
using Accounts = std::map<std::pair<std::string, std::string>, learning::AccountFigures>;

Accounts accounts_of(const Streamed& streamed) {
  Accounts accounts;
  for (const auto& [key, ad] : streamed.ads) {
    learning::AccountFigures& account = accounts[{std::get<0>(key), ad.account}];
    for (const auto& [start, period] : ad.periods) {
      account.see({.start = start,
                   .stop = period.stop,
                   .impressions = period.impressions,
                   .spend_micros = period.spend_micros,
                   .clicks = period.clicks,
                   .link_clicks = period.link_clicks,
                   .conversions_millionths = {},
                   .conversion_value_micros = {},
                   .objective = {}});
    }
  }
  return accounts;
}

std::vector<learning::FatigueWeek> weeks_of(const StreamedAd& ad, const store::DayWindows& windows,
                                            const learning::AccountFigures& account) {
  struct Week {
    learning::FatigueWeek sums;
    bool has_reach = true;
    std::int64_t rows = 0;
    std::optional<double> spanning;
  };
  const bool has_link_clicks = std::ranges::all_of(
      ad.periods, [&](const auto& period) { return account.reports_link_clicks(period.first); });
  std::map<std::int64_t, Week> weeks;
  for (const auto& [start, period] : ad.periods) {
    const std::int64_t number = (store::day_number(period.stop) + windows.offset) / windows.length;
    Week& week = weeks[number];
    week.sums.week = number;
    ++week.rows;
    week.sums.impressions = core::checked_add(week.sums.impressions, period.impressions);
    week.sums.spend_micros = core::checked_add(week.sums.spend_micros, period.spend_micros);
    const auto& clicks = has_link_clicks ? period.link_clicks : period.clicks;
    if (has_link_clicks || account.reports_clicks()) {
      week.sums.clicks = week.sums.clicks.value_or(0) + clicks.value_or(0);
    }
    if (period.impressions > 0) {
      week.has_reach = week.has_reach && period.reach;
      const std::int64_t reach = period.reach.value_or(0);
      week.sums.reach_sum = week.sums.reach_sum.value_or(0) + reach;
      week.sums.reach_max = std::max(week.sums.reach_max.value_or(0), reach);
    }
    if ((period.stop - start).count() + 1 == kWeek) {
      week.spanning = period.reach.value_or(0) > 0
                          ? std::optional(static_cast<double>(period.impressions) /
                                          static_cast<double>(*period.reach))
                          : period.frequency;
    }
  }
  std::vector<learning::FatigueWeek> list;
  for (auto& [number, week] : weeks) {
    if (week.sums.impressions <= 0) continue;
    if (!week.has_reach) week.sums.reach_sum.reset();
    if (week.rows == 1) week.sums.frequency = week.spanning;
    list.push_back(week.sums);
  }
  return list;
}

}  // namespace

Report fatigue_from_stream(const std::string& input, core::Rejects& rejects,
                           const FatigueRun& run) {
  Streamed streamed;
  core::RecordReader reader(core::open_input(input));
  ingest::PerformanceRecords records;
  const core::Day today = core::day_of(run.now);
  core::read_records(reader, rejects,
                     [&](const RecordView& record) { take(record, records, today, streamed); });
  streamed.counts.rejected = rejects.count();

  const Accounts accounts = accounts_of(streamed);
  std::vector<FatigueSubject> subjects;
  for (const auto& [key, ad] : streamed.ads) {
    FatigueSubject subject;
    std::tie(subject.platform, subject.platform_ad_id, subject.currency) = key;
    subject.ad_id = ad.ad_id;
    subject.series.account = ad.account;
    subject.series.weeks = weeks_of(ad, store::DayWindows::weeks_until(*streamed.last_day),
                                    accounts.at({subject.platform, ad.account}));
    subjects.push_back(std::move(subject));
  }
  Json summary = Json::object();
  add_counts(summary, streamed.counts);
  std::vector<std::string> notes;
  if (streamed.long_rows > 0) {
    notes.push_back(std::to_string(streamed.long_rows) +
                    " rows are longer than a week and show no trend: give days or weeks");
  }
  summary["long_rows"] = streamed.long_rows;
  summary["warnings"] = notes;
  return {
      .document = fatigue_document(subjects, run, streamed.last_day, nullptr, std::move(summary)),
      .notes = std::move(notes)};
}

}  // namespace adgenome::app
