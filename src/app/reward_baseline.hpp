#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/baseline.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/rewards.hpp>
#include <adgenome/store/session.hpp>
#include <string>
#include <vector>

#include "maturity_settings.hpp"

namespace adgenome::app {

/// What a run of rewards knows. Performance is that of its present; whose it is and what for also
/// when it was found out later, unless the run looks back.
struct Known {
  core::Time performance;
  core::Time attribution;
  core::Time own;

  Known(core::Time now, const store::KnownAt& known_at);

  std::vector<store::AdSums> sums(store::Session& session, const std::string& brand_id,
                                  core::Day end) const;
};

std::vector<learning::AdOutcome> outcomes_of(const std::vector<store::AdSums>& sums,
                                             MaturitySettings& maturity);

/// The currency of all sums, empty where there are none. Two are never added.
std::string currency_of(const std::vector<store::AdSums>& sums, const store::Brand& brand);

/// Robust: the quarter's baseline as it was kept, else made from what is known of the time before
/// it. Classic: from what is known now.
learning::Baseline baseline_of(store::Session& session, const store::Brand& brand,
                               const std::string& currency, core::Day today, const Known& known,
                               learning::Rules rules);

}  // namespace adgenome::app
