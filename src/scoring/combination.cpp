#include <adgenome/scoring/combination.hpp>
#include <algorithm>

namespace adgenome::scoring {

std::string combination_key(std::vector<std::pair<std::string, std::string>> elements) {
  std::sort(elements.begin(), elements.end());
  std::string key;
  for (const auto& [name, value] : elements) {
    if (!key.empty()) key += '|';
    key += name + '=' + value;
  }
  return key;
}

std::string template_combination(std::string_view category, std::optional<std::int64_t> level) {
  std::vector<std::pair<std::string, std::string>> elements{
      {"template_category", std::string(category)}};
  if (level) elements.emplace_back("awareness_stage", std::to_string(*level));
  return combination_key(std::move(elements));
}

void add_pairs(const std::vector<std::pair<std::string, std::string>>& tags,
               std::set<std::string>& keys) {
  for (std::size_t i = 0; i < tags.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) keys.insert(combination_key({tags[j], tags[i]}));
  }
}

}  // namespace adgenome::scoring
