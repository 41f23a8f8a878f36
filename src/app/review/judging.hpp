#pragma once

#include <adgenome/app/review.hpp>
#include <adgenome/creative/verdict.hpp>
#include <adgenome/store/reviews.hpp>
#include <map>
#include <optional>
#include <string>

#include "app/run_arms.hpp"
#include "quality.hpp"

namespace adgenome::app {

/// By which numbers the ads of an arm are judged.
struct Judging {
  EffectiveQuality quality;
  creative::VerdictRules rules;
  std::int64_t retry = 0;  ///< rounds in which rejected ads are made anew
  std::string arm = {};    ///< empty: ads of no experiment that is active
};

/// Whoever judges the ads of a review: by the numbers that count for the brand, and those of an
/// active experiment's runs as the arm of their run says.
class Judges {
 public:
  Judges(store::Session& session, const store::Brand& brand, const ReviewRequest& request);

  const Judging& usual() const { return usual_; }
  /// Stays where it is while the judges live.
  const Judging& of(const store::AdForReview& ad);

  /// Of all arms.
  std::int64_t most_rounds() const;

  /// Stores what became of the experiment's runs, where ads were judged under an arm.
  void record_outcomes();

 private:
  Judging judging_by(const core::Json& quality, const std::string& where) const;

  store::Session& session_;
  const store::Brand& brand_;
  const ReviewRequest& request_;
  Judging usual_;
  std::optional<ActiveExperiment> experiment_;
  std::map<std::string, Judging> by_arm_;
  bool has_judged_arms_ = false;
};

}  // namespace adgenome::app
