#pragma once

#include <adgenome/app/genome.hpp>
#include <adgenome/learning/cold_start.hpp>
#include <adgenome/learning/element_prior.hpp>
#include <adgenome/store/element_scores.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

std::optional<learning::Discount> discount_of(const GenomeOptions& options);

learning::ElementScore element_score(const store::StoredElementScore& stored);

/// What is believed of a brand's elements: its scores, what stood before them, and how much of its
/// own it knows.
struct GenomeBeliefs {
  learning::ColdStart level = learning::ColdStart::kNoData;
  std::int64_t matured_ads = 0;
  learning::ElementPriors priors;
  std::string product_id;                                                     ///< empty: the brand
  std::map<std::pair<std::string, std::string>, learning::ElementScore> own;  ///< of that scope

  /// Of any value, known or not.
  learning::Belief of(const std::string& dimension, const std::string& value) const;
  bool is_known(const std::string& dimension, const std::string& value) const;
  /// The values of a dimension that the brand has tried; at level 0 those that are lent.
  std::vector<std::string> values_of(const std::string& dimension) const;
  /// All of them, of every dimension or one.
  std::vector<learning::ShownElement> shown(
      const std::optional<std::string>& dimension = std::nullopt) const;
};

GenomeBeliefs load_beliefs(store::Session& session, const store::Brand& brand,
                           const std::string& product_id, const GenomeOptions& options);

/// The same from scores that are not kept yet (of the whole brand and of its products).
GenomeBeliefs beliefs_of(store::Session& session, const store::Brand& brand,
                         const std::vector<learning::ElementScore>& scores,
                         const std::string& product_id, const GenomeOptions& options);

/// `level, matured_ads, exploration_rate` of a summary.
void write_level(const GenomeBeliefs& beliefs, core::Json& summary);

}  // namespace adgenome::app
