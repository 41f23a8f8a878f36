#include <adgenome/core/hash.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <adgenome/scoring/combination.hpp>

#include "whitespace_pairs.hpp"

namespace adgenome::learning {
namespace {

std::string why_none(const WhitespaceInput& input, const std::vector<TagPosterior>& good) {
  if (input.elements.empty()) return "no elements are known";
  if (good.empty()) return "no element has a mean above 0.5";
  const bool one_dimension = std::all_of(good.begin(), good.end(), [&](const auto& each) {
    return each.tag.dimension == good.front().tag.dimension;
  });
  if (one_dimension) return "elements with a mean above 0.5 are all of one dimension";
  return "every promising pair was tried or is in conflict";
}

}  // namespace

Whitespace find_whitespace(const WhitespaceInput& input, const WhitespaceOptions& options) {
  const auto interactions = by_pair(input.interactions, "interactions");
  const auto usage = by_pair(input.usage, "usage");
  const auto competitors =
      by_pair(input.competitors.value_or(std::vector<PairCount>()), "competitors");
  const std::vector<TagPosterior> good = promising(input.elements);

  std::vector<WhitespaceCandidate> found;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (std::size_t j = i + 1; j < good.size(); ++j) {
      if (good[i].tag.dimension == good[j].tag.dimension) continue;
      const TagPair pair{good[i].tag, good[j].tag};
      const std::int64_t used = count_of(usage, pair);
      if (is_tried(used)) continue;
      const auto interaction = interactions.find(pair);
      const bool is_known = interaction != interactions.end();
      if (is_known && interaction->second.is_conflict) continue;

      WhitespaceCandidate candidate{.a = pair.first, .b = pair.second, .competitor_usage = {}};
      candidate.mean_a = mean(good[i]);
      candidate.mean_b = mean(good[j]);
      candidate.synergy_bonus = is_known ? std::max(0.0, interaction->second.effect) : 0;
      candidate.usage = used;
      candidate.novelty_bonus = novelty_bonus(used);
      if (input.competitors) candidate.competitor_usage = count_of(competitors, pair);
      candidate.potential = (candidate.mean_a + candidate.mean_b) / 2 + candidate.synergy_bonus +
                            candidate.novelty_bonus;
      // The bonuses are taken as given; the mean of two independent means has a quarter of the
      // sum of their variances.
      const double half_width = kNormal975 * std::sqrt(variance(good[i]) + variance(good[j])) / 2;
      candidate.interval = {candidate.potential - half_width, candidate.potential + half_width};
      found.push_back(std::move(candidate));
    }
  }
  Whitespace whitespace{.candidates = {},
                        .promising_pairs = static_cast<std::int64_t>(found.size()),
                        .reason = found.empty() ? why_none(input, good) : ""};
  // Pairs were made in canonical order, so ties stay in it.
  keep_best(found, options);
  whitespace.candidates = std::move(found);
  return whitespace;
}

std::string whitespace_id(const TagValue& a, const TagValue& b, const std::optional<TagValue>& c) {
  std::vector<std::pair<std::string, std::string>> tags = {{a.dimension, a.value},
                                                           {b.dimension, b.value}};
  if (c) tags.emplace_back(c->dimension, c->value);
  return core::sha256_hex(scoring::combination_key(std::move(tags))).substr(0, 16);
}

std::string whitespace_id(const WhitespaceCandidate& candidate) {
  return whitespace_id(candidate.a, candidate.b, candidate.c);
}

bool is_tried(std::int64_t usage) {
  return usage >= kTriedFrom;
}

std::optional<std::string_view> competition(const WhitespaceCandidate& candidate) {
  if (!candidate.competitor_usage) return std::nullopt;
  if (*candidate.competitor_usage == 0) return "open";
  if (*candidate.competitor_usage >= kCrowdedFrom) return "crowded";
  return std::nullopt;
}

}  // namespace adgenome::learning
