#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

struct FatigueRun {
  core::Time now;
  bool is_classic = false;
  bool is_fitted = false;
  bool with_proposals = false;
  /// The dimensions whose combinations are judged; empty: single platform ads.
  std::vector<std::string> combination;
  store::KnownAt known_at = {};
};

/// Fatigue of the ads in performance rows (page 2.5) up to now.
Report fatigue_from_stream(const std::string& input, core::Rejects& rejects, const FatigueRun& run);

/// Fatigue of a brand's platform ads, or of combinations of their elements. Nothing is written.
Report fatigue_in_store(store::Session& session, const store::Brand& brand, const FatigueRun& run);

}  // namespace adgenome::app
