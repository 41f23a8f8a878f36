#pragma once

#include <adgenome/core/records.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/weights.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// Reads snapshots (`weights_used`, `scores`, `reward`, `propensity`, `weight`) row by row into
/// one that is used again: rows come by the million.
class SnapshotRows {
 public:
  /// With a half-life the weight of a row goes by its age, from `drawn_at` to `now`.
  SnapshotRows(const learning::StaticWeights& static_weights, std::optional<double> half_life_weeks,
               core::Time now);

  /// The snapshot of a row, valid until the next; null where its reward is not known yet. Throws
  /// InvalidInput for a row that cannot be learned from.
  const learning::Snapshot* read(const core::RecordView& row);

 private:
  void read_weight(std::string_view scorer, const core::RecordView& value);
  void read_score(std::string_view scorer, const core::RecordView& value);
  std::size_t slot_of(std::string_view scorer);
  void require_scores(const core::RecordView& scores) const;

  std::vector<std::string> learned_;
  std::vector<std::string_view> others_;  ///< of this row: scorers that are not learned
  std::size_t expected_ = 0;              ///< rows name their scorers in the same order mostly
  std::optional<double> half_life_weeks_;
  core::Time now_;
  learning::Snapshot snapshot_;
};

}  // namespace adgenome::app
