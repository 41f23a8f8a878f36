#include <adgenome/store/performance.hpp>
#include <array>

#include "values_rows.hpp"

namespace adgenome::store {
namespace {

constexpr std::string_view kVersionColumns =
    "p.ad_number, p.date_start, p.date_stop, p.currency, p.learned_at, p.replaced_at, "
    "p.impressions, p.spend_micros, p.reach, p.frequency, p.clicks, p.link_clicks, "
    "p.conversions_millionths, p.conversion_value_micros, p.attribution_window ";

void visit_row(const Row& row, const std::function<void(const PerformanceVersion&)>& visit) {
  const std::string currency = row.text(3);
  const std::string window = row.optional_text(14).value_or("");
  visit({.period = {.ad_number = row.integer(0),
                    .date_start = row.day_number(1),
                    .date_stop = row.day_number(2),
                    .currency = currency},
         .values = {.impressions = row.integer(6),
                    .spend_micros = row.integer(7),
                    .reach = row.optional_integer(8),
                    .frequency = row.optional_real(9),
                    .clicks = row.optional_integer(10),
                    .link_clicks = row.optional_integer(11),
                    .conversions_millionths = row.optional_integer(12),
                    .conversion_value_micros = row.optional_integer(13),
                    .attribution_window = window},
         .learned_at = row.time(4),
         .replaced_at = row.optional_time(5)});
}

/// Visits the versions of one statement's windows.
void visit_part(Session& session, const std::string& brand_id, std::span<const AdWindow> windows,
                const std::function<void(const PerformanceVersion&)>& visit) {
  // Padded to one size with windows of no ad, so that the statement is prepared once.
  const std::size_t rows = windows.size() == 1 ? 1 : kRowsAtOnce;
  std::vector<Value> parameters{brand_id};
  for (std::size_t i = 0; i < rows; ++i) {
    const AdWindow window = i < windows.size() ? windows[i] : AdWindow{.ad_number = -1};
    parameters.insert(parameters.end(),
                      {window.ad_number, day_number(window.first), day_number(window.last)});
  }
  session.query(
      "WITH w (ad_number, first, last) AS (" +
          values_rows(rows, {"BIGINT", "BIGINT", "BIGINT"}, 2) + ") SELECT " +
          std::string(kVersionColumns) +
          "FROM w CROSS JOIN ad_performance p "
          "WHERE p.brand_id = $1 AND p.ad_number = w.ad_number AND p.date_start <= w.last "
          "AND p.date_start >= COALESCE((SELECT MAX(q.date_start) FROM ad_performance q "
          "WHERE q.brand_id = $1 AND q.ad_number = w.ad_number AND q.date_start < w.first), "
          "w.first) "
          "ORDER BY p.ad_number, p.date_start, p.date_stop, p.currency, p.learned_at",
      parameters, [&](const Row& row) { visit_row(row, visit); });
}

Value text_or_null(std::string_view text) {
  return text.empty() ? Value() : Value(std::string(text));
}

}  // namespace

void lock_performance(Transaction& transaction, const std::string& brand_id) {
  transaction.lock("performance/" + brand_id);
}

void visit_versions(Session& session, const std::string& brand_id,
                    std::span<const AdWindow> windows,
                    const std::function<void(const PerformanceVersion&)>& visit) {
  in_parts(windows,
           [&](std::span<const AdWindow> part) { visit_part(session, brand_id, part, visit); });
}

void visit_known(Session& session, const std::string& brand_id,
                 std::span<const std::int64_t> ad_numbers, core::Time known_at,
                 const std::function<void(const PerformanceVersion&)>& visit) {
  in_parts(ad_numbers, [&](std::span<const std::int64_t> part) {
    std::vector<Value> parameters{brand_id, known_at};
    for (std::size_t i = 0; i < kRowsAtOnce; ++i) {
      parameters.push_back(i < part.size() ? part[i] : std::int64_t{-1});
    }
    session.query("WITH w (ad_number) AS (" + values_rows(kRowsAtOnce, {"BIGINT"}, 3) +
                      ") SELECT " + std::string(kVersionColumns) +
                      "FROM w CROSS JOIN ad_performance p WHERE p.brand_id = $1 "
                      "AND p.ad_number = w.ad_number AND p.learned_at <= $2 "
                      "AND (p.replaced_at IS NULL OR p.replaced_at > $2) "
                      "ORDER BY p.ad_number, p.date_start, p.date_stop, p.currency",
                  parameters, [&](const Row& row) { visit_row(row, visit); });
  });
}

VersionInsert::VersionInsert(Session& session, const std::string& brand_id)
    : brand_id_(brand_id),
      rows_(session.connection().bulk_insert(
          "ad_performance",
          {"brand_id", "ad_number", "date_start", "date_stop", "currency", "learned_at",
           "impressions", "spend_micros", "reach", "frequency", "clicks", "link_clicks",
           "conversions_millionths", "conversion_value_micros", "attribution_window"})) {}

void VersionInsert::add(const AdPeriod& period, const PerformanceValues& values,
                        core::Time learned_at) {
  const std::array<BulkValue, 15> row = {
      std::string_view(brand_id_),
      period.ad_number,
      day_number(period.date_start),
      day_number(period.date_stop),
      period.currency,
      learned_at,
      values.impressions,
      values.spend_micros,
      bulk_or_null(values.reach),
      bulk_or_null(values.frequency),
      bulk_or_null(values.clicks),
      bulk_or_null(values.link_clicks),
      bulk_or_null(values.conversions_millionths),
      bulk_or_null(values.conversion_value_micros),
      values.attribution_window.empty() ? BulkValue() : BulkValue(values.attribution_window)};
  rows_->add(row);
}

void VersionInsert::finish() {
  rows_->finish();
}

void count_performance(Session& session) {
  if (session.backend() == Backend::kPostgres) session.connection().run("ANALYZE ad_performance");
}

void replace_versions(Session& session, const std::string& brand_id,
                      std::span<const AdPeriod> periods, core::Time replaced_at) {
  in_parts(periods, [&](std::span<const AdPeriod> part) {
    std::vector<Value> parameters{brand_id, replaced_at};
    for (std::size_t i = 0; i < kRowsAtOnce; ++i) {
      const AdPeriod period = i < part.size() ? part[i] : AdPeriod{.ad_number = -1};
      parameters.insert(parameters.end(),
                        {period.ad_number, day_number(period.date_start),
                         day_number(period.date_stop), std::string(period.currency)});
    }
    session.execute("WITH w (ad_number, date_start, date_stop, currency) AS (" +
                        values_rows(kRowsAtOnce, {"BIGINT", "BIGINT", "BIGINT", "TEXT"}, 3) +
                        ") UPDATE ad_performance SET replaced_at = $2 FROM w "
                        "WHERE ad_performance.brand_id = $1 "
                        "AND ad_performance.ad_number = w.ad_number "
                        "AND ad_performance.date_start = w.date_start "
                        "AND ad_performance.date_stop = w.date_stop "
                        "AND ad_performance.currency = w.currency "
                        "AND ad_performance.replaced_at IS NULL",
                    parameters);
  });
}

void put_version(Session& session, const std::string& brand_id, const PerformanceVersion& version,
                 std::optional<core::Time> before) {
  const AdPeriod& period = version.period;
  const PerformanceValues& values = version.values;
  session.execute(
      "INSERT INTO ad_performance (brand_id, ad_number, date_start, date_stop, currency, "
      "learned_at, replaced_at, impressions, spend_micros, reach, frequency, clicks, link_clicks, "
      "conversions_millionths, conversion_value_micros, attribution_window) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
      "ON CONFLICT (brand_id, ad_number, date_start, date_stop, currency, learned_at) "
      "DO UPDATE SET impressions = excluded.impressions, spend_micros = excluded.spend_micros, "
      "reach = excluded.reach, frequency = excluded.frequency, clicks = excluded.clicks, "
      "link_clicks = excluded.link_clicks, "
      "conversions_millionths = excluded.conversions_millionths, "
      "conversion_value_micros = excluded.conversion_value_micros, "
      "attribution_window = excluded.attribution_window",
      {brand_id, period.ad_number, day_number(period.date_start), day_number(period.date_stop),
       std::string(period.currency), version.learned_at, or_null(version.replaced_at),
       values.impressions, values.spend_micros, or_null(values.reach), or_null(values.frequency),
       or_null(values.clicks), or_null(values.link_clicks), or_null(values.conversions_millionths),
       or_null(values.conversion_value_micros), text_or_null(values.attribution_window)});
  if (!before) return;
  session.execute(
      "UPDATE ad_performance SET replaced_at = $7 WHERE brand_id = $1 AND ad_number = $2 "
      "AND date_start = $3 AND date_stop = $4 AND currency = $5 AND learned_at = $6",
      {brand_id, period.ad_number, day_number(period.date_start), day_number(period.date_stop),
       std::string(period.currency), *before, version.learned_at});
}

std::map<std::string, std::int64_t> spend_by_currency(Session& session,
                                                      const std::string& brand_id) {
  std::map<std::string, std::int64_t> spend;
  session.query(
      "SELECT currency, CAST(SUM(spend_micros) AS BIGINT) FROM ad_performance "
      "WHERE brand_id = $1 AND replaced_at IS NULL GROUP BY currency ORDER BY currency",
      {brand_id}, [&](const Row& row) { spend[row.text(0)] = row.integer(1); });
  return spend;
}

}  // namespace adgenome::store
