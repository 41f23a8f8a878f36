#pragma once

#include <adgenome/app/attribute.hpp>
#include <adgenome/learning/attribution.hpp>
#include <adgenome/learning/strata.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {

/// A warning for every stratum that is a result of performance.
std::vector<std::string> stratum_warnings(const std::vector<std::string>& strata);

/// Names of strata, and which of them are made of a dimension of tags.
struct StrataNames {
  std::vector<std::string> names;
  learning::StratumDimensions dimensions;
};

core::Json attribution_document(const learning::Attribution& attribution,
                                const AttributeOptions& options, const StrataNames& strata,
                                core::Json brand_id, core::Json summary);

}  // namespace adgenome::app
