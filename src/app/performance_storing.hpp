#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/performance.hpp>
#include <adgenome/store/session.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "performance_chunk.hpp"
#include "performance_merge.hpp"

namespace adgenome::app {

/// Takes chunks of performance of one brand into the store, within a transaction that holds
/// lock_performance(), and counts what became of their rows.
class PerformanceStoring {
 public:
  /// `source` is what rejects call the input.
  PerformanceStoring(store::Session& session, std::string brand_id, std::string source,
                     core::Time now, core::Rejects& rejects);

  void store(PerformanceChunk chunk);
  /// To be called after the last one.
  void finish();

  const RowCounts& counts() const { return counts_; }
  /// What the spend of the brand has changed by, by currency.
  const std::map<std::string, std::int64_t>& spend_added() const { return spend_added_; }
  /// Periods that the input names again with other values.
  std::int64_t repeated() const { return repeated_; }
  /// Days, currencies and matches as members of the summary.
  void describe(core::Json& document) const;
  void describe_matches(core::Json& document) const;

 private:
  struct StoredAd {
    std::int64_t number = 0;
    /// The days outside of which the store holds nothing of it.
    std::optional<store::AdWindow> held;

    /// Whether the store may hold something in a window. From now on it may.
    bool meets(const store::AdWindow& window);
  };

  void store_ads(PerformanceChunk& chunk);
  void store_campaign(const PendingAd& ad);
  void attribute(const PendingAd& ad, const store::KnownPlatformAd& known,
                 const std::set<std::string>& in_name);
  void put_imported_ad(const PendingAd& ad);
  void see(std::int64_t number, bool is_matched);
  void count();
  MergedChunk merge(PerformanceChunk& chunk);
  void write(const MergedChunk& merged);
  void reject(PerformanceChunk& chunk, const MergedChunk& merged);

  store::Session& session_;
  std::string brand_id_;
  std::string source_;
  core::Time now_;
  core::Rejects& rejects_;

  std::vector<StoredAd> ads_;  ///< by their number in the file
  /// What was last stored of a campaign, by platform and id.
  std::map<std::pair<std::string, std::string>,
           std::pair<std::optional<std::string>, std::optional<std::string>>>
      campaigns_;
  std::vector<bool> seen_;  ///< by the store's number
  std::int64_t matched_ = 0;
  std::int64_t unmatched_ = 0;

  std::size_t added_ = 0;
  std::size_t counted_ = 0;  ///< of those

  RowCounts counts_;
  std::int64_t repeated_ = 0;
  std::map<std::string, std::int64_t> spend_added_;
  std::set<std::string> currencies_;
  std::optional<core::Day> first_;
  std::optional<core::Day> last_;
};

}  // namespace adgenome::app
