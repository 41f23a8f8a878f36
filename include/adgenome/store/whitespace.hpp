#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// A pair or triple of element tags that was proposed once; its tags in canonical order are its
/// key, a pair having an empty third.
struct WhitespaceRow {
  std::string a_dimension;
  std::string a_value;
  std::string b_dimension;
  std::string b_value;
  std::string c_dimension = {};
  std::string c_value = {};
  double potential = 0;
  std::string status = {};                 ///< identified, injected, tested, dismissed
  std::string injected_run_id = {};        ///< the run in whose context it stood first
  std::optional<std::string> reason = {};  ///< why it was dismissed
};

/// By key: those that were last renewed up to a time.
std::vector<WhitespaceRow> whitespace_rows(Session& session, const std::string& brand_id,
                                           core::Time known_at = kNewest);

/// Adds one with this status, or renews potential and document of one that is there where they
/// changed; its status stays.
void put_whitespace(Session& session, const std::string& brand_id, const WhitespaceRow& row,
                    const core::Json& document, core::Time now);

/// Gives the row of this key its status, run and reason.
void set_whitespace_status(Session& session, const std::string& brand_id, const WhitespaceRow& row,
                           core::Time now);

}  // namespace adgenome::store
