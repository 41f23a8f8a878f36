#include "brand_accounts.hpp"

#include <adgenome/app/settings.hpp>
#include <algorithm>

namespace adgenome::app {

BrandAccounts::BrandAccounts(store::Session& session, const store::Brand& brand,
                             core::Time known_at)
    : accounts_(store::accounts(session, brand.id)) {
  for (store::Account& account : accounts_) {
    if (known_at != store::kNewest) {
      const auto version = store::newest_config_version(session, brand.id, account.id, known_at);
      if (version) account.config = version->config;
    }
    account.config = effective_config(brand, account);
  }
}

const store::Account* BrandAccounts::named(std::string_view platform, std::string_view id) const {
  const auto bare = [](std::string_view text) {
    return text.starts_with("act_") ? text.substr(4) : text;
  };
  const auto found = std::ranges::find_if(accounts_, [&](const store::Account& account) {
    if (!platform.empty() && account.platform != platform) return false;
    return account.id == id || (account.platform == "meta" && bare(account.id) == bare(id));
  });
  return found == accounts_.end() ? nullptr : &*found;
}

const store::Account* BrandAccounts::of_row(std::string_view platform, std::string_view id) const {
  if (!id.empty()) return named(platform, id);
  const auto of_platform = [&](const store::Account& one) { return one.platform == platform; };
  const auto first = std::ranges::find_if(accounts_, of_platform);
  return std::ranges::count_if(accounts_, of_platform) == 1 ? &*first : nullptr;
}

}  // namespace adgenome::app
