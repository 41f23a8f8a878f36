#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/maturity_thresholds.hpp>
#include <map>
#include <string>
#include <utility>

#include "brand_accounts.hpp"

namespace adgenome::app {

/// When what the ads of a brand delivered counts: by the settings of their account, else by those
/// of the brand.
class MaturitySettings {
 public:
  /// With the settings that the accounts had at a time; those of the brand are as it is given.
  MaturitySettings(store::Session& session, const store::Brand& brand, core::Time known_at);

  /// Of an account as rows name it; an empty platform is that of no single account.
  const learning::MaturityThresholds& of(const std::string& platform, const std::string& account);

  /// The accounts that were asked for and whose thresholds are not those of page 6.1.
  core::Json changed() const;

 private:
  BrandAccounts accounts_;
  learning::MaturityThresholds brand_;
  std::map<std::pair<std::string, std::string>, learning::MaturityThresholds> known_;
};

}  // namespace adgenome::app
