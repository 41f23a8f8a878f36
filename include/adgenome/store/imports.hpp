#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <string>

namespace adgenome::store {

/// Notes that an input was imported. The records of several brands are those of brand "".
void record_import(Session& session, const std::string& brand_id, const std::string& kind,
                   const std::string& sha256, const std::string& name, const core::Json& counts,
                   core::Time now);

/// Whether a file of this content was imported before.
bool is_imported(Session& session, const std::string& brand_id, const std::string& kind,
                 const std::string& sha256);

}  // namespace adgenome::store
