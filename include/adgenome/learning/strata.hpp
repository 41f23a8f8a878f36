#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// Whether a stratum of this name is a result of performance (spend, impressions, frequency, age
/// since launch): comparing within it hides what an element does.
bool is_post_treatment(std::string_view name);

/// A stratum as text is made of parts, one after the other: name, kPartValue, value, kPartEnd.
inline constexpr char kPartValue = '\x1f';
inline constexpr char kPartEnd = '\x1e';

/// Of which dimension of tags a stratum is made, where that has another name.
using StratumDimensions = std::map<std::string, std::string, std::less<>>;
std::string_view dimension_of_stratum(const StratumDimensions& dimensions, std::string_view name);

/// In which quarter of the values each lies, 1 to 4; equal values in the same one.
std::vector<int> quartiles(std::span<const std::int64_t> values);

}  // namespace adgenome::learning
