#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

// What the genome reads of the other aggregates.

/// The first day on which a brand's ads were shown, as known at a time.
std::optional<core::Day> first_delivery(Session& session, const std::string& brand_id,
                                        core::Time known_at);

/// How many of the brand's ads have a reward.
std::int64_t count_rewarded_ads(Session& session, const std::string& brand_id, core::Time known_at);

/// What the machine decided of the ads made here between two times.
struct VerdictCounts {
  std::int64_t approved = 0;
  std::int64_t rejected = 0;
  std::int64_t flagged = 0;
};
VerdictCounts count_verdicts(Session& session, const std::string& brand_id, core::Time after,
                             core::Time until);

/// The model whose style clusters were computed last.
std::optional<std::string> newest_cluster_model(Session& session, const std::string& brand_id);

/// Tags of the competitors' ads that a brand imported.
std::vector<core::Json> competitor_tags(Session& session, const std::string& brand_id);

}  // namespace adgenome::store
