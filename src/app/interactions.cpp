#include <adgenome/app/interactions.hpp>
#include <adgenome/app/row_counts.hpp>
#include <algorithm>

#include "interactions_document.hpp"
#include "tagged_rewards.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::PairInteraction;

constexpr std::size_t kKept = 15;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

Json pair_json(const PairInteraction& pair) {
  return {{"a", {{"dimension", pair.a.dimension}, {"value", pair.a.value}}},
          {"b", {{"dimension", pair.b.dimension}, {"value", pair.b.value}}},
          {"effect", pair.effect},
          {"interval",
           pair.interval ? Json::array({pair.interval->lower, pair.interval->upper}) : Json()},
          {"p", or_null(pair.p)},
          {"q", or_null(pair.q)},
          {"ads", pair.ads},
          {"runs", pair.runs},
          {"direction", learning::name_of(pair.direction)},
          {"evidence", "correlational"},
          {"borrowed", false},
          {"similarity", nullptr}};
}

std::vector<PairInteraction> kept_pairs(const learning::Interactions& interactions,
                                        const InteractionOptions& options) {
  const std::size_t count =
      options.is_all ? interactions.pairs.size() : std::min(kKept, interactions.pairs.size());
  return {interactions.pairs.begin(), interactions.pairs.begin() + static_cast<long>(count)};
}

Json interactions_document(Json list, const learning::Interactions& interactions,
                           const InteractionOptions& options, Json brand_id, Json summary) {
  const auto of = [&](PairInteraction::Direction direction) {
    return std::ranges::count(interactions.pairs, direction, &PairInteraction::direction);
  };
  summary["pairs_seen"] = interactions.pairs_seen;
  summary["pairs_tested"] = interactions.pairs.size();
  summary["synergies"] = of(PairInteraction::Direction::kSynergy);
  summary["conflicts"] = of(PairInteraction::Direction::kConflict);
  summary["borrowed"] =
      std::ranges::count_if(list, [](const Json& pair) { return pair["borrowed"].get<bool>(); });
  summary["reason"] = !list.empty()                  ? Json()
                      : summary["rewards"] == 0      ? Json("no_rewards")
                      : interactions.pairs_seen == 0 ? Json("no_pairs")
                                                     : Json("not_enough_ads");
  return {{"brand_id", std::move(brand_id)}, {"rules", options.is_classic ? "classic" : "robust"},
          {"evidence", "correlational"},     {"seed", core::wide_integer(options.seed)},
          {"interactions", std::move(list)}, {"summary", std::move(summary)}};
}

Report interactions_from_stream(const std::string& input, core::Rejects& rejects,
                                const InteractionOptions& options) {
  RowCounts counts;
  const std::vector<learning::TaggedReward> rewards = read_tagged_rewards(input, rejects, counts);
  const learning::Interactions interactions =
      learning::find_interactions(rewards, options.is_classic, options.seed);
  Json list = Json::array();
  for (const PairInteraction& pair : kept_pairs(interactions, options)) {
    list.push_back(pair_json(pair));
  }
  Json summary = Json::object();
  add_counts(summary, counts);
  summary["rewards"] = rewards.size();
  return {.document = interactions_document(std::move(list), interactions, options, nullptr,
                                            std::move(summary)),
          .notes = {}};
}

}  // namespace adgenome::app
