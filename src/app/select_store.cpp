#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/selections.hpp>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "candidate_records.hpp"
#include "select_parts.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

scoring::Context context_of(store::Session& session, const store::Brand& brand,
                            const std::string& product_id,
                            const std::optional<std::string>& persona_id) {
  if (!store::find_product(session, brand.id, product_id)) {
    std::vector<std::string> ids;
    for (const store::Product& product : store::products(session, brand.id)) {
      ids.push_back(product.id);
    }
    throw InvalidInput("brand " + brand.id + " has no product \"" + product_id + "\"",
                       ids.empty() ? "it has none" : "it has: " + core::join(ids, ", "));
  }
  scoring::Context context{.brand_id = brand.id, .product_id = product_id};
  context.asset_tags.emplace();
  for (const auto& image : store::product_images(session, brand.id, product_id)) {
    context.asset_tags->insert(context.asset_tags->end(), image.asset_tags.begin(),
                               image.asset_tags.end());
  }
  if (!persona_id) return context;
  const auto persona = store::find_persona(session, brand.id, *persona_id);
  if (!persona) throw InvalidInput("brand " + brand.id + " has no persona \"" + *persona_id + "\"");
  context.has_persona = true;
  context.target_sex = persona->gender;
  if (persona->awareness_stage) {
    context.awareness_stage = parse_stage(*persona->awareness_stage);
    if (!context.awareness_stage) {
      throw InvalidInput("persona " + *persona_id + " has no known awareness stage: \"" +
                             *persona->awareness_stage + "\"",
                         "stages are 1 to 5, unaware to most_aware");
    }
  }
  return context;
}

scoring::Usage usage_of(const std::optional<core::Time>& last) {
  return last ? scoring::Usage::at(*last) : scoring::Usage{};
}

scoring::Evaluation evaluation_of(const std::optional<store::TemplateEvaluation>& stored) {
  scoring::Evaluation evaluation;
  if (!stored) return evaluation;
  const auto points = [](const std::optional<std::int64_t>& value) {
    return value ? static_cast<std::int8_t>(*value) : scoring::Evaluation::kMissing;
  };
  evaluation.is_given = true;
  evaluation.d = {points(stored->d1), points(stored->d2), points(stored->d3), points(stored->d4),
                  points(stored->d5)};
  if (stored->d6) evaluation.is_compliant = *stored->d6;
  return evaluation;
}

scoring::Pool pool_of(store::Session& session, const store::Brand& brand,
                      const std::string& product_id, const std::string& persona_id,
                      const store::KnownAt& known_at) {
  std::unordered_map<std::string, store::ComboUsage> combinations;
  for (store::ComboUsage& usage : store::combo_usage(session, brand.id, known_at.own)) {
    combinations.emplace(usage.key, std::move(usage));
  }
  scoring::Pool pool;
  scoring::Candidate candidate;
  store::visit_candidates(
      session, brand.id, product_id, persona_id, known_at.inputs,
      [&](const store::CandidateRow& row) {
        candidate = {.id = row.id,
                     .category = row.category,
                     .target_sex = row.target_sex,
                     .is_detected = row.is_detected,
                     .product_usage = usage_of(row.product_last_used),
                     .audience_usage = usage_of(row.audience_last_used),
                     .evaluation = evaluation_of(row.evaluation),
                     .has_ad_library = row.has_ad_library};
        if (row.awareness_level) candidate.awareness_level = static_cast<int>(*row.awareness_level);
        candidate.required_assets.assign(row.required_assets.begin(), row.required_assets.end());
        if (row.alpha && row.beta) candidate.posterior_mean = *row.alpha / (*row.alpha + *row.beta);
        const auto used =
            combinations.find(scoring::template_combination(row.category, row.awareness_level));
        if (used != combinations.end()) {
          candidate.combination_uses = used->second.times_used;
          candidate.combination_last_used = used->second.last_used;
        }
        pool.add(candidate);
      });
  return pool;
}

/// The document with the members of each object sorted by name, as a store gives it back.
nlohmann::json sorted(const Json& document) {
  return nlohmann::json::parse(core::dump(document));
}

}  // namespace

Json select_from_store(store::Session& session, const store::Brand& brand,
                       const std::string& product_id, const std::optional<std::string>& persona_id,
                       const SelectOptions& options) {
  const SelectMethod method =
      find_method(options, brand.selection_config, "brand " + brand.id + " /selection_config");
  const scoring::Context context = context_of(session, brand, product_id, persona_id);
  const scoring::Pool pool =
      pool_of(session, brand, product_id, persona_id.value_or(""), options.known_at);
  return select_and_describe(pool, context, method, options, {});
}

bool record_selection(store::Session& session, const std::string& brand_id,
                      const std::string& persona_id, const Json& document) {
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
  transaction.commit();
  return true;
}

}  // namespace adgenome::app
