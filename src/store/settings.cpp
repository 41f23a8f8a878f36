#include <adgenome/store/settings.hpp>

namespace adgenome::store {
namespace {

Account account_from(const Row& row) {
  return {.id = row.text(0),
          .platform = row.text(1),
          .currency = row.text(2),
          .timezone = row.optional_text(3),
          .config = row.json(4)};
}

}  // namespace

std::optional<ConfigVersion> newest_config_version(Session& session, const std::string& brand_id,
                                                   const std::string& account_id,
                                                   core::Time known_at) {
  std::optional<ConfigVersion> newest;
  session.query(
      "SELECT version, config, changed_by, changed_at FROM config_versions "
      "WHERE brand_id = $1 AND account_id = $2 AND changed_at <= $3 "
      "ORDER BY version DESC LIMIT 1",
      {brand_id, account_id, known_at}, [&](const Row& row) {
        newest = ConfigVersion{.version = row.integer(0),
                               .config = row.json(1),
                               .changed_by = row.text(2),
                               .changed_at = row.time(3)};
      });
  return newest;
}

void add_config_version(Session& session, const std::string& brand_id,
                        const std::string& account_id, const ConfigVersion& version) {
  session.execute(
      "INSERT INTO config_versions (brand_id, account_id, version, config, changed_by, changed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {brand_id, account_id, version.version, json_value(version.config), version.changed_by,
       version.changed_at});
}

std::vector<Account> accounts(Session& session, const std::string& brand_id) {
  std::vector<Account> list;
  session.query(
      "SELECT id, platform, currency, timezone, config FROM ad_accounts WHERE brand_id = $1 "
      "ORDER BY id",
      {brand_id}, [&](const Row& row) { list.push_back(account_from(row)); });
  return list;
}

std::optional<Account> find_account(Session& session, const std::string& brand_id,
                                    const std::string& id) {
  std::optional<Account> found;
  session.query(
      "SELECT id, platform, currency, timezone, config FROM ad_accounts "
      "WHERE brand_id = $1 AND id = $2",
      {brand_id, id}, [&](const Row& row) { found = account_from(row); });
  return found;
}

void set_brand_configs(Session& session, const std::string& brand_id,
                       const core::Json& selection_config, const core::Json& account_config) {
  session.execute("UPDATE brands SET selection_config = $2, account_config = $3 WHERE id = $1",
                  {brand_id, json_value(selection_config), json_value(account_config)});
}

void set_account_config(Session& session, const std::string& brand_id,
                        const std::string& account_id, const core::Json& config) {
  session.execute("UPDATE ad_accounts SET config = $3 WHERE brand_id = $1 AND id = $2",
                  {brand_id, account_id, json_value(config)});
}

}  // namespace adgenome::store
