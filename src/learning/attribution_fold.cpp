#include <adgenome/core/error.hpp>
#include <adgenome/learning/attribution_fold.hpp>
#include <algorithm>
#include <compare>
#include <functional>
#include <set>
#include <tuple>
#include <unordered_map>

namespace adgenome::learning {
namespace {

constexpr std::int64_t kMostTrials = std::int64_t{1} << 53;
/// Ads repeat row after row: so many of their tag sets are summed before they are taken apart.
constexpr std::size_t kSetsAtOnce = std::size_t{1} << 16;

struct Counts {
  std::int64_t successes = 0;
  std::int64_t trials = 0;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <class T>
using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// Numbers of names, in the order in which they come.
class Names {
 public:
  std::uint32_t number(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    numbers_.emplace(std::string(name), next);
    return next;
  }
  std::size_t size() const { return numbers_.size(); }

  std::vector<std::string_view> sorted() const {
    std::vector<std::string_view> names;
    names.reserve(numbers_.size());
    for (const auto& [name, number] : numbers_) names.push_back(name);
    std::ranges::sort(names);
    return names;
  }
  /// By number the place among the sorted names.
  std::vector<std::uint32_t> ranks() const {
    std::vector<std::uint32_t> ranks(numbers_.size());
    std::uint32_t rank = 0;
    for (const std::string_view name : sorted()) ranks[numbers_.find(name)->second] = rank++;
    return ranks;
  }

 private:
  ByText<std::uint32_t> numbers_;
};

struct CellKey {
  std::uint32_t element = 0;
  std::uint32_t stratum = 0;
  std::uint32_t cluster = 0;
  bool operator==(const CellKey&) const = default;
};

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 31;
  x *= 0x9e3779b97f4a7c15U;
  return x ^ (x >> 29);
}

struct KeyHash {
  std::size_t operator()(const CellKey& key) const {
    return mix(mix((std::uint64_t{key.element} << 32) | key.stratum) + key.cluster);
  }
  std::size_t operator()(std::uint64_t key) const { return mix(key); }
};

std::string_view next_part(std::string_view& text) {
  const std::size_t end = text.find('\0');
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

}  // namespace

struct AttributionFold::State {
  /// What the stratum at hand is made of.
  struct Part {
    std::string_view dimension;
    std::string_view text;
  };

  StratumDimensions dimensions;
  std::string key;  // of the row at hand: every text of it, each ended by a zero byte
  ByText<Counts> sets;
  std::int64_t trials = 0;
  bool has_clusters = false;
  Names strata;
  Names clusters;
  std::vector<std::string> blocks;  // by cluster
  Names elements;                   // dimension, zero byte, value
  std::unordered_map<CellKey, Counts, KeyHash> cells;
  std::unordered_map<std::uint64_t, std::int64_t, KeyHash> pairs;
  std::vector<Part> parts;
  std::string other_parts;

  std::uint32_t cluster_number(std::string_view name, std::string_view block) {
    const std::uint32_t cluster = clusters.number(name);
    if (cluster == blocks.size()) {
      blocks.emplace_back(block);
    } else if (block < blocks[cluster]) {
      blocks[cluster] = block;
    }
    return cluster;
  }

  void read_parts(std::string_view stratum) {
    parts.clear();
    while (!stratum.empty()) {
      const std::size_t end = stratum.find(kPartEnd);
      const std::string_view text =
          end == std::string_view::npos ? stratum : stratum.substr(0, end + 1);
      const std::string_view name = text.substr(0, text.find(kPartValue));
      parts.push_back({.dimension = dimension_of_stratum(dimensions, name), .text = text});
      stratum.remove_prefix(text.size());
    }
  }

  /// The number of the stratum without the parts that a dimension makes.
  std::uint32_t stratum_without(std::string_view dimension, std::uint32_t whole) {
    if (std::ranges::find(parts, dimension, &Part::dimension) == parts.end()) return whole;
    other_parts.clear();
    for (const Part& part : parts) {
      if (part.dimension != dimension) other_parts.append(part.text);
    }
    return strata.number(other_parts);
  }

