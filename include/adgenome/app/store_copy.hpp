#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

struct StoreCopy {
  std::string from;
  std::string to;
  std::int64_t busy_timeout_ms = 5000;
  std::string program_version;
  core::Time now;
  bool is_dry_run = false;
};

/// Copies every row of a store into an empty one (made where it is not there), of either backend,
/// in one transaction: contract store_copy/v1. Rows and checksums are compared by table before it
/// is committed. `on_rows` is told of rows as they are copied.
core::Json copy_store(const StoreCopy& request, const std::function<void(std::int64_t)>& on_rows);

}  // namespace adgenome::app
