#include "ad_uses.hpp"

#include <adgenome/core/json.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/records.hpp>
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace adgenome::app {
namespace {

using core::Json;

/// The keys under which the use of an ad's elements is counted: the template's combination, and
/// every pair of its tags.
std::set<std::string> combinations_of(store::Session& session, const std::string& template_id,
                                      const Json& tags) {
  std::set<std::string> keys;
  if (!template_id.empty()) {
    const auto found =
        store::find_record(session, *store::find_catalogue_type("template"), "", template_id);
    if (found) {
      const Json& level = found->at("awareness_level");
      keys.insert(scoring::template_combination(
          found->at("category").get<std::string>(),
          level.is_null() ? std::nullopt : std::optional(level.get<std::int64_t>())));
    }
  }
  std::vector<std::pair<std::string, std::string>> elements;
  for (const auto& [name, value] : tags.items()) {
    elements.emplace_back(name, value.get<std::string>());
  }
  scoring::add_pairs(elements, keys);
  return keys;
}

std::set<std::string> without(const std::set<std::string>& keys,
                              const std::set<std::string>& others) {
  std::set<std::string> rest;
  std::set_difference(keys.begin(), keys.end(), others.begin(), others.end(),
                      std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace

void count_uses(store::Session& session, const std::string& brand_id, const std::string& ad_id,
                const std::optional<store::AdElements>& before) {
  const store::AdElements ad = *store::find_ad_elements(session, brand_id, ad_id);
  if (ad.ad_run_id != ad_id) return;
  const auto now = combinations_of(session, ad.template_id, ad.tags);
  const auto counted = before ? combinations_of(session, before->template_id, before->tags)
                              : std::set<std::string>();
  store::count_combinations(session, brand_id, without(now, counted), ad.created_at);
  store::uncount_combinations(session, brand_id, without(counted, now));
  if (ad.product_id.empty() || ad.template_id.empty()) {
    store::delete_template_use(session, brand_id, ad_id);
    return;
  }
  store::put_template_use(session, brand_id,
                          {.ad_run_id = ad_id,
                           .product_id = ad.product_id,
                           .template_id = ad.template_id,
                           .persona_id = "",
                           .used_at = ad.created_at});
}

}  // namespace adgenome::app
