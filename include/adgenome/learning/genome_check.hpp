#pragma once

#include <adgenome/learning/genome.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::learning {

/// An ad whose score was known before it was made, and what came of it.
struct ScoredAd {
  std::string ad_id;
  double score = 0;
  std::int64_t impressions = 0;
  std::int64_t clicks = 0;
  std::optional<double> reward;
};

struct RankCorrelation {
  double value = 0;
  Interval interval;  ///< 95 %
};

/// Spearman's correlation over mid-ranks, with the interval of Bonett and Wright (2000):
/// atanh(r) +- 1.96 sqrt((1 + r^2 / 2) / (n - 3)). Nothing below four pairs or where one side does
/// not vary.
std::optional<RankCorrelation> rank_correlation(std::span<const double> x,
                                                std::span<const double> y);

/// One row of the calibration table: ads of neighbouring scores.
struct CalibrationBin {
  std::int64_t ads = 0;
  double lowest_score = 0;
  double highest_score = 0;
  double mean_score = 0;
  std::optional<double> ctr;                ///< sum of clicks over sum of impressions
  std::optional<double> mean_reward;        ///< of those that have one
  std::optional<Interval> reward_interval;  ///< 95 % of that mean, from two rewards on
};

/// Up to five bins of equal numbers of ads by score; ads of one score stay together.
std::vector<CalibrationBin> calibration_table(std::vector<ScoredAd> ads);

/// How far the shares of a dimension's values moved: sum of (p - q) ln(p / q) over its values, p of
/// the recent ads, q of the earlier ones, each count with half an ad more. Under 0.1 it stands
/// still, from 0.25 on it has shifted.
struct TagDrift {
  std::string dimension;
  double psi = 0;
  std::int64_t recent = 0;  ///< ads with the dimension
  std::int64_t earlier = 0;
};

/// By dimension, those with ads in both periods.
using Tags = std::map<std::string, std::string>;
std::vector<TagDrift> tag_drift(std::span<const Tags> recent, std::span<const Tags> earlier);

}  // namespace adgenome::learning
