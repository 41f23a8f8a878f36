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

scoring::Evaluation evaluation_of(const std::optional<store::CandidateEvaluation>& stored) {
  scoring::Evaluation evaluation;
  if (!stored) return evaluation;
  evaluation.is_given = true;
  for (std::size_t i = 0; i < stored->d.size(); ++i) {
    evaluation.d[i] = stored->d[i].value_or(scoring::Evaluation::kMissing);
  }
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
    const auto& d = row.evaluation->d;
    evaluation = {{"d1", or_null(d[0])}, {"d2", or_null(d[1])},
                  {"d3", or_null(d[2])}, {"d4", or_null(d[3])},
                  {"d5", or_null(d[4])}, {"d6", or_null(row.evaluation->d6)}};
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
                     {"required_assets", *row.required_assets},
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

/// Uses of the combinations that templates are made of. Templates are many, their combinations
/// few: each key is made once.
class Combinations {
 public:
  explicit Combinations(const std::vector<store::ComboUsage>& usage) {
    for (const store::ComboUsage& each : usage) by_key_.emplace(each.key, &each);
  }
  /// Null where it was never used.
  const store::ComboUsage* find(const store::CandidateRow& row) {
    if (by_key_.empty()) return nullptr;
    auto& by_level = known_[row.category];
    const auto [at, is_new] = by_level.try_emplace(row.awareness_level.value_or(0), nullptr);
    if (is_new) {
      const auto used =
          by_key_.find(scoring::template_combination(row.category, row.awareness_level));
      if (used != by_key_.end()) at->second = used->second;
    }
    return at->second;
  }

 private:
  std::unordered_map<std::string, const store::ComboUsage*> by_key_;
  /// By category and awareness level, 0 for none.
  std::unordered_map<std::string, std::map<std::int64_t, const store::ComboUsage*>> known_;
};

/// The numbers of a pool for the lists of tags that its rows share.
class AssetNumbers {
 public:
  std::uint32_t find(const store::SharedTags& tags, scoring::Pool& pool) {
    const auto [at, is_new] = numbers_.try_emplace(tags, 0);
    if (is_new)
      at->second = pool.asset_set(std::vector<std::string_view>(tags->begin(), tags->end()));
    return at->second;
  }

 private:
  std::unordered_map<store::SharedTags, std::uint32_t> numbers_;
};

Candidates candidates_of(store::Session& session, const store::CandidateQuery& wanted,
                         const store::KnownAt& known_at, bool with_lines) {
  const auto usage = store::combo_usage(session, wanted.brand_id, known_at.own);
  Combinations combinations(usage);
  AssetNumbers asset_numbers;
  Candidates found;
  scoring::Candidate candidate;
  store::visit_candidates(session, wanted, [&](const store::CandidateRow& row) {
    candidate.id = row.id;
    candidate.category = row.category;
    candidate.awareness_level = row.awareness_level;
    candidate.target_sex = row.target_sex;
    candidate.asset_set = asset_numbers.find(row.required_assets, found.pool);
    candidate.is_detected = row.is_detected;
    candidate.product_usage = usage_of(row.product_last_used);
    candidate.audience_usage = usage_of(row.audience_last_used);
    candidate.evaluation = evaluation_of(row.evaluation);
    candidate.posterior_mean.reset();
    if (row.alpha && row.beta) candidate.posterior_mean = *row.alpha / (*row.alpha + *row.beta);
    const store::ComboUsage* used = combinations.find(row);
    candidate.combination_uses.reset();
    candidate.combination_last_used.reset();
    if (used != nullptr) {
      candidate.combination_uses = used->times_used;
      candidate.combination_last_used = used->last_used;
    }
    candidate.ad_library = ad_library_of(row);
    candidate.embedding = embedding_of(row);
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
