#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// What a headline that takes the place of another one has to keep to.
struct RewriteLimits {
  std::size_t most_characters = 0;
  std::vector<std::string> given;  ///< texts whose offers and numbers may be named
  std::vector<std::string> prohibited_claims;
};

/// Whether a headline is what somebody said, by its first mark: that is not to be put in other
/// words.
bool is_quotation(std::string_view text);

/// Why a rewritten headline cannot be taken ("offers 50 %, which was not given"); nothing where it
/// can. Offers are known by their words in English and some ten other languages, amounts and
/// numbers in any.
std::optional<std::string> rewrite_fault(const std::string& text, const RewriteLimits& limits);

}  // namespace adgenome::creative
