#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <adgenome/store/settings.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::app {

// Notes the settings that a brand or an account now has as a version, unless they are those of its
// newest version. Each belongs into a transaction.
void keep_brand_settings(store::Session& session, const std::string& brand_id,
                         const std::string& by, core::Time now);
void keep_account_settings(store::Session& session, const std::string& brand_id,
                           const std::string& account_id, const std::string& by, core::Time now);

/// The account_config that counts for an account: the brand's, with the account's own keys in the
/// place of the brand's, also within a group of keys ("fatigue.q").
core::Json effective_config(const store::Brand& brand, const store::Account& account);

/// A group of keys ("fatigue") of a config; null where it has none.
core::Json settings_group(const core::Json& config, const std::string& name);

/// The brand with the settings that it had at a time; those that it has where none were noted by
/// then.
store::Brand brand_at(store::Session& session, store::Brand brand, core::Time known_at);

/// The account of a brand that `wanted` names, else its only one.
store::Account resolve_account(store::Session& session, const store::Brand& brand,
                               const std::optional<std::string>& wanted);

/// What is set and what counts: contract settings/v1.
core::Json brand_settings(store::Session& session, const store::Brand& brand);
core::Json account_settings(store::Session& session, const store::Brand& brand,
                            const store::Account& account);

struct SettingsChange {
  std::vector<std::pair<std::string, std::string>> values;  ///< an empty value takes away
  std::string by;
  core::Time now;
  bool is_dry_run = false;
};

// Changes settings by key and gives what then holds. Throws InvalidInput for a key that nothing
// reads and a value that its readers would refuse.
core::Json set_brand(store::Session& session, const store::Brand& brand,
                     const SettingsChange& change);
core::Json set_account(store::Session& session, const store::Brand& brand,
                       const store::Account& account, const SettingsChange& change);

/// The keys and what they mean, one line each, for help.
std::string describe_brand_keys();
std::string describe_account_keys();

}  // namespace adgenome::app
