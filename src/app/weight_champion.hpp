#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace adgenome::app {

/// Makes a set the champion and retires the former one, in the open transaction. An empty set is
/// the preset's static weights. `action` is promote or rollback. Returns the change.
store::WeightChange make_champion(store::Session& session, const std::string& brand_id,
                                  const std::string& weight_set, const std::string& action,
                                  core::Time now);

/// The set that a selection uses: the champion, but for 8 weeks after its promotion the former one
/// in one of five selections, chosen by the seed, so that the two can be compared. Nothing: the
/// static weights. Sets made after `known_at` do not count.
std::optional<store::WeightSet> weights_in_use(store::Session& session, const std::string& brand_id,
                                               core::Time now, std::uint64_t seed,
                                               core::Time known_at = store::kNewest);

}  // namespace adgenome::app
