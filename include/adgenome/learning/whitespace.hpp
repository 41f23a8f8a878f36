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
  std::optional<TagValue> c = {};  ///< of three tags
};

struct WhitespaceInput {
  std::vector<TagPosterior> elements;
  std::vector<PairEffect> interactions;
  /// Uses of pairs, and of triples where they are known: a triple that is not listed was then never
  /// used; where none is listed it was used at most as often as the least used of its pairs.
  std::vector<PairCount> usage;
  bool knows_triples = false;  ///< also where none was used
  /// How often competitors' ads were seen with a pair; nothing where no such ads are known.
  std::optional<std::vector<PairCount>> competitors;
};

/// A promising pair or triple that was hardly tried.
struct WhitespaceCandidate {
  TagValue a;  ///< before b, before c
  TagValue b;
  std::optional<TagValue> c = {};
  double potential = 0;
  double mean_a = 0;
  double mean_b = 0;
  double mean_c = 0;
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
  std::int64_t promising_pairs = 0;             ///< before the limit; not counted for triples
  std::string reason;                           ///< why there is none; else empty
};

/// Pairs of tags of two dimensions whose means are above one half, used fewer than five times and
/// not in conflict, by potential = mean of the two + positive interaction + 0.15 exp(-usage / 3).
/// Throws InvalidInput for a tag or pair that is given twice, and for a pair of one dimension.
Whitespace find_whitespace(const WhitespaceInput& input, const WhitespaceOptions& options = {});

/// The same of three dimensions: the mean of the three, the positive interactions of its pairs
/// added up, none of them in conflict. 60 values a dimension over 12 dimensions are 47 million
/// triples: those that cannot reach the list are passed over.
Whitespace find_triples(const WhitespaceInput& input, const WhitespaceOptions& options = {});

/// What a pair or triple is called: 16 hex digits that follow from its tags.
std::string whitespace_id(const WhitespaceCandidate& candidate);
std::string whitespace_id(const TagValue& a, const TagValue& b, const std::optional<TagValue>& c);

/// Whether a pair was used often enough for its reward to speak for itself.
bool is_tried(std::int64_t usage);

/// "open" where competitors never use the pair, "crowded" from three times, else nothing; nothing
/// as well where it is not known.
std::optional<std::string_view> competition(const WhitespaceCandidate& candidate);

/// Reads {"elements", "interactions", "usage", "competitors"}, each of which may be absent.
/// Throws InvalidInput with file and pointer.
WhitespaceInput whitespace_input(const core::Json& document, const std::string& name);

core::Json to_json(const WhitespaceCandidate& candidate, std::int64_t rank);

}  // namespace adgenome::learning
