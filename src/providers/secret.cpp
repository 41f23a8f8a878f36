#include <adgenome/core/text.hpp>
#include <adgenome/providers/secret.hpp>
#include <cstdlib>

namespace adgenome::providers {

std::string Secret::masked_in(std::string text) const {
  if (text_.empty()) return text;
  for (std::size_t at = text.find(text_); at != std::string::npos; at = text.find(text_, at + 3)) {
    text.replace(at, text_.size(), "***");
  }
  return text;
}

std::optional<Secret> secret_from_environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (!value) continue;
    std::string text(core::trim(value));
    if (!text.empty()) return Secret(std::move(text));
  }
  return std::nullopt;
}

}  // namespace adgenome::providers
