#pragma once

#include <string_view>

namespace adgenome::learning {

/// Classic rules are those in common use, kept to the letter; robust ones are the default.
enum class Rules { kRobust, kClassic };

constexpr std::string_view name_of(Rules rules) {
  return rules == Rules::kClassic ? "classic" : "robust";
}

}  // namespace adgenome::learning
