#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/genome.hpp>
#include <vector>

namespace adgenome::app {

/// The list `elements` of `adgenome/genome/v1`, ordered by scope, dimension, lower bound.
core::Json elements_json(std::vector<learning::ElementScore> scores);

/// The document around the list.
core::Json genome_document(core::Json elements, core::Json summary);

/// `icc` of a summary.
void write_icc(const learning::Icc& icc, core::Json& summary);

}  // namespace adgenome::app
