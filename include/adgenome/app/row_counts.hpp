#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/store/records.hpp>
#include <cstdint>

namespace adgenome::app {

/// What became of the rows of a batch (page 1.4).
struct RowCounts {
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t skipped = 0;

  std::int64_t read() const { return added + changed + unchanged + rejected + skipped; }
  void count(store::Upsert outcome);
};

/// The counts as members of a summary: read, new, changed, unchanged, rejected, skipped.
void add_counts(core::Json& document, const RowCounts& counts);

}  // namespace adgenome::app
