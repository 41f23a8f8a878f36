#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/performance.hpp>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "performance_chunk.hpp"

namespace adgenome::app {

/// A version that the store holds, with texts of its own.
class HeldVersion {
 public:
  explicit HeldVersion(const store::PerformanceVersion& held)
      : version_(held),
        currency_(held.period.currency),
        attribution_window_(held.values.attribution_window) {}

  core::Day date_start() const { return version_.period.date_start; }
  core::Day date_stop() const { return version_.period.date_stop; }
  std::string_view currency() const { return currency_; }
  core::Time learned_at() const { return version_.learned_at; }
  store::PerformanceValues values() const {
    store::PerformanceValues values = version_.values;
    values.attribution_window = attribution_window_;
    return values;
  }

 private:
  store::PerformanceVersion version_;
  std::string currency_;
  std::string attribution_window_;
};

/// What is to be written of a chunk, and what became of its rows.
struct MergedChunk {
  std::vector<const PendingPeriod*> added;  ///< in order of their periods
  std::vector<store::AdPeriod> replaced;    ///< whose version that counted does so no longer
  /// Versions that are not the last ones in time, with the one that they follow.
  struct OutOfOrder {
    store::PerformanceVersion version;
    std::optional<core::Time> before;
  };
  std::vector<OutOfOrder> out_of_order;
  std::vector<std::pair<const PendingPeriod*, std::string>> overlapping;  ///< with the other period

  RowCounts counts;
  std::int64_t repeated = 0;  ///< periods that the chunk itself names again with other values
  std::map<std::string, std::int64_t> spend_added;  ///< by currency
  std::set<std::string> currencies;
  std::optional<core::Day> first;
  std::optional<core::Day> last;
};

/// Merges the rows of one platform ad, sorted by period and line, with what the store holds of it,
/// sorted by period and time. The newest value of a period counts, one that is equal changes
/// nothing; of rows whose periods overlap the earlier line is taken, and what the store has always.
void merge_ad(std::span<const PendingPeriod* const> rows, std::span<const HeldVersion> held,
              core::Time now, MergedChunk& merged);

}  // namespace adgenome::app
