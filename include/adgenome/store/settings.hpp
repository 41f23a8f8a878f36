#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// The settings of a brand (`account_id` empty) or of one of its accounts as they once became.
struct ConfigVersion {
  std::int64_t version = 0;
  core::Json config;
  std::string changed_by;
  core::Time changed_at;
};

std::optional<ConfigVersion> newest_config_version(Session& session, const std::string& brand_id,
                                                   const std::string& account_id,
                                                   core::Time known_at = kNewest);
/// Adds a version behind the newest; belongs into a transaction.
void add_config_version(Session& session, const std::string& brand_id,
                        const std::string& account_id, const ConfigVersion& version);

struct Account {
  std::string id;
  std::string platform;
  std::string currency;
  std::optional<std::string> timezone;
  core::Json config;
};

/// The accounts of a brand by id.
std::vector<Account> accounts(Session& session, const std::string& brand_id);
std::optional<Account> find_account(Session& session, const std::string& brand_id,
                                    const std::string& id);

// Each changes what is there.
void set_brand_configs(Session& session, const std::string& brand_id,
                       const core::Json& selection_config, const core::Json& account_config);
void set_account_config(Session& session, const std::string& brand_id,
                        const std::string& account_id, const core::Json& config);

}  // namespace adgenome::store
