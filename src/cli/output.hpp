#pragma once

#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <string>

namespace adgenome::cli {

/// The text of an output in a format. `schema` is the contract of the document (null: none), from
/// which the columns of `csv` come, so that an empty result still has its header.
std::string render(const Output& output, Format format, const core::Json& schema);

}  // namespace adgenome::cli
