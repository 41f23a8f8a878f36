#include <adgenome/scoring/scorer.hpp>
#include <array>

#include "scorers/scorers.hpp"

namespace adgenome::scoring {
namespace {

// One row a scorer: its name, its rule, its weights in the built-in presets.
constexpr auto kScorers = std::to_array<Scorer>({
    {"asset_match", asset_match, 0, 1.0},
    {"unused_bonus", unused_bonus, 1.0, 0.8},
    {"category_match", category_match, 0.5, 0.6, Needs::kCategory},
    {"awareness_align", awareness_align, 0, 0.5, Needs::kAwareness},
    {"audience_match", audience_match, 0, 0.4, Needs::kAudience},
    {"belief_clarity", belief_clarity, 0, 0.6},
    {"performance", performance, 0, 0.3},
    {"fatigue", fatigue, 0.2, 0.4},
    {"impression_rank", impression_rank, 0, 0.4, Needs::kAdLibrary},
    {"impression_velocity", impression_velocity, 0, 0.6, Needs::kAdLibrary},
    {"creative_variants", creative_variants, 0, 0.3, Needs::kAdLibrary},
});

consteval bool is_sound() {
  for (std::size_t i = 0; i < kScorers.size(); ++i) {
    const Scorer& scorer = kScorers[i];
    if (scorer.name.empty() || scorer.roll_the_dice < 0 || scorer.smart_select < 0) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (kScorers[j].name == scorer.name) return false;
    }
  }
  return true;
}
static_assert(is_sound(), "a name occurs twice, or a weight is negative");

}  // namespace

std::span<const Scorer> scorers() {
  return kScorers;
}

std::optional<std::size_t> find_scorer(std::string_view name) {
  for (std::size_t i = 0; i < kScorers.size(); ++i) {
    if (kScorers[i].name == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> scorer_names() {
  std::vector<std::string> names;
  for (const Scorer& scorer : kScorers) names.emplace_back(scorer.name);
  return names;
}

}  // namespace adgenome::scoring
