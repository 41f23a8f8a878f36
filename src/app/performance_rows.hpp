#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/delivery.hpp>
#include <string>

namespace adgenome::app {

/// Performance rows of one brand as they come through a pipe.
struct PerformanceRows {
  learning::DeliveryLedger ledger;
  std::string currency;  ///< of every row; empty where there is none
  RowCounts counts;
  std::int64_t more_clicks_than_impressions = 0;
};

/// Reads JSONL or one JSON array of performance rows (page 2.5) up to `today`; later ones are
/// skipped. Throws InvalidInput naming both where two currencies meet.
PerformanceRows read_performance_rows(const std::string& input, core::Day today,
                                      core::Rejects& rejects);

}  // namespace adgenome::app
