#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// The document adgenome/whitespace/v1 (without `schema`) for one input document, "-" being
/// standard input. No store is opened.
core::Json whitespace_from_input(const std::string& path,
                                 const std::optional<std::string>& brand_id,
                                 const learning::WhitespaceOptions& options);

struct WhitespaceRun {
  core::Time now;
  std::string rules;  ///< robust or classic
  bool is_dry_run = false;
  store::KnownAt known_at = {};
};

/// The same from a brand's element scores and uses. Keeps what is proposed, whose status survives
/// every run; a pair that was tried five times since is tested.
core::Json whitespace_in_store(store::Session& session, const std::string& brand_id,
                               const learning::WhitespaceOptions& options,
                               const WhitespaceRun& run);

}  // namespace adgenome::app
