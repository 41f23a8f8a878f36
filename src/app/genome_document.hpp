#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/element_prior.hpp>
#include <adgenome/learning/genome.hpp>
#include <nlohmann/json.hpp>
#include <vector>

namespace adgenome::app {

/// The scores as they stand in `adgenome/genome/v1`, in the order of display. What was learned from
/// rewards alone has no priors.
core::Json elements_json(std::vector<learning::ShownElement> elements,
                         const learning::ElementPriors& priors);

core::Json interval_json(const learning::Interval& interval);

/// The document around the list.
core::Json genome_document(core::Json elements, core::Json summary, learning::Rules rules);

void write_icc(const learning::Icc& icc, core::Json& summary);

}  // namespace adgenome::app
