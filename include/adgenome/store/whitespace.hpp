#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace adgenome::store {

/// A pair of element tags that was proposed once; (a, b) in canonical order is its key.
struct WhitespaceRow {
  std::string a_dimension;
  std::string a_value;
  std::string b_dimension;
  std::string b_value;
  std::string status;  ///< identified, injected, tested, dismissed
};

/// By key: those that were last renewed up to a time.
std::vector<WhitespaceRow> whitespace_rows(Session& session, const std::string& brand_id,
                                           core::Time known_at = kNewest);

/// Adds a pair with this status, or renews potential and document of one that is there, whose
/// status stays.
void put_whitespace(Session& session, const std::string& brand_id, const WhitespaceRow& row,
                    double potential, const core::Json& document, core::Time now);

void set_whitespace_status(Session& session, const std::string& brand_id, const WhitespaceRow& row,
                           const std::string& status, core::Time now);

}  // namespace adgenome::store
