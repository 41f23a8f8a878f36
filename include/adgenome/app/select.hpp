#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/scoring/selection.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace adgenome::app {

/// How a selection is wanted, in both modes.
struct SelectOptions {
  std::optional<std::string> preset = {};  ///< a built-in one or a file
  /// "learned", "static" or a file; none: learned where the brand has a champion.
  std::optional<std::string> weights = {};
  std::optional<std::string> category = {};         ///< only templates of it
  std::optional<std::string> prefer_category = {};  ///< scored, no filter
  std::optional<std::string> strictness = {};       ///< tier of the gate
  std::optional<double> min_asset_score = {};
  std::optional<double> max_similarity = {};
  std::int64_t scorer_timeout_s = 30;  ///< for each program that scores
  std::int64_t count = 3;
  bool lists_all = false;
  bool explains = false;
  bool keeps_pool = false;  ///< for a record of the selection
  bool is_classic = false;
  core::Time now{};
  std::uint64_t seed = 0;
  std::string selection_id = {};
  store::KnownAt known_at = {};
};

/// Selects from candidates in a file (JSONL or one list; "-" is standard input) for a context in
/// a file (none: nothing is known of it). Returns a document adgenome/selection/v1.
core::Json select_from_files(const std::string& candidates,
                             const std::optional<std::string>& context,
                             const SelectOptions& options);

/// A selection and the pool that it was drawn from.
struct PooledSelection {
  core::Json document;
  std::optional<scoring::PoolLog> pool;  ///< where the options ask for it
};

/// Selects from the store's active templates for a product of the brand, and a persona where one
/// is named. Reads only.
PooledSelection select_from_store(store::Session& session, const store::Brand& brand,
                                  const std::string& product_id,
                                  const std::optional<std::string>& persona_id,
                                  const SelectOptions& options);

/// Records a selection (a document adgenome/selection/v1, with or without its `schema`), its items
/// and its pool in one transaction. False where it is recorded already; InvalidInput where another
/// selection has its id, and for a document that drew nothing.
bool record_selection(store::Session& session, const std::string& brand_id,
                      const std::string& persona_id, const core::Json& document,
                      const std::optional<scoring::PoolLog>& pool);

/// Records a selection that came as a document, once. Its pool is found again: the store's
/// candidates scored as the document says. Where they do not give what was drawn the probability
/// that it had (the store has changed since, or a program scored), it is recorded without, and
/// `warnings` says so.
void record_read_selection(store::Session& session, const store::Brand& brand,
                           const std::optional<std::string>& persona_id, const core::Json& document,
                           std::vector<std::string>& warnings);

}  // namespace adgenome::app
