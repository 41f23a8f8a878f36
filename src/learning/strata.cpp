#include <adgenome/core/text.hpp>
#include <adgenome/learning/strata.hpp>
#include <algorithm>

namespace adgenome::learning {

bool is_post_treatment(std::string_view name) {
  // Not "age" alone, which is that of the audience.
  constexpr std::string_view kWords[] = {"spend",        "spent",    "impression", "frequency",
                                         "reach",        "ad_age",   "age_days",   "age_weeks",
                                         "since_launch", "days_live"};
  const std::string lower = core::to_lower(name);
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string_view dimension_of_stratum(const StratumDimensions& dimensions, std::string_view name) {
  const auto found = dimensions.find(name);
  return found == dimensions.end() ? name : found->second;
}

std::vector<int> quartiles(std::span<const std::int64_t> values) {
  std::vector<std::int64_t> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  std::vector<int> quarters;
  quarters.reserve(values.size());
  for (const std::int64_t value : values) {
    const auto below = std::ranges::lower_bound(sorted, value) - sorted.begin();
    quarters.push_back(1 + static_cast<int>(4 * static_cast<std::size_t>(below) / sorted.size()));
  }
  return quarters;
}

}  // namespace adgenome::learning
