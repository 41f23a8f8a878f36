#pragma once

#include <adgenome/learning/genome.hpp>
#include <adgenome/learning/rules.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace adgenome::learning {

/// Rewards of an element as weighed successes of trials: the sums of its events.
struct Trials {
  double successes = 0;
  double trials = 0;
};

struct BetaPrior {
  double alpha = 1;
  double beta = 1;
  double mean() const { return alpha / (alpha + beta); }
  double strength() const { return alpha + beta; }
};

/// The Beta distribution of true means among the values of a dimension, by maximum likelihood of
/// the beta-binomial (Griffiths 1973), from five values with trials; worth at most 1,000 trials
/// where the values differ by no more than chance.
std::optional<BetaPrior> fit_beta_binomial(std::span<const Trials> values);

/// By dimension and value.
using ElementTrials = std::map<std::pair<std::string, std::string>, Trials>;

ElementTrials trials_of(std::span<const ElementScore> scores);

/// What one brand that shares its scores lends.
struct LentElements {
  std::map<std::pair<std::string, std::string>, ElementScore> scores;
};

/// What is believed of an element before the brand's own rewards of it (page 6.2).
///
/// Robust: the dimension's beta-binomial over the brand's own values, else over those lent; its
/// mean for a value that others know is theirs, shrunk to the dimension's. Classic: the posteriors
/// that are lent, pooled by their observations and shrunk by 0.3 toward Beta(1, 1).
class ElementPriors {
 public:
  ElementPriors() = default;
  ElementPriors(std::span<const ElementScore> own, std::span<const LentElements> lent, Rules rules);

  /// Nothing where neither the brand nor others know enough.
  std::optional<BetaPrior> of(const std::string& dimension, const std::string& value) const;
  /// Where the dimension's prior comes from: brand, organization, or empty.
  std::string source(const std::string& dimension) const;
  /// The elements that are lent.
  const ElementTrials& lent() const { return lent_; }

 private:
  struct Fitted {
    BetaPrior prior;
    bool is_own = false;
  };
  Rules rules_ = Rules::kRobust;
  std::map<std::string, Fitted> by_dimension_;
  ElementTrials lent_;  // robust: sums; classic: means by observations
};

}  // namespace adgenome::learning
