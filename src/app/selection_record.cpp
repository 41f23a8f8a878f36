#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/selection_pools.hpp>
#include <adgenome/store/selections.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "select_parts.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

constexpr double kSameProbability = 1e-9;

/// The document with the members of each object sorted by name, as a store gives it back.
nlohmann::json sorted(const Json& document) {
  return nlohmann::json::parse(core::dump(document));
}

std::uint64_t seed_of(const Json& document) {
  const Json& seed = document.at("seed");
  return seed.is_string() ? core::to_uint64(seed.get<std::string>()).value_or(0)
                          : seed.get<std::uint64_t>();
}

/// What a selection's document says of how its probabilities were made.
struct Said {
  scoring::SelectionRequest request;
  std::optional<std::string> category;
  core::Time now;
};

std::optional<Said> said_by(const Json& document) {
  try {
    const Json& asked = document.at("request");
    const Json& relaxed = document.at("relaxed");
    const auto is_relaxed = [&](const char* what) {
      return std::find(relaxed.begin(), relaxed.end(), what) != relaxed.end();
    };
    Said said{.request = {.preset = {.name = document.at("preset"),
                                     .weights = scoring::Weights(scoring::scorers().size(), 0)},
                          .weights = {},
                          .count = 1},
              .category = {},
              .now = core::parse_time(document.at("now").get<std::string>())};
    scoring::Preset& preset = said.request.preset;
    // Refuses the weight of a program, whose scores are not known any more.
    scoring::replace_weights(preset.weights, document.at("weights_used"), "weights_used");
    said.request.weights = preset.weights;
    preset.temperature = document.at("temperature").get<double>();
    preset.explore_floor = asked.at("explore_floor").get<double>();
    said.request.gate.min_asset_score =
        is_relaxed("gate") ? 0 : asked.at("min_asset_score").get<double>();
    if (!asked.at("category").is_null()) said.category = asked.at("category");
    said.request.is_category_filter =
        asked.at("is_category_filter").get<bool>() && !is_relaxed("category");
    return said;
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const InvalidInput&) {
    return std::nullopt;
  }
}

std::optional<scoring::PoolLog> find_pool_again(store::Session& session, const store::Brand& brand,
                                                const std::optional<std::string>& persona_id,
                                                const Json& document) {
  const auto said = said_by(document);
  if (!said) return std::nullopt;
  StoreCandidates from = candidates_from_store(
      session, brand, document.at("product_id").get<std::string>(), persona_id, {});
  if (said->category) from.context.category = said->category;
  const scoring::Pool& pool = from.candidates.pool;
  scoring::Selection selection =
      scoring::select(pool, from.context, said->request, said->now, {0, "no draw counts"});
  if (selection.candidates_after_gate != document.at("candidates_after_gate")) return std::nullopt;

  std::unordered_map<std::string_view, std::size_t> rows;
  for (std::size_t i = 0; i < pool.size(); ++i) rows.emplace(pool.ids[i], i);
  selection.items.clear();
  for (const Json& drawn : document.at("templates")) {
    const auto row = rows.find(drawn.at("template_id").get_ref<const std::string&>());
    if (row == rows.end()) return std::nullopt;
    const double before = drawn.at("propensity").get<double>();
    if (std::abs(selection.p[row->second] - before) > kSameProbability * before)
      return std::nullopt;
    selection.items.push_back({.candidate = row->second,
                               .composite = 0,
                               .propensity = before,
                               .draw_probability = {},
                               .scores = {}});
  }
  const core::RandomStream sampling(seed_of(document), "select/pool");
  return scoring::keep_pool(pool, from.context, said->request, selection, said->now, sampling);
}

}  // namespace

bool record_selection(store::Session& session, const std::string& brand_id,
                      const std::string& persona_id, const Json& document,
                      const std::optional<scoring::PoolLog>& pool) {
  Json content = document;
  content.erase("schema");
  const auto text = [&](const char* member) { return content.at(member).get<std::string>(); };
  const auto text_or_nothing = [&](const char* member) {
    const Json& value = content.at(member);
    return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
  };
  store::StoredSelection selection;
  try {
    selection = {
        .brand_id = brand_id,
        .id = text("selection_id"),
        .product_id = text("product_id"),
        .persona_id = persona_id,
        .preset = text("preset"),
        .weights_used = content.at("weights_used"),
        .weight_set = text_or_nothing("weight_set"),
        .phase = text_or_nothing("phase"),
        .temperature = content.at("temperature").get<double>(),
        .seed = content.at("seed").is_string() ? text("seed") : core::dump(content.at("seed")),
        .document = content,
        .created_at = core::parse_time(text("now")),
        .items = {}};
    for (const Json& row : content.at("templates")) {
      selection.items.push_back({.template_id = row.at("template_id").get<std::string>(),
                                 .rank = row.at("rank").get<std::int64_t>(),
                                 .scores = row.at("scores"),
                                 .composite = row.at("composite").get<double>(),
                                 .propensity = row.at("propensity").get<double>(),
                                 .draw_probability = row.at("draw_probability").get<double>()});
    }
  } catch (const Json::exception&) {
    throw InvalidInput("not a selection with drawn templates",
                       "give what adgenome select prints, without --all");
  }
  if (selection.items.empty()) throw InvalidInput("a selection without templates is not recorded");

  store::Transaction transaction(session);
  if (const auto recorded = store::find_selection_document(session, brand_id, selection.id)) {
    if (sorted(*recorded) == sorted(content)) return false;
    throw InvalidInput("another selection is recorded as " + selection.id,
                       "select with another --seed or --now");
  }
  store::insert_selection(session, selection);
  if (pool) {
    store::insert_selection_pool(session, brand_id,
                                 {.selection_id = selection.id,
                                  .format = std::string(scoring::kPoolFormat),
                                  .candidates = pool->candidates,
                                  .fraction = pool->fraction,
                                  .bytes = scoring::encode(*pool)});
  }
  transaction.commit();
  return true;
}

void record_read_selection(store::Session& session, const store::Brand& brand,
                           const std::optional<std::string>& persona_id, const Json& document,
                           std::vector<std::string>& warnings) {
  const auto pool = find_pool_again(session, brand, persona_id, document);
  const bool is_new = record_selection(session, brand.id, persona_id.value_or(""), document, pool);
  if (!is_new || pool) return;
  warnings.emplace_back(
      "the selection is recorded without its pool, so that no other policy can be evaluated on "
      "it: the store has changed since it was drawn, or a program scored");
}

}  // namespace adgenome::app
