#pragma once

#include <adgenome/core/time.hpp>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace adgenome::scoring {

/// Texts that occur many times (categories, asset tags), each known by a small number.
class Interner {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t intern(std::string_view text);
  /// kNone for a text that was never interned.
  std::uint32_t find(std::string_view text) const;
  /// All texts, by their numbers.
  std::vector<std::string_view> texts() const;
  std::size_t size() const { return ids_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> ids_;
};

/// Sets of asset tags, each known by a small number: many templates require the same.
class AssetSets {
 public:
  /// Tags that were interned before; one that is named twice counts once.
  std::uint32_t intern(std::span<const std::uint32_t> tags);
  std::span<const std::uint32_t> operator[](std::size_t set) const { return sets_[set]; }
  std::size_t size() const { return sets_.size(); }

 private:
  using Tags = std::vector<std::uint32_t>;
  std::map<Tags, std::uint32_t> ids_;
  std::vector<Tags> sets_;
  Tags sorted_;  ///< of the set that is asked for
};

/// Many texts in one allocation.
class TextColumn {
 public:
  void push_back(std::string_view text);
  std::string_view operator[](std::size_t i) const;
  std::size_t size() const { return ends_.size(); }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
};

/// What is known of when something was last used.
struct Usage {
  enum class State : std::uint8_t { kNever, kDateUnknown, kDated };
  State state = State::kNever;
  core::Time last{};

  static Usage at(core::Time time) { return {State::kDated, time}; }
  static Usage date_unknown() { return {State::kDateUnknown, {}}; }
};

/// A template's evaluation: D1 to D5 from 0 to 3, D6 (compliance) yes or no; what is missing is
/// below 0.
struct Evaluation {
  static constexpr std::int8_t kMissing = -1;
  std::array<std::int8_t, 5> d{kMissing, kMissing, kMissing, kMissing, kMissing};
  std::int8_t is_compliant = kMissing;
  bool is_given = false;
};

/// What an ad library tells of the competitor's ad that a template was made after. Positions and
/// numbers are from 1; 0 is unknown.
struct AdLibrary {
  static constexpr double kUnknownAge = -1;
  std::int32_t best_position = 0;
  std::int32_t latest_position = 0;
  std::int32_t total = 0;  ///< length of the list that the positions are of
  std::int32_t variants = 0;
  double age_days = kUnknownAge;

  bool is_known() const {
    return best_position > 0 || latest_position > 0 || total > 0 || variants > 0 || age_days >= 0;
  }
};

/// One template that may be chosen, as its source tells it. The texts need to live only until it
/// is added to a pool.
struct Candidate {
  std::string_view id;
  std::optional<std::string_view> category = {};
  std::optional<int> awareness_level = {};  ///< 1 to 5
  std::optional<std::string_view> target_sex = {};
  std::vector<std::string_view> required_assets = {};  ///< a tag named twice counts once
  /// In place of required_assets: what Pool::asset_set() said of them.
  std::optional<std::uint32_t> asset_set = {};
  bool is_detected = false;  ///< its required assets were analysed
  Usage product_usage = {};  ///< last use for the product
  /// Last use for the audience that is asked for, where that is kept apart.
  std::optional<Usage> audience_usage = {};
  Evaluation evaluation = {};
  std::optional<double> posterior_mean = {};  ///< of its element score for the brand
  std::optional<std::int64_t> combination_uses = {};
  std::optional<core::Time> combination_last_used = {};
  AdLibrary ad_library = {};
  std::vector<float> embedding = {};  ///< of its style; empty or all 0: none
};

/// Candidates, column by column, so that a million of them are scored at the speed of memory.
/// All columns have the same length; those that few pools need stay empty until a candidate has
/// something for them.
struct Pool {
  Interner names;  ///< of categories, audiences and asset tags
  TextColumn ids;
  std::vector<std::uint32_t> category;  ///< Interner::kNone: none
  std::vector<std::int8_t> awareness;   ///< 0: unknown
  std::vector<std::uint32_t> sex;       ///< lower case; Interner::kNone: unknown
  AssetSets asset_sets;
  std::vector<std::uint32_t> required;  ///< the set of asset tags that the row requires
  std::vector<std::uint8_t> is_detected;
  std::vector<Usage> product_usage;
  std::vector<Usage> audience_usage;
  std::vector<Evaluation> evaluation;
  std::vector<double> posterior_mean;          ///< NaN: none
  std::vector<std::int64_t> combination_uses;  ///< below 0: unknown
  std::vector<Usage> combination_usage;
  std::vector<AdLibrary> ad_library;          ///< empty: no candidate has data
  std::vector<float> embeddings;              ///< of unit length, one row after the other
  std::vector<std::uint64_t> embedding_ends;  ///< empty: no candidate has one

  std::size_t size() const { return ids.size(); }
  bool has_ad_library() const { return !ad_library.empty(); }
  /// Empty where the row has none.
  std::span<const float> embedding(std::size_t row) const;
  void add(const Candidate& candidate);
  /// The number of a set of asset tags, for those who add many candidates that require the same.
  std::uint32_t asset_set(std::span<const std::string_view> tags);
};

}  // namespace adgenome::scoring
