#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/ingest/performance.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "pending_period.hpp"

namespace adgenome::app {

/// A platform ad that the file names for the first time, or under other names than before.
struct PendingAd {
  std::uint32_t ad = 0;
  bool is_first = true;
  store::PlatformAd names;
  std::optional<std::string> campaign_name;
  std::optional<std::string> objective;
  core::Json tags;  ///< null where none were asked for
  core::Day date_start;
};

struct BadRow {
  std::int64_t line = 0;
  core::InvalidInput error;
  std::string raw;
};

/// So much of a file as is stored at once: what bounds the memory that an import needs.
struct PerformanceChunk {
  std::vector<PendingPeriod> periods;
  std::vector<PendingAd> ads;
  std::vector<BadRow> bad;
  std::string raw;
  /// Holds the attribution windows that the periods name.
  std::unordered_set<std::string> texts;
  std::uint32_t ads_in_file = 0;  ///< ad numbers of the file are below this
  bool restarts_numbers = false;  ///< they begin anew with this chunk
};

/// Collects rows to chunks and hands each on once it is full.
class PerformanceChunks {
 public:
  /// `keeps_raw`: the texts of rows are wanted, should they turn out to be bad.
  PerformanceChunks(bool keeps_raw, std::function<void(PerformanceChunk)> hand_on);

  void add(const ingest::PerformanceRow& row);
  void add_bad(std::int64_t line, const core::InvalidInput& error, std::string_view raw);
  /// Hands on what is left.
  void finish();

 private:
  struct SeenAd {
    std::uint32_t ad = 0;
    std::uint64_t names = 0;  ///< hash of the names it was seen under
  };

  std::uint32_t ad_of(const ingest::PerformanceRow& row);
  const std::string* window_of(const ingest::PerformanceRow& row);
  void hand_on_if_full();

  bool keeps_raw_;
  std::function<void(PerformanceChunk)> hand_on_;
  PerformanceChunk chunk_;
  std::size_t text_bytes_ = 0;
  const std::string* window_ = nullptr;  ///< of the row before, in the chunk
  std::unordered_map<std::string, SeenAd> seen_;
  std::string key_;
};

}  // namespace adgenome::app
