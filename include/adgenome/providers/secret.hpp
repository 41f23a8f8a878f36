#pragma once

#include <initializer_list>
#include <optional>
#include <string>

namespace adgenome::providers {

/// A key or token. It leaves this class in one way only, so that it cannot slip into a message.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  /// For the header of a request.
  const std::string& reveal() const { return text_; }
  /// The text with every occurrence of the secret replaced: providers quote what they refuse.
  std::string masked_in(std::string text) const;

 private:
  std::string text_;
};

/// The first of these environment variables that is there and not empty, without blanks around it.
std::optional<Secret> secret_from_environment(std::initializer_list<const char*> names);

}  // namespace adgenome::providers
