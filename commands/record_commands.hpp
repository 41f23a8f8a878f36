#pragma once

#include <adgenome/cli/command.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace adgenome::commands {

/// A kind of records that is imported and exported in one shape.
struct RecordKind {
  std::string_view name;
  std::string_view what;     ///< "clicks on ads"
  std::string_view details;  ///< of the import
  std::string_view example;  ///< a file of it
  bool names_its_brand;
};

std::span<const RecordKind> record_kinds();

/// One command a kind below `import`.
std::vector<cli::Command> import_record_commands();

}  // namespace adgenome::commands
