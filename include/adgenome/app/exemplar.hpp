#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

struct ExemplarRequest {
  std::string by;
  core::Time now;
  bool is_dry_run = false;
};

// Each gives contract exemplars/v1.

/// The brand's exemplars by kind, newest first.
core::Json list_exemplars(store::Session& session, const store::Brand& brand, bool with_removed);

/// Adds an ad, or makes one that was removed active again. `kind` and `reason` where absent are
/// those of the newest decision on the ad. Throws InvalidInput where the kind is full or cannot be
/// told.
core::Json add_exemplar(store::Session& session, const store::Brand& brand, const std::string& ad,
                        const std::optional<std::string>& kind,
                        const std::optional<std::string>& reason, const ExemplarRequest& request);

core::Json remove_exemplar(store::Session& session, const store::Brand& brand,
                           const std::string& ad, const ExemplarRequest& request);

/// Fills each kind up from the newest 200 decisions, spread over category, size and color.
core::Json seed_exemplars(store::Session& session, const store::Brand& brand,
                          const ExemplarRequest& request);

/// The exemplars that a reviewer of this ad gets, nearest first within each kind.
core::Json similar_exemplars(store::Session& session, const store::Brand& brand,
                             const std::string& ad);

}  // namespace adgenome::app
