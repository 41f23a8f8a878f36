#include <adgenome/app/records.hpp>
#include <adgenome/app/settings.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <sstream>

#include "setting_keys.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using Home = SettingKey::Home;

void keep(store::Session& session, const std::string& brand_id, const std::string& account_id,
          const Json& config, const std::string& by, core::Time now) {
  const auto newest = store::newest_config_version(session, brand_id, account_id);
  // Members of a document from the store are sorted, so that equal ones are equal.
  if (newest && newest->config == config) return;
  store::add_config_version(session, brand_id, account_id,
                            {.version = newest ? newest->version + 1 : 1,
                             .config = config,
                             .changed_by = by,
                             .changed_at = now});
}

/// Settings as a record of the catalogue: its fields, and the documents among them.
Json record_of(const store::Brand& brand) {
  return {{"type", "brand"},
          {"id", brand.id},
          {"organization_id", brand.organization_id},
          {"name", brand.name},
          {"currency", brand.currency ? Json(*brand.currency) : Json()},
          {"voice", brand.voice ? Json(*brand.voice) : Json()},
          {"palette", brand.palette},
          {"prohibited_claims", brand.prohibited_claims},
          {"required_disclaimers", brand.required_disclaimers},
          {"selection_config", brand.selection_config},
          {"account_config", brand.account_config}};
}

Json record_of(const store::Brand& brand, const store::Account& account) {
  return {{"type", "account"},
          {"id", account.id},
          {"brand_id", brand.id},
          {"platform", account.platform},
          {"currency", account.currency},
          {"config", account.config}};
}

/// The member of a record that a key stands in, made where it is to be written.
Json& place_of(Json& record, const SettingKey& key, const std::string& name, bool is_account) {
  if (key.home == Home::kField) return record[name];
  Json& config = record[key.home == Home::kSelectionConfig ? "selection_config"
                        : is_account                       ? "config"
                                                           : "account_config"];
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? config[name]
                                  : config[name.substr(0, dot)][name.substr(dot + 1)];
}

void without_nulls(Json& config) {
  for (auto at = config.begin(); at != config.end();) {
    if (at->is_object()) without_nulls(*at);
    const bool is_gone = at->is_null() || (at->is_object() && at->empty());
    if (is_gone) {
      at = config.erase(at);
    } else {
      ++at;
    }
  }
}

/// Each key with its value, where that comes from, and who reads it.
class Listing {
 public:
  Listing(Json own, Json parent, bool is_account)
      : own_(std::move(own)), parent_(std::move(parent)), is_account_(is_account) {}

  Json items() {
    Json list = Json::array();
    for (const SettingKey& key : setting_keys()) {
      if (is_account_ ? !key.is_of_account : !key.is_of_brand) continue;
      if (!key.name.ends_with('.')) {
        list.push_back(item(key, key.name));
        continue;
      }
      const std::string family(key.name.substr(0, key.name.size() - 1));
      const Json members = place_of(own_, key, family, is_account_);
      for (const auto& [member, value] : members.items()) {
        list.push_back(item(key, key.name + member));
      }
    }
    return list;
  }

 private:
  Json item(const SettingKey& key, const std::string& name) {
    Json value = place_of(own_, key, name, is_account_);
    std::string source = is_account_ ? "account" : "brand";
    if (value.is_null() && is_account_ && key.home == Home::kAccountConfig) {
      value = place_of(parent_, key, name, false);
      source = "brand";
    }
    if (value.is_null()) {
      source = "default";
      if (!key.default_value.empty()) value = parse_setting(key, name, key.default_value);
    }
    return {{"key", name},
            {"value", std::move(value)},
            {"source", source},
            {"takes", range_of(key)},
            {"read_by", std::string(key.read_by)}};
  }

  Json own_;
  Json parent_;
  bool is_account_;
};

Json document_of(store::Session& session, const store::Brand& brand, const std::string& account_id,
                 Json items) {
  const auto newest = store::newest_config_version(session, brand.id, account_id);
  return {{"brand_id", brand.id},
          {"account_id", account_id.empty() ? Json() : Json(account_id)},
          {"version", newest ? Json(newest->version) : Json()},
          {"changed_by", newest ? Json(newest->changed_by) : Json()},
          {"changed_at", newest ? Json(core::format_time(newest->changed_at)) : Json()},
          {"items", std::move(items)}};
}

