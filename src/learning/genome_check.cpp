#include <adgenome/learning/genome_check.hpp>
#include <adgenome/stats/distributions.hpp>
#include <adgenome/stats/sample.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace adgenome::learning {
namespace {

constexpr double kNormal975 = 1.959963984540054;
constexpr std::size_t kBins = 5;

std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + end + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
    begin = end;
  }
  return ranks;
}

CalibrationBin bin_of(std::span<const ScoredAd> ads) {
  CalibrationBin bin{.ads = static_cast<std::int64_t>(ads.size()),
                     .lowest_score = ads.front().score,
                     .highest_score = ads.back().score,
                     .ctr = {},
                     .mean_reward = {},
                     .reward_interval = {}};
  double impressions = 0;
  double clicks = 0;
  std::vector<double> rewards;
  for (const ScoredAd& ad : ads) {
    bin.mean_score += ad.score / static_cast<double>(ads.size());
    impressions += static_cast<double>(ad.impressions);
    clicks += static_cast<double>(ad.clicks);
    if (ad.reward) rewards.push_back(*ad.reward);
  }
  if (impressions > 0) bin.ctr = clicks / impressions;
  if (rewards.empty()) return bin;
  const double count = static_cast<double>(rewards.size());
  const stats::Moments moments = stats::moments(stats::make_sample(std::move(rewards)));
  bin.mean_reward = moments.mean;
  if (count >= 2) {
    const double half =
        stats::student_t_quantile(0.975, count - 1) * std::sqrt(moments.variance / count);
    bin.reward_interval = Interval{.low = std::max(0.0, moments.mean - half),
                                   .high = std::min(1.0, moments.mean + half)};
  }
  return bin;
}

std::map<std::string, std::map<std::string, std::int64_t>> counts_of(std::span<const Tags> ads) {
  std::map<std::string, std::map<std::string, std::int64_t>> counts;
  for (const Tags& tags : ads) {
    for (const auto& [dimension, value] : tags) ++counts[dimension][value];
  }
  return counts;
}

std::int64_t total_of(const std::map<std::string, std::int64_t>& counts) {
  std::int64_t total = 0;
  for (const auto& [value, count] : counts) total += count;
  return total;
}

}  // namespace

std::optional<RankCorrelation> rank_correlation(std::span<const double> x,
                                                std::span<const double> y) {
  const std::size_t n = x.size();
  if (n < 4) return std::nullopt;
  const std::vector<double> a = mid_ranks(x);
  const std::vector<double> b = mid_ranks(y);
  const double mean = (static_cast<double>(n) + 1) / 2;
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
  }
  if (!(aa > 0) || !(bb > 0)) return std::nullopt;
  const double r = std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
  const double half = kNormal975 * std::sqrt((1 + r * r / 2) / (static_cast<double>(n) - 3));
  const double z = std::atanh(r);
  return RankCorrelation{.value = r, .interval = {std::tanh(z - half), std::tanh(z + half)}};
}

std::vector<CalibrationBin> calibration_table(std::vector<ScoredAd> ads) {
  std::sort(ads.begin(), ads.end(), [](const ScoredAd& a, const ScoredAd& b) {
    return std::tie(a.score, a.ad_id) < std::tie(b.score, b.ad_id);
  });
  std::vector<CalibrationBin> bins;
  std::size_t begin = 0;
  for (std::size_t bin = 1; bin <= kBins && begin < ads.size(); ++bin) {
    std::size_t end = std::max(begin + 1, ads.size() * bin / kBins);
    if (bin < kBins && ads.size() * bin / kBins <= begin) continue;
    while (end < ads.size() && ads[end].score == ads[end - 1].score) ++end;
    bins.push_back(bin_of(std::span(ads).subspan(begin, end - begin)));
    begin = end;
  }
  return bins;
}

std::vector<TagDrift> tag_drift(std::span<const Tags> recent, std::span<const Tags> earlier) {
  const auto now = counts_of(recent);
  const auto before = counts_of(earlier);
  std::vector<TagDrift> drifts;
  for (const auto& [dimension, counts] : now) {
    const auto old = before.find(dimension);
    if (old == before.end()) continue;
    std::map<std::string, std::pair<double, double>> values;
    for (const auto& [value, count] : counts) values[value].first = static_cast<double>(count);
    for (const auto& [value, count] : old->second) {
      values[value].second = static_cast<double>(count);
    }
    TagDrift drift{
        .dimension = dimension, .recent = total_of(counts), .earlier = total_of(old->second)};
    const double room = 0.5 * static_cast<double>(values.size());
    for (const auto& [value, pair] : values) {
      const double p = (pair.first + 0.5) / (static_cast<double>(drift.recent) + room);
      const double q = (pair.second + 0.5) / (static_cast<double>(drift.earlier) + room);
      drift.psi += (p - q) * std::log(p / q);
    }
    drifts.push_back(drift);
  }
  return drifts;
}

}  // namespace adgenome::learning