  void take_apart(std::string_view text, const Counts& counts) {
    const std::string_view cluster_name = next_part(text);
    const std::uint32_t cluster = cluster_number(cluster_name, next_part(text));
    const std::string_view stratum_text = next_part(text);
    const std::uint32_t stratum = strata.number(stratum_text);
    read_parts(stratum_text);
    std::vector<std::uint32_t> tags;
    while (!text.empty()) {
      const std::size_t dimension = text.find('\0');
      const std::size_t value = text.find('\0', dimension + 1);
      const std::uint32_t element = elements.number(text.substr(0, value));
      Counts& cell = cells[{.element = element,
                            .stratum = stratum_without(text.substr(0, dimension), stratum),
                            .cluster = cluster}];
      cell.successes += counts.successes;
      cell.trials += counts.trials;
      tags.push_back(element);
      text.remove_prefix(value + 1);
    }
    std::ranges::sort(tags);
    for (std::size_t i = 0; i < tags.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        pairs[(std::uint64_t{tags[j]} << 32) | tags[i]] += counts.trials;
      }
    }
  }

  void empty_sets() {
    for (const auto& [text, counts] : sets) take_apart(text, counts);
    sets.clear();
  }
};

AttributionFold::AttributionFold(StratumDimensions dimensions) : state_(std::make_unique<State>()) {
  state_->dimensions = std::move(dimensions);
}
AttributionFold::~AttributionFold() = default;

void AttributionFold::add(const AttributionRow& row) {
  State& state = *state_;
  if (row.trials > kMostTrials - state.trials) {
    throw core::InvalidInput("more than 2^53 trials in all");
  }
  state.trials += row.trials;
  if (row.trials == 0 || row.tags.empty()) return;
  state.has_clusters = state.has_clusters || !row.cluster.empty();
  std::string& key = state.key;
  key.clear();
  const auto append = [&](std::string_view text) { key.append(text).push_back('\0'); };
  append(row.cluster);
  append(row.block);
  append(row.stratum);
  for (const auto& [dimension, value] : row.tags) {
    append(dimension);
    append(value);
  }
  auto found = state.sets.find(std::string_view(key));
  if (found == state.sets.end()) {
    if (state.sets.size() >= kSetsAtOnce) state.empty_sets();
    found = state.sets.emplace(key, Counts{}).first;
  }
  found->second.successes += row.successes;
  found->second.trials += row.trials;
}

AttributionCells AttributionFold::finish() && {
  State& state = *state_;
  state.empty_sets();
  AttributionCells result;
  result.has_clusters = state.has_clusters;
  result.strata = static_cast<std::uint32_t>(state.strata.size());
  const std::vector<std::uint32_t> strata = state.strata.ranks();
  const std::vector<std::uint32_t> clusters = state.clusters.ranks();
  const std::vector<std::uint32_t> elements = state.elements.ranks();
  for (const std::string_view name : state.elements.sorted()) {
    const std::size_t end = name.find('\0');
    result.elements.push_back(
        {std::string(name.substr(0, end)), std::string(name.substr(end + 1))});
  }
  const std::set<std::string_view> blocks(state.blocks.begin(), state.blocks.end());
  result.blocks.resize(clusters.size());
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    result.blocks[clusters[i]] =
        static_cast<std::uint32_t>(std::distance(blocks.begin(), blocks.find(state.blocks[i])));
  }
  result.cells.reserve(state.cells.size());
  for (const auto& [key, counts] : state.cells) {
    result.cells.push_back({.element = elements[key.element],
                            .stratum = strata[key.stratum],
                            .cluster = clusters[key.cluster],
                            .successes = counts.successes,
                            .trials = counts.trials});
  }
  std::ranges::sort(result.cells, {}, [](const AttributionCells::Cell& cell) {
    return std::tuple(cell.element, cell.cluster, cell.stratum);
  });
  for (const auto& [key, trials] : state.pairs) {
    const auto a = elements[static_cast<std::uint32_t>(key >> 32)];
    const auto b = elements[static_cast<std::uint32_t>(key)];
    result.pairs.push_back({.a = std::min(a, b), .b = std::max(a, b), .trials = trials});
  }
  std::ranges::sort(result.pairs, {},
                    [](const AttributionCells::Pair& pair) { return std::pair(pair.a, pair.b); });
  return result;
}

}  // namespace adgenome::learning
