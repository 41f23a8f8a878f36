#pragma once

#include <adgenome/store/session.hpp>
#include <string>

namespace adgenome::store {

/// Whether a file of this content was imported before.
bool is_imported(Session& session, const std::string& brand_id, const std::string& kind,
                 const std::string& sha256);

}  // namespace adgenome::store
