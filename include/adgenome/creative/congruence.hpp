#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/creative/terms.hpp>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::creative {

/// Under this a headline is adapted.
inline constexpr double kLeastCongruence = 0.6;
/// Characters of a headline, where no area of the template says how many it takes.
inline constexpr std::size_t kUsualHeadline = 60;

/// What a headline is held against; what is absent is not looked at.
struct CongruenceTargets {
  std::optional<std::string> offer_variant;
  std::optional<std::string> landing_page;
  std::optional<std::string> belief;
  std::vector<std::string> given;   ///< texts whose offers may be made
  std::optional<std::size_t> room;  ///< characters that the headline's area takes
};

/// How a headline fits one target, each 0 to 1.
struct CongruenceMeasures {
  double words = 0;   ///< twice the share of its content words that the target has, at most 1
  double claims = 0;  ///< 1: it offers and claims nothing that was not given
  double length = 0;  ///< 1: it has room; else the room over its length
  std::optional<double> reading;  ///< Flesch reading ease over 60, 0 to 1; nothing in other scripts
  double score = 0;               ///< mean by weight 0.5, 0.25, 0.125, 0.125 of those present
};

struct Congruence {
  std::optional<CongruenceMeasures> offer_variant;
  std::optional<CongruenceMeasures> landing_page;
  std::optional<CongruenceMeasures> belief;
  std::optional<double> score;  ///< mean of those present
};

/// Deterministic measures of the words alone (method "local").
Congruence measure_congruence(const std::string& headline, const CongruenceTargets& targets,
                              const TermWeights& weights);

core::Json to_json(const Congruence& congruence);

/// What someone else says of the same, 0 to 1 each.
struct CongruenceScores {
  std::optional<double> offer_variant = {};
  std::optional<double> landing_page = {};
  std::optional<double> belief = {};

  /// Of those present.
  std::optional<double> mean() const;
};

core::Json to_json(const CongruenceScores& scores, const std::string& method);

}  // namespace adgenome::creative
