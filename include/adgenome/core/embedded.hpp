#pragma once

#include <span>
#include <string_view>

namespace adgenome::core {

/// A file that is part of the binary.
struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace adgenome::core
