#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <string>

namespace adgenome::app {

struct InteractionOptions {
  core::Time now;
  bool is_classic = false;
  std::uint64_t seed = 0;
  bool is_all = false;  ///< not the largest 15 alone
  bool is_dry_run = false;
  store::KnownAt known_at = {};
};

/// Pairs of elements of rows {"ad_id", "run", "tags", "reward", "weight"}.
Report interactions_from_stream(const std::string& input, core::Rejects& rejects,
                                const InteractionOptions& options);

/// Pairs of elements of a brand's rewarded ads, which are kept; a brand that has few of its own and
/// shares is shown those of the brands of its organization that share, which are not.
Report interactions_in_store(store::Session& session, const store::Brand& brand,
                             const InteractionOptions& options);

}  // namespace adgenome::app
