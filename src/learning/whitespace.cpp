#include <adgenome/core/error.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace adgenome::learning {
namespace {

using core::InvalidInput;
using TagPair = std::pair<TagValue, TagValue>;

constexpr double kPromising = 0.5;
constexpr std::int64_t kTriedFrom = 5;
constexpr std::int64_t kCrowdedFrom = 3;
constexpr double kNovelty = 0.15;
constexpr double kNoveltyUses = 3;
constexpr double kNormal975 = 1.959963984540054;

std::string shown(const TagValue& tag) {
  return tag.dimension + "=" + tag.value;
}

TagPair canonical(const TagValue& a, const TagValue& b) {
  if (a.dimension == b.dimension) {
    throw InvalidInput("the pair " + shown(a) + ", " + shown(b) + " is of one dimension");
  }
  return a < b ? TagPair{a, b} : TagPair{b, a};
}

/// The rows by pair, whichever of the two stands first.
template <class Row>
std::map<TagPair, Row> by_pair(const std::vector<Row>& rows, std::string_view list) {
  std::map<TagPair, Row> found;
  for (const Row& row : rows) {
    if (!found.emplace(canonical(row.a, row.b), row).second) {
      throw InvalidInput(std::string(list) + " give the pair " + shown(row.a) + ", " +
                         shown(row.b) + " twice");
    }
  }
  return found;
}

std::int64_t count_of(const std::map<TagPair, PairCount>& counts, const TagPair& pair) {
  const auto found = counts.find(pair);
  return found == counts.end() ? 0 : found->second.count;
}

double mean(const TagPosterior& posterior) {
  return posterior.alpha / (posterior.alpha + posterior.beta);
}

double variance(const TagPosterior& posterior) {
  const double sum = posterior.alpha + posterior.beta;
  return posterior.alpha / sum * (posterior.beta / sum) / (sum + 1);
}

/// Those with a mean above one half, in canonical order.
std::vector<TagPosterior> promising(std::vector<TagPosterior> elements) {
  std::sort(elements.begin(), elements.end(),
            [](const TagPosterior& a, const TagPosterior& b) { return a.tag < b.tag; });
  const auto twice =
      std::adjacent_find(elements.begin(), elements.end(),
                         [](const auto& a, const auto& b) { return a.tag == b.tag; });
  if (twice != elements.end()) {
    throw InvalidInput("elements give " + shown(twice->tag) + " twice");
  }
  std::erase_if(elements, [](const TagPosterior& each) { return !(mean(each) > kPromising); });
  return elements;
}

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
      candidate.novelty_bonus = kNovelty * std::exp(-static_cast<double>(used) / kNoveltyUses);
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
  // Pairs were made in canonical order, so a stable sort leaves ties in it.
  const auto rank_by = [&](const WhitespaceCandidate& each) {
    return options.is_optimistic ? each.interval[1] : each.potential;
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto& a, const auto& b) { return rank_by(a) > rank_by(b); });
  if (found.size() > options.limit)
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(options.limit), found.end());
  whitespace.candidates = std::move(found);
  return whitespace;
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
