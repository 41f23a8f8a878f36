#include "maturity_settings.hpp"

#include <adgenome/app/settings.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;

learning::MaturityThresholds thresholds_of(const Json& config) {
  return learning::maturity_thresholds_from(settings_group(config, "maturity"));
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

}  // namespace

MaturitySettings::MaturitySettings(store::Session& session, const store::Brand& brand,
                                   core::Time known_at)
    : accounts_(session, brand, known_at), brand_(thresholds_of(brand.account_config)) {}

const learning::MaturityThresholds& MaturitySettings::of(const std::string& platform,
                                                         const std::string& account) {
  const auto [at, is_new] = known_.try_emplace({platform, account}, brand_);
  if (is_new) {
    const store::Account* found = accounts_.of_row(platform, account);
    if (found) at->second = thresholds_of(found->config);
  }
  return at->second;
}

Json MaturitySettings::changed() const {
  Json list = Json::array();
  for (const auto& [account, thresholds] : known_) {
    Json changed = learning::changed_thresholds(thresholds);
    if (changed.empty()) continue;
    list.push_back({{"platform", text_or_null(account.first)},
                    {"account_id", text_or_null(account.second)},
                    {"changed", std::move(changed)}});
  }
  return list;
}

}  // namespace adgenome::app
