#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// A set of the brand's registry, as adgenome/weight_set/v1 without `schema`: the champion where
/// none is named, else the newest. `weight_set` is null for a brand that never learned.
core::Json show_weights(store::Session& session, const store::Brand& brand,
                        const std::optional<std::string>& id);

/// The sets of a method in order and the path of each scorer's weight, as
/// adgenome/weight_history/v1 without `schema`.
core::Json weight_history_of(store::Session& session, const store::Brand& brand,
                             const std::string& method);

/// Whether the champion still seems better than what it replaced, over the pools of the last 12
/// weeks: adgenome/weight_check/v1 without `schema`.
core::Json check_weights(store::Session& session, const store::Brand& brand, core::Time now);

/// Makes a set the champion: the newest challenger where none is named. The document is
/// adgenome/weight_change/v1 without `schema`.
core::Json promote_weights(store::Session& session, const store::Brand& brand,
                           const std::optional<std::string>& id, core::Time now, bool is_dry_run);

/// Gives the champion's place back to what it replaced.
core::Json rollback_weights(store::Session& session, const store::Brand& brand, core::Time now,
                            bool is_dry_run);

}  // namespace adgenome::app
