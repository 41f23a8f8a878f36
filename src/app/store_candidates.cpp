#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/selections.hpp>
#include <cmath>
#include <limits>
#include <map>
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

std::vector<float> embedding_of(const store::CandidateRow& row) {
  std::vector<float> values;
  for (const Json& value : row.embedding) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!(std::abs(number) <= std::numeric_limits<float>::max())) {
      throw InvalidInput("the embedding of template " + row.id + " is not a list of numbers");
    }
    values.push_back(static_cast<float>(number));
  }
  return values;
}

scoring::AdLibrary ad_library_of(const store::CandidateRow& row) {
  if (row.ad_library.is_null()) return {};
  const std::string where = "template " + row.id + " /ad_library";
  if (!row.ad_library.is_object()) throw InvalidInput("expected an object", "", where);
  const auto refuse = [&](const char* member, const std::string& message) {
    throw InvalidInput(message, "", where + "/" + member);
  };
  return read_ad_library(
      [&](const char* member) -> std::optional<double> {
        const Json value = row.ad_library.value(member, Json());
        if (value.is_null()) return std::nullopt;
        if (!value.is_number()) refuse(member, "expected a number, found " + core::dump(value));
        return value.get<double>();
      },
      refuse);
}

/// The candidate as a line of the stream shape, for programs.
std::string line_of(const store::CandidateRow& row, const store::ComboUsage* combination) {
  const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(); };
  const auto time_or_null = [](const std::optional<core::Time>& time) {
    return time ? Json(core::format_time(*time)) : Json();
  };
  Json evaluation;
  if (row.evaluation) {
    evaluation = {{"d1", or_null(row.evaluation->d1)}, {"d2", or_null(row.evaluation->d2)},
                  {"d3", or_null(row.evaluation->d3)}, {"d4", or_null(row.evaluation->d4)},
                  {"d5", or_null(row.evaluation->d5)}, {"d6", or_null(row.evaluation->d6)}};
  }
  Json performance;
  if (row.alpha) performance = {{"alpha", *row.alpha}, {"beta", or_null(row.beta)}};
  Json combo;
  if (combination != nullptr) {
    combo = {{"key", combination->key},
             {"times_used", combination->times_used},
             {"last_used_at", core::format_time(combination->last_used)}};
  }
  const Json line = {{"id", row.id},
                     {"category", row.category},
                     {"awareness_level", or_null(row.awareness_level)},
                     {"target_sex", or_null(row.target_sex)},
                     {"required_assets", row.required_assets},
                     {"detected", row.is_detected},
                     {"is_unused", !row.product_last_used.has_value()},
                     {"last_used_at", time_or_null(row.product_last_used)},
                     {"evaluation", std::move(evaluation)},
                     {"performance", std::move(performance)},
                     {"combo", std::move(combo)},
                     {"ad_library", row.ad_library},
                     {"embedding", row.embedding}};
  return core::dump(line) + '\n';
}

Candidates candidates_of(store::Session& session, const store::CandidateQuery& wanted,
                         const store::KnownAt& known_at, bool with_lines) {
  std::unordered_map<std::string, store::ComboUsage> combinations;
  for (store::ComboUsage& usage : store::combo_usage(session, wanted.brand_id, known_at.own)) {
    combinations.emplace(usage.key, std::move(usage));
  }
  // Templates are many, their combinations few: each key is made once.
  std::map<std::pair<std::string, std::optional<std::int64_t>>, const store::ComboUsage*> known;
  const auto combination_of = [&](const store::CandidateRow& row) -> const store::ComboUsage* {
    if (combinations.empty()) return nullptr;
    const auto [at, is_new] = known.try_emplace({row.category, row.awareness_level}, nullptr);
    if (is_new) {
      const auto used =
          combinations.find(scoring::template_combination(row.category, row.awareness_level));
      if (used != combinations.end()) at->second = &used->second;
    }
    return at->second;
  };
  Candidates found;
  scoring::Candidate candidate;
  store::visit_candidates(session, wanted, [&](const store::CandidateRow& row) {
    candidate = {.id = row.id,
                 .category = row.category,
                 .target_sex = row.target_sex,
                 .is_detected = row.is_detected,
                 .product_usage = usage_of(row.product_last_used),
                 .audience_usage = usage_of(row.audience_last_used),
                 .evaluation = evaluation_of(row.evaluation),
                 .ad_library = ad_library_of(row),
                 .embedding = embedding_of(row)};
    if (row.awareness_level) candidate.awareness_level = static_cast<int>(*row.awareness_level);
    candidate.required_assets.assign(row.required_assets.begin(), row.required_assets.end());
    if (row.alpha && row.beta) candidate.posterior_mean = *row.alpha / (*row.alpha + *row.beta);
    const store::ComboUsage* used = combination_of(row);
    if (used != nullptr) {
      candidate.combination_uses = used->times_used;
      candidate.combination_last_used = used->last_used;
    }
    found.pool.add(candidate);
    if (with_lines) found.lines += line_of(row, used);
  });
  return found;
}

}  // namespace

StoreCandidates candidates_from_store(store::Session& session, const store::Brand& brand,
                                      const std::string& product_id,
                                      const std::optional<std::string>& persona_id,
                                      const SelectMethod& method, const store::KnownAt& known_at) {
  return {.context = context_of(session, brand, product_id, persona_id),
          .candidates = candidates_of(session,
                                      {.brand_id = brand.id,
                                       .product_id = product_id,
                                       .persona_id = persona_id.value_or(""),
                                       .known_at = known_at.inputs,
                                       .with_embeddings = method.max_similarity < 1},
                                      known_at, !method.preset.programs.empty())};
}

}  // namespace adgenome::app
