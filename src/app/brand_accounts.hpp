#pragma once

#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <adgenome/store/settings.hpp>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// The accounts of a brand, found by what rows of performance call them. The config of each is what
/// counts for it: its own keys in the place of the brand's.
class BrandAccounts {
 public:
  /// With the settings that they had at a time; those of the brand are as it is given.
  BrandAccounts(store::Session& session, const store::Brand& brand,
                core::Time known_at = store::kNewest);

  const std::vector<store::Account>& all() const { return accounts_; }

  /// Meta names an account both 123 and act_123. An empty platform is any.
  const store::Account* named(std::string_view platform, std::string_view id) const;
  /// Rows that name no account are of the platform's only one.
  const store::Account* of_row(std::string_view platform, std::string_view id) const;

 private:
  std::vector<store::Account> accounts_;
};

}  // namespace adgenome::app
