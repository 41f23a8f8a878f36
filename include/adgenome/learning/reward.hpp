#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/baseline.hpp>
#include <adgenome/learning/objective.hpp>
#include <adgenome/learning/outcome.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// The reward of an ad in [0, 1] from what it delivered (page 6.1): each component's rate (shrunk
/// to the brand's under robust rules) is placed in the baseline's distribution, and the campaign's
/// objective weighs the components.

/// A component and an ad are `immature` while there is too little evidence whatever the age,
/// `maturing` while what there is may still change (the component is too young; the ad waits for
/// other components), and `final` from then on.
enum class Maturity { kImmature, kMaturing, kFinal };
std::string_view name_of(Maturity state);

/// What a component that is still maturing will be once everything is reported.
struct FinalEstimate {
  double value = 0;
  std::array<double, 2> interval{};  ///< 95 %
  double reported_share = 1;
};

/// One component of an ad. Absent values are not known yet.
struct ComponentReward {
  std::optional<double> raw;
  std::optional<double> shrunk;
  std::optional<double> normalised;
  double normalised_sd = 0;       ///< from the posterior of the rate, where `normalised` is there
  double weight = 0;              ///< share of the reward, 0 unless the component counts
  double target_weight = 0;       ///< share that the objective asks for
  std::optional<Maturity> state;  ///< nothing: the account delivers no such data
  std::optional<double> expected_events;
  /// Where late events were estimated: the component then counts although it is maturing.
  std::optional<FinalEstimate> estimated;
  std::optional<double> standardised;  ///< CTR over the brand's mix, where that is what counts
};

struct Reward {
  std::string ad_id;
  std::string objective;  ///< in the names of the table, UNKNOWN where there is none
  PerComponent<ComponentReward> components;
  Maturity state = Maturity::kImmature;
  /// Why there is no reward: `no_delivery`, `not_enough_evidence`, `too_young`, `coverage`.
  std::optional<std::string> reason;
  std::optional<double> reward;
  std::optional<double> reward_sd;  ///< nothing under classic rules
  /// What learners count it: 0.05 / (0.05 + reward_sd^2), 1 under classic rules.
  std::optional<double> weight;
  std::optional<double> coverage;  ///< present weight over what the account can ever deliver
  /// The day from which all its present components are old enough.
  std::optional<core::Day> matured_at;
  bool is_estimated = false;  ///< it rests on a component that is still maturing
};

/// Where `x` stands in a distribution with these quartiles: the logistic of ln x that gives 0.25
/// at p25 and 0.75 at p75, so that no value is out of reach; 0.5 where the quartiles are equal.
double normalise(double x, double p25, double p75);

/// The classic one: linear, p25 gives 0 and p75 gives 1, clamped; 0.5 where they are equal.
double normalise_linear(double x, double p25, double p75);

/// The standard deviation of normalise(x) where ln x is normal around the given x with `log_sd`
/// (by quadrature: the logistic is far from straight where the quartiles are close). At most 0.5.
double normalised_sd(double x, double log_sd, double p25, double p75);

/// What learners count a reward of this standard deviation.
double learner_weight(double reward_sd);

/// The rewards of a brand's ads, in the order of `outcomes`, by the rules of the baseline.
std::vector<Reward> compute_rewards(std::span<const AdOutcome> outcomes, const BrandModel& model,
                                    const Baseline& baseline, core::Day today,
                                    const ObjectiveTable& objectives = {});

/// Whether what a reward was made of is other than it was: rates as delivered, or how far a
/// component has matured. What moves the brand moves no reward that is there.
bool has_late_data(const Reward& kept, const Reward& computed);

/// Whether late data changed a reward enough for a new version.
bool is_revised(double kept, double computed, double tolerance = MaturityThresholds{}.revision);

/// The reward of an ad of a brand that has no platform: what the review said.
Reward review_reward(std::string ad_id, bool is_approved, core::Day reviewed_at);

}  // namespace adgenome::learning
