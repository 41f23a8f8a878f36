#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace adgenome::store {

/// The candidates of a recorded selection; `bytes` are in `format`, which scoring reads.
struct SelectionPool {
  std::string selection_id;
  std::string format;
  std::int64_t candidates = 0;  ///< after the gate
  double fraction = 1;          ///< share of those not drawn that is kept
  std::string bytes;
  double temperature = 1;       ///< of the selection; read only
  std::string preset = {};      ///< likewise
  std::string weight_set = {};  ///< likewise; empty: the preset's own weights
};

/// Stores the pool of a selection of the brand; to be called in the transaction that records it.
void insert_selection_pool(Session& session, const std::string& brand_id,
                           const SelectionPool& pool);

/// Visits the pools of the brand's selections that were made from `since` to `until`, both
/// included, in order of the selections' ids.
void visit_selection_pools(Session& session, const std::string& brand_id, core::Time since,
                           const std::function<void(const SelectionPool&)>& visit,
                           core::Time until = kNewest);

/// The pool of one selection, where it was kept.
std::optional<SelectionPool> find_selection_pool(Session& session, const std::string& brand_id,
                                                 const std::string& selection_id);

}  // namespace adgenome::store
