#pragma once

#include <adgenome/app/attribute.hpp>
#include <adgenome/learning/attribution.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {

/// A warning for every stratum that is a result of performance.
std::vector<std::string> stratum_warnings(const std::vector<std::string>& strata);

core::Json attribution_document(const learning::Attribution& attribution,
                                const AttributeOptions& options, core::Json brand_id,
                                core::Json summary);

}  // namespace adgenome::app
