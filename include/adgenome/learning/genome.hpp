#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/rules.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::learning {

/// A rewarded ad with what it was made of (page 6.2).
struct TaggedReward {
  std::string ad_id;
  std::string run;                          ///< empty: the ad is a run of its own
  std::string product_id;                   ///< empty: of no single product
  std::map<std::string, std::string> tags;  ///< dimension to value
  double reward = 0;                        ///< [0, 1]
  double weight = 1;                        ///< [0, 1], what learners count the reward
  bool is_imported = false;                 ///< made elsewhere
  std::optional<core::Day> day = {};        ///< when it matured, where that is known
};

/// An element: a value of a dimension, for one product or (scope empty) the whole brand.
struct Element {
  std::string scope;
  std::string dimension;
  std::string value;
  auto operator<=>(const Element&) const = default;
};

/// What one reward adds to one element; unique by (ad, element), so that a repeat changes nothing
/// and a revised reward replaces what it had added.
struct ElementEvent {
  std::string ad_id;
  Element element;
  double alpha = 0;
  double beta = 0;
  std::optional<core::Day> day = {};  ///< of the reward
};

/// Older events count less: half of it so many weeks later.
struct Discount {
  double half_life_weeks = 0;
  core::Day today;
  double share_of(const std::optional<core::Day>& day) const;  ///< 1 where the day is not known
};

/// The posterior of an element's mean reward: Beta(1 + sum of alpha, 1 + sum of beta).
struct ElementScore {
  Element element;
  double alpha = 1;
  double beta = 1;
  std::int64_t observations = 0;  ///< rewards
  double mean() const { return alpha / (alpha + beta); }
  /// What the rewards count for after their weights and their runs.
  double effective_observations() const { return alpha + beta - 2; }
};

/// What is believed of an element's mean reward.
struct Belief {
  double alpha = 1;
  double beta = 1;
  double mean() const { return alpha / (alpha + beta); }
  double variance() const {
    const double sum = alpha + beta;
    return alpha / sum * (beta / sum) / (sum + 1);
  }
};

struct Interval {
  double low = 0;
  double high = 0;
};

/// The equal-tailed 95 % interval of Beta(alpha, beta).
Interval credible_interval(double alpha, double beta);

/// How alike the ads of one run do, beyond the brand's mean.
struct Icc {
  double value = 0.2;
  bool is_fitted = false;  ///< otherwise the default
  std::int64_t runs = 0;   ///< with two or more ads
};

/// The intraclass correlation of rewards within runs by one-way analysis of variance,
///   icc = (MSB - MSW) / (MSB + (m0 - 1) MSW),  m0 = (N - sum m^2 / N) / (k - 1)
/// (Donner 1986), kept in [0, 1]; the default of 0.2 below five runs of two or more ads or where
/// the rewards do not differ at all.
Icc fit_icc(std::span<const TaggedReward> rewards);

/// What each reward adds to alpha and beta of its elements, in the order of the rewards. Robust:
/// reward and 1 - reward, times the reward's weight and 1 / (1 + (m - 1) * icc) for the m ads of
/// its run. Classic: 1 to alpha from one half on, else to beta. Both times 0.3 for imported ads.
struct Credit {
  double alpha = 0;
  double beta = 0;
};
std::vector<Credit> credits_of(std::span<const TaggedReward> rewards, double icc, Rules rules);

/// Every reward's events, by ad and element. Each element counts for the brand, and for the ad's
/// product where it has one.
std::vector<ElementEvent> element_events(std::span<const TaggedReward> rewards, double icc,
                                         Rules rules = Rules::kRobust);

/// The scores that the events add up to, by element. Independent of the order of the events.
std::vector<ElementScore> sum_events(std::vector<ElementEvent> events,
                                     const std::optional<Discount>& discount = std::nullopt);

/// The scores of the whole brand without making the events: the same to the last digit.
std::vector<ElementScore> score_elements(std::span<const TaggedReward> rewards, double icc,
                                         Rules rules,
                                         const std::optional<Discount>& discount = std::nullopt);

/// A score and what is believed by it.
struct ShownElement {
  ElementScore score;
  Belief belief;
  Interval interval = {};  ///< of the belief
};

ShownElement shown_element(ElementScore score, const Belief& belief);

/// By scope, dimension, then lower bound of the interval descending: small samples do not lead.
void order_for_display(std::vector<ShownElement>& elements);

}  // namespace adgenome::learning
