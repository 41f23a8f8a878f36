#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

// Notes the settings that a brand or an account now has as a version, unless they are those of its
// newest version. Each belongs into a transaction.
void keep_brand_settings(store::Session& session, const std::string& brand_id,
                         const std::string& by, core::Time now);
void keep_account_settings(store::Session& session, const std::string& brand_id,
                           const std::string& account_id, const std::string& by, core::Time now);

}  // namespace adgenome::app
