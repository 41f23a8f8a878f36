#pragma once

#include <adgenome/stats/ratio_mean.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::scoring {

/// One draw of a logged selection whose reward is known.
struct LoggedDraw {
  double reward = 0;
  double draw_probability = 1;  ///< of what drew it, at its own draw; above 0
  double target = 0;            ///< probability that the target would have drawn it first
  /// A reward model's expectation of the template drawn, and of the target over the whole pool.
  std::optional<double> model_logged = {};
  std::optional<double> model_target = {};
};

/// What a selection says of the target's value: the mean over its leading draws of
/// t_j = sum_{i<j} q_i r_i + q_j r_j / draw_probability_j (Des Raj 1956; the draws are without
/// replacement, so the plain ratio is biased). `weight` is q / p of the first draw. Ratios are at
/// most `clip`.
struct SelectionValue {
  double value = 0;
  double weight = 0;
};
SelectionValue ordered_value(std::span<const LoggedDraw> leading, double clip);

struct EvaluationOptions {
  stats::IntervalMethod interval = stats::IntervalMethod::kBootstrap;
  std::optional<double> clip = {};
};

struct PolicyEstimates {
  std::int64_t rounds = 0;
  std::optional<stats::Estimate> ips = {};    ///< inverse propensity
  std::optional<stats::Estimate> snips = {};  ///< self-normalised
  std::optional<stats::Estimate> dr = {};     ///< doubly robust; only with one draw a selection
  std::optional<double> effective_sample_size = {};
  std::optional<double> largest_weight = {};
  std::vector<std::string> warnings = {};
};

/// "What would this policy have earned?", from selections that another one drew. Selections are
/// the units; they are added one by one, in memory that does not grow with them.
class PolicyEvaluation {
 public:
  explicit PolicyEvaluation(const EvaluationOptions& options) : options_(options) {}

  /// The leading draws of one selection whose rewards are known; one at least.
  void add(std::span<const LoggedDraw> leading);
  PolicyEstimates result() const;

 private:
  void warn(PolicyEstimates& evaluation) const;

  EvaluationOptions options_;
  stats::RatioMean ips_, snips_, dr_;
  double largest_weight_ = 0;
  double least_reward_ = 0, greatest_reward_ = 1;
  std::int64_t with_several_draws_ = 0;
  std::int64_t without_model_ = 0;
};

/// The difference of two policies' values, first less second, over the same selections.
class PolicyComparison {
 public:
  explicit PolicyComparison(const EvaluationOptions& options) : options_(options) {}
  /// The same draws under either target.
  void add(std::span<const LoggedDraw> first, std::span<const LoggedDraw> second);
  std::optional<stats::Estimate> result() const;

 private:
  EvaluationOptions options_;
  stats::RatioMean difference_;
  double largest_ = 0;
  double least_reward_ = 0, greatest_reward_ = 1;
};

}  // namespace adgenome::scoring
