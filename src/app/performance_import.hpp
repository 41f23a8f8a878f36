#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/ingest/performance.hpp>
#include <adgenome/store/catalogue.hpp>
#include <map>
#include <set>
#include <span>
#include <string>

namespace adgenome::app {

/// Adds to the options what the store knows of the brand and its accounts and rows may leave out:
/// currencies, and the events that count as conversions. `account_id`: the account of all rows.
ingest::PerformanceOptions with_settings(ingest::PerformanceOptions options,
                                         store::Session& session, const store::Brand& brand,
                                         const std::optional<std::string>& account_id);

core::Json money_by_currency(const std::map<std::string, std::int64_t>& micros);

/// What several imports of pages came to.
struct PageTotals {
  RowCounts counts;
  std::set<std::string> currencies;
  std::set<std::string> campaigns;  ///< ids that rows name
};

/// Stores pages of the insights edge of the Marketing API, as a file of them would be, within a
/// transaction that holds lock_performance(). `name` is what messages and rejects call them.
void import_insights(store::Session& session, const std::string& brand_id,
                     std::span<const std::string> pages, const std::string& name,
                     const ingest::PerformanceOptions& options, core::Time now,
                     core::Rejects& rejects, PageTotals& totals);

}  // namespace adgenome::app