/// Lays the changes over the record; the import checks and stores it, with its version. Belongs
/// into the transaction in which the record was read.
Json change_record(store::Session& session, Json record, const SettingsChange& change,
                   bool is_account) {
  for (const auto& [name, text] : change.values) {
    const SettingKey& key = find_setting_key(name, is_account);
    place_of(record, key, name, is_account) = parse_setting(key, name, text);
  }
  for (const char* config : {"selection_config", "account_config", "config"}) {
    if (record.contains(config)) without_nulls(record[config]);
  }
  core::Rejects rejects(std::nullopt, true);
  import_within(
      session,
      {.name = "settings", .stream = std::make_unique<std::istringstream>(core::dump(record))},
      rejects, {.kind = "catalog", .by = change.by, .now = change.now});
  return record;
}

std::string describe_keys(bool is_account) {
  std::string text;
  for (const SettingKey& key : setting_keys()) {
    if (is_account ? !key.is_of_account : !key.is_of_brand) continue;
    text += (text.empty() ? "" : "; ") + key.name +
            (key.name == "weights."    ? "SCORER"
             : key.name.ends_with('.') ? "STEP"
                                       : "") +
            " (" + range_of(key) + "; read by " + std::string(key.read_by) + ")";
  }
  return text;
}

}  // namespace

void keep_brand_settings(store::Session& session, const std::string& brand_id,
                         const std::string& by, core::Time now) {
  const auto brand = store::find_brand(session, brand_id);
  const Json config = {{"account_config", brand->account_config},
                       {"selection_config", brand->selection_config}};
  keep(session, brand_id, "", config, by, now);
}

void keep_account_settings(store::Session& session, const std::string& brand_id,
                           const std::string& account_id, const std::string& by, core::Time now) {
  keep(session, brand_id, account_id, store::find_account(session, brand_id, account_id)->config,
       by, now);
}

Json effective_config(const store::Brand& brand, const store::Account& account) {
  Json config = brand.account_config;
  for (const auto& [key, value] : account.config.items()) {
    if (is_group(key) && config[key].is_object() && value.is_object()) {
      config[key].update(value);
    } else {
      config[key] = value;
    }
  }
  return config;
}

Json settings_group(const Json& config, const std::string& name) {
  return config.is_object() ? config.value(name, Json()) : Json();
}

store::Brand brand_at(store::Session& session, store::Brand brand, core::Time known_at) {
  const auto version = store::newest_config_version(session, brand.id, "", known_at);
  if (!version) return brand;
  brand.selection_config = version->config.at("selection_config");
  brand.account_config = version->config.at("account_config");
  return brand;
}

store::Account resolve_account(store::Session& session, const store::Brand& brand,
                               const std::optional<std::string>& wanted) {
  std::vector<store::Account> all = store::accounts(session, brand.id);
  std::vector<std::string> ids;
  for (const store::Account& account : all) ids.push_back(account.id);
  if (wanted) {
    for (store::Account& account : all) {
      if (account.id == *wanted) return std::move(account);
    }
    throw core::InvalidInput("brand " + brand.id + " has no account \"" + *wanted + "\"",
                             ids.empty() ? "it has none" : "it has: " + core::join(ids, ", "));
  }
  if (all.size() == 1) return std::move(all.front());
  if (all.empty()) {
    throw core::InvalidInput("brand " + brand.id + " has no account",
                             "import one with: adgenome import catalog FILE");
  }
  throw core::UsageError("brand " + brand.id + " has several accounts: " + core::join(ids, ", "),
                         "name one with --account");
}

Json brand_settings(store::Session& session, const store::Brand& brand) {
  return document_of(session, brand, "", Listing(record_of(brand), {}, false).items());
}

Json account_settings(store::Session& session, const store::Brand& brand,
                      const store::Account& account) {
  return document_of(session, brand, account.id,
                     Listing(record_of(brand, account), record_of(brand), true).items());
}

Json set_brand(store::Session& session, const store::Brand& brand, const SettingsChange& change) {
  store::Transaction transaction(session);
  transaction.lock("settings/" + brand.id);
  const Json record =
      change_record(session, record_of(*store::find_brand(session, brand.id)), change, false);
  Json document = document_of(session, brand, "", Listing(record, {}, false).items());
  if (!change.is_dry_run) transaction.commit();
  return document;
}

Json set_account(store::Session& session, const store::Brand& brand, const store::Account& account,
                 const SettingsChange& change) {
  store::Transaction transaction(session);
  transaction.lock("settings/" + brand.id);
  const Json record = change_record(
      session, record_of(brand, *store::find_account(session, brand.id, account.id)), change, true);
  Json document =
      document_of(session, brand, account.id, Listing(record, record_of(brand), true).items());
  if (!change.is_dry_run) transaction.commit();
  return document;
}

std::string describe_brand_keys() {
  return describe_keys(false);
}
std::string describe_account_keys() {
  return describe_keys(true);
}

}  // namespace adgenome::app
