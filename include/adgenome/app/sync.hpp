#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/providers/client.hpp>
#include <adgenome/providers/meta.hpp>
#include <adgenome/store/catalogue.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// Meta restates what it said of a day for so long.
inline constexpr std::chrono::days kMetaRestatement{28};

struct MetaSync {
  /// As given ("act_1"); none: those that are linked to the brand.
  std::vector<std::string> accounts;
  /// The first day; nothing: where an open pull stands, else 28 days before the last one's end.
  std::optional<core::Day> since;
  core::Time now;
  bool is_dry_run = false;

  std::optional<providers::Secret> token;
  std::string address = providers::kMetaAddress;
  providers::RetryPolicy policy;
  providers::Client::Surroundings surroundings;
  std::function<std::unique_ptr<providers::Transport>()> open_transport =
      providers::open_http_transport;
  /// Called when days have been stored: how many of how many.
  std::function<void(std::int64_t days, std::int64_t of_days)> progress = {};
};

struct SyncReport {
  core::Json document;  ///< sync/v1
  std::vector<std::string> warnings;
  /// The first account that could not be pulled to its end; what was stored stays.
  std::optional<core::Error> error;
};

/// Pulls accounts, campaigns, ads and daily insights from Meta's Marketing API. Each day (of long
/// ranges, each part of an asynchronous report) is stored in a transaction of its own with how far
/// the pull has come, so that a run that was interrupted is taken up where it stopped. Days are
/// those of the account's time zone, today's incomplete one included: later runs restate it.
SyncReport sync_meta(store::Session& session, const store::Brand& brand, core::Rejects& rejects,
                     const MetaSync& request);

}  // namespace adgenome::app
