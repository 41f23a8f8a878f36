#pragma once

#include <adgenome/core/json.hpp>
#include <cstdint>

namespace adgenome::app {

/// Counts of a batch (page 1.4); `read` is the sum of the five.
struct RowCounts {
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t skipped = 0;
  /// Adds `read, new, changed, unchanged, rejected, skipped` to a summary.
  void write_to(core::Json& summary) const;
};

}  // namespace adgenome::app
