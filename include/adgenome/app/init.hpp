#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

struct InitOptions {
  bool with_demo = false;
  bool is_dry_run = false;
  core::Time now;
  std::string program_version;
};

/// Makes a store; contract init/v1. Doing it again changes nothing. Throws StoreError for a store
/// that is behind this program or not ours.
core::Json init(const std::string& url, std::int64_t busy_timeout_ms, const InitOptions& options);

}  // namespace adgenome::app
