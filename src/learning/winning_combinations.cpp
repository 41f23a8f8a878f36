#include <adgenome/learning/winning_combinations.hpp>
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

namespace adgenome::learning {
namespace {

constexpr std::size_t kFewestAds = 5;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

using Key = std::array<std::uint32_t, 3>;

struct Occurrence {
  Key key;
  std::uint32_t ad;
};

struct Found {
  Key key;
  std::vector<std::uint32_t> ads;
  double alpha = 1;
  double beta = 1;
  Interval interval;
};

/// Every ad's elements that enough ads have, as numbers in the order of the elements.
struct Coded {
  std::vector<Element> elements;
  std::vector<std::vector<std::uint32_t>> ads;
};

Coded code(const std::vector<const TaggedReward*>& rewards) {
  std::map<Element, std::size_t> counts;
  for (const TaggedReward* reward : rewards) {
    for (const auto& [dimension, value] : reward->tags) ++counts[{"", dimension, value}];
  }
  std::map<Element, std::uint32_t> numbers;
  Coded coded;
  for (const auto& [element, count] : counts) {
    if (count < kFewestAds) continue;
    numbers[element] = static_cast<std::uint32_t>(coded.elements.size());
    coded.elements.push_back(element);
  }
  for (const TaggedReward* reward : rewards) {
    std::vector<std::uint32_t>& own = coded.ads.emplace_back();
    for (const auto& [dimension, value] : reward->tags) {
      const auto at = numbers.find({"", dimension, value});
      if (at != numbers.end()) own.push_back(at->second);
    }
  }
  return coded;
}

std::vector<Occurrence> occurrences_of(const Coded& coded) {
  std::vector<Occurrence> all;
  for (std::uint32_t ad = 0; ad < coded.ads.size(); ++ad) {
    const auto& own = coded.ads[ad];
    for (std::size_t i = 0; i < own.size(); ++i) {
      for (std::size_t j = i + 1; j < own.size(); ++j) {
        all.push_back({{own[i], own[j], kNone}, ad});
        for (std::size_t k = j + 1; k < own.size(); ++k) {
          all.push_back({{own[i], own[j], own[k]}, ad});
        }
      }
    }
  }
  std::sort(all.begin(), all.end(), [](const Occurrence& a, const Occurrence& b) {
    return std::tie(a.key, a.ad) < std::tie(b.key, b.ad);
  });
  return all;
}

}  // namespace

std::vector<WinningCombination> winning_combinations(std::span<const TaggedReward> rewards,
                                                     std::span<const Credit> credits,
                                                     std::size_t limit) {
  // In the order of the ads, so that sums do not depend on the order given.
  std::vector<const TaggedReward*> sorted;
  for (const TaggedReward& reward : rewards) sorted.push_back(&reward);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->ad_id < b->ad_id; });
  const auto credit_of = [&](std::uint32_t ad) -> const Credit& {
    return credits[static_cast<std::size_t>(sorted[ad] - rewards.data())];
  };
  double all_alpha = 0;
  double all_beta = 0;
  for (std::uint32_t ad = 0; ad < sorted.size(); ++ad) {
    all_alpha += credit_of(ad).alpha;
    all_beta += credit_of(ad).beta;
  }
  const Coded coded = code(sorted);
  const std::vector<Occurrence> all = occurrences_of(coded);
  std::vector<Found> found;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].key == all[begin].key) ++end;
    if (end - begin >= kFewestAds) {
      Found each{.key = all[begin].key, .ads = {}, .interval = {}};
      for (std::size_t i = begin; i < end; ++i) {
        each.ads.push_back(all[i].ad);
        each.alpha += credit_of(all[i].ad).alpha;
        each.beta += credit_of(all[i].ad).beta;
      }
      const double mean = each.alpha / (each.alpha + each.beta);
      if (mean * (all_alpha + all_beta) > all_alpha) {
        each.interval = credible_interval(each.alpha, each.beta);
        found.push_back(std::move(each));
      }
    }
    begin = end;
  }
  // Of equals the one of fewer elements: its key ends in the greatest number.
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    if (a.interval.low != b.interval.low) return a.interval.low > b.interval.low;
    return a.key[2] > b.key[2];
  });
  std::vector<WinningCombination> best;
  std::vector<const Found*> taken;
  for (const Found& each : found) {
    if (best.size() == limit) break;
    if (std::ranges::any_of(taken, [&](const Found* other) { return other->ads == each.ads; })) {
      continue;
    }
    taken.push_back(&each);
    WinningCombination combination{.elements = {},
                                   .ads = static_cast<std::int64_t>(each.ads.size()),
                                   .mean = each.alpha / (each.alpha + each.beta),
                                   .interval = each.interval};
    for (const std::uint32_t number : each.key) {
      if (number != kNone) combination.elements.push_back(coded.elements[number]);
    }
    best.push_back(std::move(combination));
  }
  return best;
}

}  // namespace adgenome::learning
