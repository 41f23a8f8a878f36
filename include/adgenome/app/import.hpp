#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/ingest/performance.hpp>
#include <adgenome/store/catalogue.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

/// What became of the rows of a batch; `read` is the sum of the others.
struct RowCounts {
  std::int64_t read = 0;
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t skipped = 0;

  void count(store::Upsert outcome);
};

/// The counts as members of a summary: read, new, changed, unchanged, rejected, skipped.
void add_counts(core::Json& document, const RowCounts& counts);

/// Imports catalogue records (JSONL or one array, each naming its `type`) in one transaction.
RowCounts import_catalogue(store::Session& session, core::Input input, core::Rejects& rejects,
                           bool is_dry_run);

struct PerformanceImport {
  ingest::PerformanceOptions options;
  bool is_dry_run = false;
  core::Time now;
};

/// Imports an export of performance for a brand in one transaction: contract import/v1. Each value
/// is kept with the time at which it was learned; platform ads are attributed to ads of ours by
/// mapping, else by the short id in their name; with tag columns, ads are made of them.
core::Json import_performance(store::Session& session, const store::Brand& brand,
                              const std::string& path, core::Rejects& rejects,
                              const PerformanceImport& request);

}  // namespace adgenome::app
