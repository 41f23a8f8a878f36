#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::store {

/// An ad that was made from a selection item, with its final reward where it has one.
struct SnapshotAdRow {
  std::string status;
  std::optional<std::string> human_decision;
  std::optional<core::Day> first_delivery;  ///< the first day with impressions
  std::optional<double> reward;
  std::optional<double> weight;
  bool is_from_review = false;
};

/// A selection item, what the learners hold of it, and its ads.
struct SnapshotRow {
  std::string selection_id;
  std::string template_id;
  std::optional<double> credited_reward;
  std::optional<double> credited_weight;
  std::vector<SnapshotAdRow> ads;
};

/// Visits a brand's selection items in order of their keys, as they were at a time; what the
/// learners hold of them is their own.
void visit_snapshots(Session& session, const std::string& brand_id, const KnownAt& known_at,
                     const std::function<void(const SnapshotRow&)>& visit);

/// What a selection item was drawn with.
struct SnapshotScores {
  core::Json weights_used;
  core::Json scores;
};
SnapshotScores snapshot_scores(Session& session, const std::string& brand_id,
                               const SnapshotRow& item);

/// Notes what the learners now hold of a selection item; what they held is kept.
void mark_credited(Session& session, const std::string& brand_id, const SnapshotRow& item,
                   double reward, double weight, core::Time now);

/// A selection item that the learners hold, and when it was drawn.
struct CreditedSnapshot {
  core::Json scores;
  double reward = 0;
  double weight = 1;
  core::Time drawn_at = {};
};
void visit_credited(Session& session, const std::string& brand_id,
                    const std::function<void(const CreditedSnapshot&)>& visit);

/// The sums of a method's learner, or null.
core::Json weight_posterior(Session& session, const std::string& brand_id, std::string_view method);
void put_weight_posterior(Session& session, const std::string& brand_id, std::string_view method,
                          const core::Json& state, core::Time now);

struct WeightSet {
  std::string id;
  std::optional<std::string> parent_id;
  std::string method;
  std::string status;   ///< challenger, champion, retired
  core::Json weights;   ///< effective weight by scorer
  core::Json document;  ///< the output that made it, without its schema
  core::Time created_at = {};
};

/// The set of a method (empty: of any) that was added last up to a time, whatever its status.
std::optional<WeightSet> newest_weight_set(Session& session, const std::string& brand_id,
                                           std::string_view method, core::Time known_at = kNewest);

/// The set that selections use, or used at a time.
std::optional<WeightSet> champion_weight_set(Session& session, const std::string& brand_id,
                                             core::Time known_at = kNewest);

/// Adds a set behind all others of the brand; to be called within a transaction.
void add_weight_set(Session& session, const std::string& brand_id, const WeightSet& set,
                    core::Time now);

}  // namespace adgenome::store
