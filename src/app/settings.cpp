#include <adgenome/app/settings.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/settings.hpp>

namespace adgenome::app {
namespace {

using core::Json;

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

}  // namespace adgenome::app
