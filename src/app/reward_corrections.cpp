#include "reward_corrections.hpp"

#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;
using core::RecordView;

constexpr std::string_view kBreakdowns[] = {"placement", "age", "country"};
constexpr std::string_view kFields[] = {"schema",      "ad_id",  "platform",    "platform_ad_id",
                                        "impressions", "clicks", "link_clicks", "placement",
                                        "age",         "country"};

Json curve_json(const std::optional<learning::DelayCurve>& curve) {
  if (!curve) return nullptr;
  return {{"days", curve->days()}, {"cohorts", curve->cohorts()}};
}

std::int64_t count_at(const RecordView& record, std::string_view name) {
  const RecordView value = record.at(name);
  const std::int64_t count = value.as_int64();
  if (count < 0) value.fail("expected a count");
  return count;
}

std::optional<std::string> optional_id(const RecordView& record, std::string_view name) {
  const auto value = record.find(name);
  return value ? std::optional(value->as_id()) : std::nullopt;
}

/// The row's cell: a missing breakdown is a value of its own.
std::string cell_of(const RecordView& record) {
  std::string cell;
  bool is_broken_down = false;
  for (const std::string_view name : kBreakdowns) {
    const auto value = record.find(name);
    is_broken_down = is_broken_down || value;
    cell += (value ? value->as_id() : "") + '\x1f';
  }
  if (!is_broken_down) record.fail("none of placement, age and country is there");
  return cell;
}

/// The day on which something was learned last.
std::optional<core::Day> last_reading(const DelayData& data) {
  std::optional<core::Day> last;
  for (const auto* developments : {&data.clicks, &data.conversions}) {
    for (const learning::Development& each : *developments) {
      last = std::max(last.value_or(each.learned), each.learned);
    }
  }
  return last;
}

}  // namespace

Json correct_for_delay(const DelayData& data, core::Day today,
                       std::vector<learning::AdOutcome>& outcomes) {
  // What was read last is no older than that, however late it is looked at.
  const core::Day read = std::min(today, last_reading(data).value_or(today));
  const auto clicks = learning::fit_delay(data.clicks, read);
  const auto conversions = learning::fit_delay(data.conversions, read);
  for (learning::AdOutcome& outcome : outcomes) {
    const auto days = data.ads.find(outcome.ad_id);
    if (days == data.ads.end()) continue;
    if (clicks) {
      outcome.reported_clicks = learning::reported_share(*clicks, days->second.impressions, read);
    }
    if (conversions) {
      outcome.reported_conversions =
          learning::reported_share(*conversions, days->second.clicks, read);
    }
  }
  return {{"clicks", curve_json(clicks)}, {"conversions", curve_json(conversions)}};
}

std::vector<learning::BreakdownRow> read_breakdowns(const std::string& input,
                                                    core::Rejects& rejects,
                                                    const AdResolver& resolve) {
  std::vector<learning::BreakdownRow> rows;
  core::RecordReader reader(core::open_input(input));
  core::read_records(reader, rejects, [&](const RecordView& record) {
    record.for_each_member([](std::string_view name, const RecordView& value) {
      if (std::ranges::find(kFields, name) == std::end(kFields)) {
        value.fail("unknown field \"" + std::string(name) + "\"");
      }
    });
    learning::BreakdownRow row;
    const auto ad_id = optional_id(record, "ad_id");
    const auto platform_ad_id = optional_id(record, "platform_ad_id");
    if (!ad_id && !platform_ad_id) {
      record.fail("neither \"ad_id\" nor \"platform_ad_id\" is there");
    }
    row.cell = cell_of(record);
    row.impressions = count_at(record, "impressions");
    row.clicks = count_at(record, record.find("link_clicks") ? "link_clicks" : "clicks");
    if (row.clicks > row.impressions) record.fail("more clicks than impressions");
    const auto ours = resolve(ad_id, optional_id(record, "platform"), platform_ad_id);
    if (!ours) return;
    row.ad_id = *ours;
    rows.push_back(std::move(row));
  });
  return rows;
}

Json standardise_clicks(const std::vector<learning::BreakdownRow>& rows,
                        std::vector<learning::AdOutcome>& outcomes) {
  const auto standardised = learning::standardise(rows);
  std::int64_t ads = 0;
  double covered = 1;
  for (learning::AdOutcome& outcome : outcomes) {
    const auto at = standardised.find(outcome.ad_id);
    if (at == standardised.end()) continue;
    const learning::Standardised& found = at->second;
    outcome.standardised_clicks = {.events = found.rate * found.effective_impressions,
                                   .exposure = found.effective_impressions};
    covered = std::min(covered, found.mix_covered);
    ++ads;
  }
  return {{"ads", ads},
          {"rows", rows.size()},
          {"lowest_mix_covered", ads > 0 ? Json(covered) : Json()}};
}

}  // namespace adgenome::app
