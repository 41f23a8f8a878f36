#pragma once

#include <adgenome/learning/outcome.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace adgenome::learning {

/// What an ad delivered in one cell of a breakdown (placement, age, country).
struct BreakdownRow {
  std::string ad_id;
  std::string cell;
  std::int64_t impressions = 0;
  std::int64_t clicks = 0;
};

/// An ad's click rate over the brand's mix of cells.
struct Standardised {
  double rate = 0;
  /// Impressions of an even spread that would know the rate as well: 1 / sum of w^2 / n.
  double effective_impressions = 0;
  std::int64_t cells = 0;   ///< that stand by themselves
  std::int64_t pooled = 0;  ///< put together, being under 200 impressions
  double mix_covered = 0;   ///< share of the brand's impressions in cells that the ad stands for
};

/// Direct standardisation: each ad's rates by cell, weighed by the cell's share of all the brand's
/// impressions. An ad's cells under 200 impressions are pooled into one, which stands for their
/// cells and for those that the ad never reached; where even they are under 200 together, the
/// smallest other cell joins them. An ad without pooled cells stands for its own cells only.
/// Rows of one ad and cell are added up, and their order does not matter.
std::map<std::string, Standardised> standardise(std::span<const BreakdownRow> rows);

}  // namespace adgenome::learning
