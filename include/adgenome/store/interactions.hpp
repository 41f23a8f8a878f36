#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// A row of `element_interactions`; (a, b) in canonical order.
struct StoredInteraction {
  std::string a_dimension, a_value, b_dimension, b_value;
  double effect = 0;
  std::optional<double> effect_low;
  std::optional<double> effect_high;
  std::optional<double> p;
  std::optional<double> q;
  std::int64_t ads = 0;
  std::int64_t runs = 0;
  std::string direction;  ///< synergy, conflict, neutral
  core::Json document;
};

/// By key: those that were found up to a time.
std::vector<StoredInteraction> interactions(Session& session, const std::string& brand_id,
                                            core::Time known_at = kNewest);
void put_interaction(Session& session, const std::string& brand_id, const StoredInteraction& pair,
                     core::Time now);
void delete_interaction(Session& session, const std::string& brand_id,
                        const StoredInteraction& pair, core::Time now);

}  // namespace adgenome::store
