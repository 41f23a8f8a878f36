#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::core {

std::string to_lower(std::string_view text);  ///< ASCII only
std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// Whether the text is valid UTF-8 without zero bytes, as stores and JSON need it.
bool is_utf8(std::string_view text);

/// The whole text as a number, or nothing: no blanks, no trailing characters, no locale. A double
/// may be written as JSON writes numbers; infinities and NaN are not numbers.
std::optional<std::int64_t> to_int64(std::string_view text);
std::optional<std::uint64_t> to_uint64(std::string_view text);
std::optional<double> to_double(std::string_view text);

/// The shortest decimal that reads back as the same double.
std::string format_double(double value);

/// The candidate nearest to `word` by edit distance, if any is near enough to be a slip.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// A URL as it may be shown: the password of scheme://user:password@host is hidden.
std::string without_password(const std::string& url);

}  // namespace adgenome::core
