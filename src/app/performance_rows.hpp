#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/delivery.hpp>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace adgenome::app {

/// A value of a platform ad's day and when it was learned.
struct LearnedValue {
  core::Time learned_at;
  learning::Delivery delivery;
};

/// Performance rows of one brand as they come through a pipe.
struct PerformanceRows {
  /// Ad, platform, its ad, first day.
  using Period = std::tuple<std::string, std::string, std::string, core::Day>;
  learning::DeliveryLedger ledger;
  std::string currency;  ///< of every row; empty where there is none
  RowCounts counts;
  std::int64_t more_clicks_than_impressions = 0;
  /// Every value of the rows that say when they were learned (`learned_at`): the last one counts.
  std::map<Period, std::vector<LearnedValue>> learned;
};

/// Reads JSONL or one JSON array of performance rows (page 2.5) up to `today`; later ones are
/// skipped. Throws InvalidInput naming both where two currencies meet.
PerformanceRows read_performance_rows(const std::string& input, core::Day today,
                                      core::Rejects& rejects);

}  // namespace adgenome::app
