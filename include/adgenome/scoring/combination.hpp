#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::scoring {

/// The key under which uses of a combination of elements are counted: `name=value` sorted by
/// name and joined by `|`.
std::string combination_key(std::vector<std::pair<std::string, std::string>> elements);

/// The combination of a template, from its catalogue row alone.
std::string template_combination(std::string_view category, std::optional<std::int64_t> level);

/// Adds the key of every pair of an ad's element tags (name, value), whose names all differ.
void add_pairs(const std::vector<std::pair<std::string, std::string>>& tags,
               std::set<std::string>& keys);

}  // namespace adgenome::scoring
