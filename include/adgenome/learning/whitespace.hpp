#pragma once

#include <adgenome/core/json.hpp>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// A value of a dimension of element tags.
struct TagValue {
  std::string dimension;
  std::string value;
  auto operator<=>(const TagValue&) const = default;
};

/// What is known of the mean reward of ads with this tag: Beta(alpha, beta).
struct TagPosterior {
  TagValue tag;
  double alpha = 1;
  double beta = 1;
};

/// How a pair does beyond what its two tags do alone. Pairs are given in either order.
struct PairEffect {
  TagValue a;
  TagValue b;
  double effect = 0;
  bool is_conflict = false;
};

struct PairCount {
  TagValue a;
  TagValue b;
  std::int64_t count = 0;
};

struct WhitespaceInput {
  std::vector<TagPosterior> elements;
  std::vector<PairEffect> interactions;
  std::vector<PairCount> usage;
  /// How often competitors' ads were seen with a pair; nothing where no such ads are known.
  std::optional<std::vector<PairCount>> competitors;
};

/// A promising pair that was hardly tried.
struct WhitespaceCandidate {
  TagValue a;  ///< before b
  TagValue b;
  double potential = 0;
  double mean_a = 0;
  double mean_b = 0;
  double synergy_bonus = 0;
  double novelty_bonus = 0;
  std::int64_t usage = 0;
  std::optional<std::int64_t> competitor_usage;
  std::array<double, 2> interval{};  ///< 95 %, from the uncertainty of both means (delta method)
};

struct WhitespaceOptions {
  bool is_optimistic = false;  ///< order by the interval's upper bound
  std::size_t limit = 20;
};

struct Whitespace {
  std::vector<WhitespaceCandidate> candidates;  ///< best first, ties by tags
  std::int64_t promising_pairs = 0;             ///< before the limit
  std::string reason;                           ///< why there is none; else empty
};

/// Pairs of tags of two dimensions whose means are above one half, used fewer than five times and
/// not in conflict, by potential = mean of the two + positive interaction + 0.15 exp(-usage / 3).
/// Throws InvalidInput for a tag or pair that is given twice, and for a pair of one dimension.
Whitespace find_whitespace(const WhitespaceInput& input, const WhitespaceOptions& options = {});

/// Whether a pair was used often enough for its reward to speak for itself.
bool is_tried(std::int64_t usage);

/// "open" where competitors never use the pair, "crowded" from three times, else nothing; nothing
/// as well where it is not known.
std::optional<std::string_view> competition(const WhitespaceCandidate& candidate);

/// Reads {"elements", "interactions", "usage", "competitors"}, each of which may be absent.
/// Throws InvalidInput with file and pointer.
WhitespaceInput whitespace_input(const core::Json& document, const std::string& name);

core::Json to_json(const WhitespaceCandidate& candidate, std::int64_t rank,
                   std::string_view status);

}  // namespace adgenome::learning
