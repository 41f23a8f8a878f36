#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/ingest/performance.hpp>
#include <adgenome/store/catalogue.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

struct PerformanceImport {
  ingest::PerformanceOptions options;
  bool is_dry_run = false;
  core::Time now;
  std::function<void(std::int64_t count)> on_rows = {};  ///< called as rows are stored
};

/// Imports an export of performance for a brand in one transaction: contract import/v1. Each value
/// is kept with the time at which it was learned; platform ads are attributed to ads of ours by
/// mapping, else by the short id in their name; with tag columns, ads are made of them.
core::Json import_performance(store::Session& session, const store::Brand& brand,
                              const std::string& path, core::Rejects& rejects,
                              const PerformanceImport& request);

}  // namespace adgenome::app
