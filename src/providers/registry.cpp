#include <adgenome/core/text.hpp>
#include <adgenome/providers/registry.hpp>
#include <array>

#include "provider_rows.hpp"

namespace adgenome::providers {
// One row a provider.
std::span<const Provider> providers() {
  static const std::array<Provider, 3> rows = {gemini_row(), openai_row(), anthropic_row()};
  return rows;
}

const Provider& find_provider(std::string_view name) {
  std::vector<std::string> known;
  for (const Provider& provider : providers()) {
    if (provider.name == name) return provider;
    known.emplace_back(provider.name);
  }
  throw core::InvalidInput("there is no provider \"" + std::string(name) + "\"",
                           "known: " + core::join(known, ", "));
}

std::string media_type_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP")
    return "image/webp";
  return "";
}

}  // namespace adgenome::providers
