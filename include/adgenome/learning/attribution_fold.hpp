#pragma once

#include <adgenome/learning/strata.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::learning {

/// Trials of ads of one tag set. Texts hold no zero bytes and last for the call.
struct AttributionRow {
  std::span<const std::pair<std::string_view, std::string_view>> tags;  ///< a dimension once
  std::string_view stratum;  ///< as text, of its parts (strata.hpp)
  std::string_view cluster;  ///< the run; in all rows or, empty, in none
  std::string_view block;    ///< within which runs may be exchanged; of a run's the first counts
  std::int64_t successes = 0;
  std::int64_t trials = 0;
};

/// What attribution is computed from: sums by element, stratum and cluster. Everything is in the
/// order of its names, so that the order of the rows does not matter.
struct AttributionCells {
  struct Cell {
    std::uint32_t element = 0;
    std::uint32_t stratum = 0;
    std::uint32_t cluster = 0;
    std::int64_t successes = 0;
    std::int64_t trials = 0;
  };
  struct Pair {
    std::uint32_t a = 0;  ///< before b
    std::uint32_t b = 0;
    std::int64_t trials = 0;
  };

  bool has_clusters = false;
  std::uint32_t strata = 0;
  std::vector<std::uint32_t> blocks;  ///< by cluster
  std::vector<TagValue> elements;
  std::vector<Cell> cells;  ///< by element, cluster, stratum
  std::vector<Pair> pairs;  ///< trials of elements that occurred together
};

/// Folds rows, in any number, in memory that depends on how many elements, strata and clusters
/// there are. Within a stratum made of a dimension all elements of that dimension are one: they are
/// compared within its other parts.
class AttributionFold {
 public:
  explicit AttributionFold(StratumDimensions dimensions = {});
  ~AttributionFold();
  AttributionFold(const AttributionFold&) = delete;
  AttributionFold& operator=(const AttributionFold&) = delete;

  /// Throws InvalidInput where all trials together leave the range of exact doubles.
  void add(const AttributionRow& row);
  AttributionCells finish() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace adgenome::learning
