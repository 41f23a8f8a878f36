#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/scoring/pool.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::scoring {

/// What a selection is made for. What is not known is absent.
struct Context {
  std::optional<std::string> brand_id = {};
  std::optional<std::string> product_id = {};
  std::optional<std::vector<std::string>> asset_tags = {};  ///< of the product's pictures
  std::optional<std::string> category = {};                 ///< asked for
  std::optional<int> awareness_stage = {};                  ///< of the persona, 1 to 5
  std::optional<std::string> target_sex = {};               ///< of the persona
  bool has_persona = false;                                 ///< asked for, whatever is known of it
};

/// The context in the terms of one pool.
struct Setting {
  core::Time now;
  struct AssetShare {
    double covered;  ///< of the tags of a set, those that the product has; 1 where it has none
    bool is_known;
  };
  std::vector<AssetShare> asset_shares;  ///< by set of asset tags
  std::uint32_t category = Interner::kNone;
  bool has_category = false;
  int awareness = 0;  ///< 0: unknown
  std::uint32_t sex = Interner::kNone;
  bool has_sex = false;
  bool sex_is_unisex = false;
  std::uint32_t unisex = Interner::kNone;
};

Setting prepare(const Pool& pool, const Context& context, core::Time now);

/// Scores of the consecutive candidates from `begin` on, and whether the scorer had data for
/// each rather than its neutral value. Both spans have the same length. (Flags are bool: a byte
/// could be any memory to a compiler, which then reads all of the pool again after each store.)
struct Block {
  std::size_t begin;
  std::span<double> scores;
  std::span<bool> has_data;
};

/// Scores a block; each score is in [0, 1] and depends on its candidate and the setting alone.
using ScoreFunction = void(const Pool&, const Setting&, Block);

/// What has to be asked for so that a scorer can tell candidates apart.
enum class Needs { kNothing, kCategory, kAwareness, kAudience, kAdLibrary };

/// One row of the registry.
struct Scorer {
  std::string_view name;
  ScoreFunction* score;
  double roll_the_dice;  ///< weight in the built-in preset of this name
  double smart_select;   ///< where `needs` is kAdLibrary: in pools with such data, else 0
  Needs needs = Needs::kNothing;
};

/// Every scorer there is, in the order of every output.
std::span<const Scorer> scorers();

/// The position of a scorer in the registry and in Weights.
std::optional<std::size_t> find_scorer(std::string_view name);

/// Names of all scorers, for hints.
std::vector<std::string> scorer_names();

/// A weight for each scorer of the registry, then for each program of the preset.
using Weights = std::vector<double>;

}  // namespace adgenome::scoring
