#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace adgenome::core {

/// The bytes in base 64 (RFC 4648, with padding).
std::string to_base64(std::string_view bytes);

/// The bytes that a text in base 64 stands for, with or without its padding; nothing where it holds
/// anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace adgenome::core
