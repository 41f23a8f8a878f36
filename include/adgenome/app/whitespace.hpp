#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/rules.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// The document adgenome/whitespace/v1 (without `schema`) for one input document, "-" being
/// standard input. No store is opened.
core::Json whitespace_from_input(const std::string& path,
                                 const std::optional<std::string>& brand_id, bool with_triples,
                                 const learning::WhitespaceOptions& options);

struct WhitespaceRun {
  core::Time now;
  learning::Rules rules = learning::Rules::kRobust;
  bool with_triples = false;
  bool is_dry_run = false;
  store::KnownAt known_at = {};
};

/// The same from a brand's element scores, interactions, uses and competitors' ads. Keeps what is
/// proposed, whose status survives every run; one that was tried five times since is tested, and
/// its reward stands against its potential.
core::Json whitespace_in_store(store::Session& session, const std::string& brand_id,
                               const learning::WhitespaceOptions& options,
                               const WhitespaceRun& run);

/// Those that stood in the context of a run, which is their first: they are injected with it. Ids
/// that are not there, and those that are further on, stay as they are. Belongs into a transaction.
void note_injected(store::Session& session, const std::string& brand_id,
                   const std::vector<std::string>& ids, const std::string& ad_run_id,
                   core::Time now);

/// A change of status by a person.
struct WhitespaceDecision {
  std::string id;
  bool is_dismissed = true;  ///< otherwise reopened
  std::optional<std::string> reason = {};
  core::Time now;
  bool is_dry_run = false;
};

/// Dismisses or reopens one; the document adgenome/whitespace_status/v1. Throws InvalidInput for an
/// id that was never proposed.
core::Json decide_whitespace(store::Session& session, const std::string& brand_id,
                             const WhitespaceDecision& decision);

}  // namespace adgenome::app
