#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::store {

/// Something that a person has to look at. `kind` and `subject` say what it is about.
struct Alert {
  std::string id;
  std::string kind;
  std::string subject;
  std::string severity;  ///< info, warning, critical
  std::string message;
  core::Json details = core::Json::object();
};

/// Opens an alert, or counts the open one about the same thing once more.
void raise_alert(Session& session, const std::string& brand_id, const Alert& alert, core::Time now);

/// The open alert about a thing, where there is one, has settled by itself.
void auto_resolve_alert(Session& session, const std::string& brand_id, const std::string& kind,
                        const std::string& subject, core::Time now);

}  // namespace adgenome::store
