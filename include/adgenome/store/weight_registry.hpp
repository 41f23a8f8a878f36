#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <adgenome/store/weights.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::store {

/// The brand's sets in the order in which they were added.
std::vector<WeightSet> weight_sets(Session& session, const std::string& brand_id);
std::optional<WeightSet> find_weight_set(Session& session, const std::string& brand_id,
                                         const std::string& id);
void set_weight_set_status(Session& session, const std::string& brand_id, const std::string& id,
                           std::string_view status);

/// A promotion or rollback. A set that is empty stands for the preset's static weights.
struct WeightChange {
  std::string action;  ///< promote, rollback
  std::string weight_set;
  std::string former_weight_set;
  core::Time changed_at = {};
};

/// The change that made this set champion, the last such one up to a time.
std::optional<WeightChange> promotion_of(Session& session, const std::string& brand_id,
                                         const std::string& weight_set,
                                         core::Time known_at = kNewest);
/// Adds a change behind all others; to be called within a transaction.
void add_weight_change(Session& session, const std::string& brand_id, const WeightChange& change);

/// Sums of the sequential test against the champion, as they were at a time; put anew they begin
/// anew.
struct WeightTest {
  std::int64_t snapshots = 0;
  double sum = 0;
  double sum_squares = 0;
  double tau2 = 0;
};
WeightTest weight_test(Session& session, const std::string& brand_id, std::string_view method,
                       core::Time known_at = kNewest);
void put_weight_test(Session& session, const std::string& brand_id, std::string_view method,
                     const WeightTest& test, core::Time now);

/// What other brands lent last up to a time, or null.
struct WeightPriorRow {
  core::Json prior = nullptr;
  core::Time computed_at = {};
};
WeightPriorRow weight_prior(Session& session, const std::string& brand_id,
                            core::Time known_at = kNewest);
void put_weight_prior(Session& session, const std::string& brand_id, const core::Json& prior,
                      core::Time now);

/// Ids of the brands of an organization that share with each other, but for one.
std::vector<std::string> sharing_brands(Session& session, const std::string& organization_id,
                                        const std::string& except);

/// A template drawn, in the order of the draws of its selection, and what was credited for it up to
/// a time.
struct DrawnItem {
  std::string template_id;
  double draw_probability = 1;
  std::optional<double> credited_reward;
  std::optional<core::Time> credited_at;
};
std::vector<DrawnItem> drawn_items(Session& session, const std::string& brand_id,
                                   const std::string& selection_id, core::Time known_at = kNewest);

}  // namespace adgenome::store
