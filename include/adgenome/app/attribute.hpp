#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace adgenome::app {

struct AttributeOptions {
  core::Time now;
  bool is_classic = false;
  std::uint64_t seed = 0;
  std::vector<std::string> strata;  ///< empty: the default ones
  std::string cluster;              ///< empty: the default one
  std::string outcome;              ///< of the store: clicks, rewards, or empty: what there is
  store::KnownAt known_at = {};
};

/// Attribution of rows {"tags", "strata", "cluster", "successes", "trials"}.
Report attribution_from_stream(const std::string& input, core::Rejects& rejects,
                               const AttributeOptions& options);

/// Attribution of what a brand's ads delivered or earned.
Report attribution_in_store(store::Session& session, const store::Brand& brand,
                            const AttributeOptions& options);

}  // namespace adgenome::app
