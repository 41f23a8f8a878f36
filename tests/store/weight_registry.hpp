#pragma once

#include <doctest/doctest.h>

#include <adgenome/app/learn_weights.hpp>
#include <adgenome/app/weights.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/scoring/draw.hpp>
#include <adgenome/scoring/pool_log.hpp>
#include <adgenome/store/selection_pools.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/stores.hpp"

namespace adgenome::testing {

inline constexpr const char* kScorers[] = {"asset_match",     "unused_bonus",   "category_match",
                                           "awareness_align", "audience_match", "belief_clarity",
                                           "performance",     "fatigue"};
inline constexpr std::size_t kCandidates = 12;

/// Organizations o and p; brands a, b, c, d of o and stranger of p.
struct Registry {
  store::Session session;
  int sets = 0;

  explicit Registry(const std::string& url) : session(fresh_store(url)) {
    run("INSERT INTO organizations (id, name) VALUES ('o', 'O'), ('p', 'P')");
    for (const char* id : {"a", "b", "c", "d"}) add_brand(id, "o");
    add_brand("stranger", "p");
  }

  void run(const char* sql, std::initializer_list<store::Value> values = {}) {
    session.execute(sql, values);
  }

  void add_brand(const std::string& id, const std::string& organization) {
    run("INSERT INTO brands (id, organization_id, name) VALUES ($1, $2, $1)", {id, organization});
    run("INSERT INTO products (brand_id, id, name) VALUES ($1, 'p', 'P')", {id});
    run("INSERT INTO ad_batches (brand_id, id, seed, options, created_at) "
        "VALUES ($1, 'batch', '1', '{}', $2)",
        {id, kNow});
  }

  /// The templates that selections of brand a draw from.
  void add_templates() {
    for (std::size_t i = 0; i < kCandidates; ++i) {
      run("INSERT INTO templates (id, name, category, required_assets, active) "
          "VALUES ($1, $1, 'ugc', '[]', TRUE)",
          {"t" + std::to_string(i)});
    }
  }

  store::Brand brand(const std::string& id) {
    for (const store::Brand& each : store::brands(session)) {
      if (each.id == id) return each;
    }
    FAIL("no brand");
    return {};
  }

  void share(const std::string& id, bool shares = true) {
    run("UPDATE brands SET cross_brand_sharing = $2 WHERE id = $1", {id, shares});
  }

  /// A recorded selection of one template with its pool and final reward, which the belief_clarity
  /// of what was drawn decides.
  void select(const std::string& brand_id, int number, double effect, bool keeps_pool = true) {
    core::RandomStream random(static_cast<std::uint64_t>(number), "select " + brand_id);
    const std::string id = "s" + std::to_string(1000 + number);
    scoring::PoolLog log{
        .scorers = {kScorers, kScorers + 8}, .drawn = 1, .candidates = kCandidates};
    std::vector<double> composites;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      log.ids.push_back("t" + std::to_string(i));
      log.propensities.push_back(0);
      double sum = 0;
      for (std::size_t s = 0; s < 8; ++s) {
        const double score = random.next_uniform();
        log.scores.push_back(scoring::quantised(score));
        sum += score;
      }
      composites.push_back(sum / 8);
    }
    const std::vector<std::uint8_t> all(kCandidates, 1);
    const auto p = scoring::probabilities(scoring::log_ratios(composites, all), all, 0.1, 0.02);
    const auto drawn = scoring::draw_without_replacement(p, 1, random).front();
    std::swap(log.ids[0], log.ids[drawn.index]);
    for (std::size_t s = 0; s < 8; ++s) {
      std::swap(log.scores[s], log.scores[drawn.index * 8 + s]);
    }
    core::Json weights;
    core::Json scores;
    for (std::size_t s = 0; s < 8; ++s) {
      weights[kScorers[s]] = 1.0;
      scores[kScorers[s]] = log.score(0, s);
    }
    for (const char* other : {"impression_rank", "impression_velocity", "creative_variants"}) {
      weights[other] = 0.0;
      scores[other] = 0.5;
    }
    const core::Time at = kNow - std::chrono::hours(24 * 30) + std::chrono::minutes(number);
    run("INSERT INTO selections (brand_id, id, product_id, preset, weights_used, temperature, "
        "seed, document, created_at) VALUES ($1, $2, 'p', 'smart_select', '{}', 0.1, '1', '{}', "
        "$3)",
        {brand_id, id, at});
    run("INSERT INTO selection_items (brand_id, selection_id, template_id, rank, weights_used, "
        "scores, composite, propensity, draw_probability) "
        "VALUES ($1, $2, $3, 1, $4, $5, 0.5, $6, $6)",
        {brand_id, id, log.ids[0], store::json_value(weights), store::json_value(scores),
         drawn.propensity});
    if (keeps_pool) {
      store::insert_selection_pool(session, brand_id,
                                   {.selection_id = id,
                                    .format = std::string(scoring::kPoolFormat),
                                    .candidates = kCandidates,
                                    .fraction = 1,
                                    .bytes = scoring::encode(log)});
    }
    run("INSERT INTO ad_runs (brand_id, id, batch_id, product_id, template_id, selection_id, "
        "generation_config, state, created_at) VALUES ($1, $2, 'batch', 'p', $3, $2, '{}', "
        "'complete', $4)",
        {brand_id, id, log.ids[0], at});
    run("INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
        "color_mode, name, status, provider, created_at) "
        "VALUES ($1, $2, $2, $2, 0, '1:1', 'light', $2, 'approved', 'none', $3)",
        {brand_id, id, at});
    const double belief = scores["belief_clarity"].get<double>();
    const double noise = 0.2 * (random.next_uniform() - 0.5);
    run("INSERT INTO rewards (brand_id, ad_id, version, reward, weight, state, source, "
        "components, objective, impressions, spend_micros, computed_at) "
        "VALUES ($1, $2, 1, $3, 1, 'final', 'performance', '{}', 'SALES', 1000, 0, $4)",
        {brand_id, id, std::clamp(0.5 + effect * (belief - 0.5) + noise, 0.0, 1.0), at});
  }

  void select_many(const std::string& brand_id, int from, int to, double effect) {
    store::Transaction transaction(session);
    for (int i = from; i < to; ++i) select(brand_id, i, effect);
    transaction.commit();
  }

  core::Json learn(const std::string& brand_id, app::StoreRun run = {},
                   const app::LearnWeightsOptions& options = {}) {
    run.now = kNow + std::chrono::hours(sets);
    run.weight_set_id = brand_id + std::to_string(++sets);
    return app::learn_weights_in_store(session, brand(brand_id), options, run);
  }

  std::string champion(const std::string& brand_id) {
    const auto found = store::champion_weight_set(session, brand_id);
    return found ? found->id : "";
  }
};

}  // namespace adgenome::testing
