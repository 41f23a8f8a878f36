#pragma once

#include <adgenome/app/interactions.hpp>
#include <adgenome/learning/interactions.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

core::Json pair_json(const learning::PairInteraction& pair);

/// The pairs that are kept: the first 15, or all.
std::vector<learning::PairInteraction> kept_pairs(const learning::Interactions& interactions,
                                                  const InteractionOptions& options);

core::Json interactions_document(core::Json list, const learning::Interactions& interactions,
                                 const InteractionOptions& options, core::Json brand_id,
                                 core::Json summary);

}  // namespace adgenome::app
