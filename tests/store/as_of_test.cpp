#include <doctest/doctest.h>

#include <adgenome/app/genome.hpp>
#include <adgenome/app/learn_weights.hpp>
#include <adgenome/app/reward.hpp>
#include <adgenome/app/whitespace.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <adgenome/store/production.hpp>
#include <adgenome/store/rewards.hpp>
#include <adgenome/store/weights.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "support/performance.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr auto kDay = std::chrono::days(1);

/// A brand with six ads of one selection, made sixty days ago, that ran thirty days ago.
struct World {
  store::Session session;
  store::Brand brand;

  explicit World(const std::string& url) : session(testing::fresh_store(url)) {
    run("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
    run("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
    run("INSERT INTO products (brand_id, id, name) VALUES ('b', 'p', 'P')");
    const core::Time made = kNow - 60 * kDay;
    run("INSERT INTO ad_batches (brand_id, id, seed, options, created_at) "
        "VALUES ('b', 'batch', '1', '{}', $1)",
        {made});
    run("INSERT INTO selections (brand_id, id, product_id, preset, weights_used, temperature, "
        "seed, document, created_at) VALUES ('b', 's', 'p', 'smart_select', '{}', 0.1, '1', '{}', "
        "$1)",
        {made});
    brand = store::brands(session).front();
    for (int i = 0; i < 6; ++i) add_ad("a" + std::to_string(i), made);
    store::put_campaign(session, "b", "meta", "c", {}, {}, kNow - 20 * kDay);
  }

  void run(const char* sql, std::initializer_list<store::Value> values = {}) {
    session.execute(sql, values);
  }

  void add_ad(const std::string& id, core::Time made) {
    Json scores;
    Json weights;
    for (const char* scorer : {"asset_match", "unused_bonus", "category_match", "awareness_align",
                               "audience_match", "belief_clarity", "performance", "fatigue"}) {
      scores[scorer] = 0.3 + 0.1 * (id.back() - '0');
      weights[scorer] = 0.5;
    }
    run("INSERT INTO selection_items (brand_id, selection_id, template_id, rank, weights_used, "
        "scores, composite, propensity, draw_probability) "
        "VALUES ('b', 's', $1, 1, $2, $3, 0.5, 0.1, 0.1)",
        {id, store::json_value(weights), store::json_value(scores)});
    run("INSERT INTO ad_runs (brand_id, id, batch_id, product_id, template_id, selection_id, "
        "generation_config, state, created_at) "
        "VALUES ('b', $1, 'batch', 'p', $1, 's', '{}', 'complete', $2)",
        {id, made});
    run("INSERT INTO ads (brand_id, id, short_id, ad_run_id, product_id, template_id, "
        "prompt_index, canvas_size, color_mode, name, tags, status, provider, created_at) "
        "VALUES ('b', $1, $1, $1, 'p', $1, 1, '1:1', 'light', $1, $2, 'approved', 'local', $3)",
        {id, store::json_value({{"hook_type", id < "a3" ? "story" : "question"}}), made});
    store::put_template_use(
        session, "b",
        {.ad_run_id = id, .product_id = "p", .template_id = id, .persona_id = "", .used_at = made});
    store::count_combinations(session, "b", {"hook_type=story|x=y"}, made);
    store::put_mapping(session, "b", "meta", "p" + id, id, "mapping", kNow - 20 * kDay);
  }

  /// Clicks grow with the ad's number, by `factor`.
  void deliver(int factor, core::Time learned_at) {
    for (int i = 0; i < 6; ++i) {
      const std::string platform_ad = "pa" + std::to_string(i);
      testing::deliver(session, "b", platform_ad, core::day_of(kNow) - std::chrono::days(30),
                       {.impressions = 9000,
                        .spend_micros = 10'000'000,
                        .reach = {},
                        .frequency = {},
                        .clicks = 99,
                        .link_clicks = 40 + factor * i,
                        .conversions_millionths = 20'000'000 - factor * i * 1'000'000,
                        .conversion_value_micros = {},
                        .attribution_window = {}},
                       learned_at);
      store::put_platform_ad(session, "b",
                             {.platform = "meta",
                              .platform_ad_id = platform_ad,
                              .name = {},
                              .account_id = {},
                              .adset_id = {},
                              .adset_name = {},
                              .campaign_id = "c"},
                             learned_at);
    }
  }

  Json reward(core::Time now, std::optional<core::Time> as_of = {}) {
    core::Rejects rejects;
    return app::rewards_in_store(session, brand, rejects,
                                 {.now = now,
                                  .with_states = true,
                                  .is_dry_run = as_of.has_value(),
                                  .known_at = store::KnownAt(as_of)})
        .document;
  }

  Json genome(core::Time now, std::optional<core::Time> as_of = {}) {
    return app::genome_in_store(
               session, brand,
               {.now = now, .is_dry_run = as_of.has_value(), .known_at = store::KnownAt(as_of)})
        .document;
  }

  Json learn(core::Time now, std::optional<core::Time> as_of = {}) {
    Json document = app::learn_weights_in_store(
        session, brand, {.method = learning::WeightMethod::kLinear, .static_file = {}},
        {.now = now,
         .weight_set_id = "set" + core::format_time(now),
         .is_dry_run = as_of.has_value(),
         .known_at = store::KnownAt(as_of)});
    document.erase("weight_set");  // none is made where nothing is written
    return document;
  }

  Json whitespace(core::Time now, std::optional<core::Time> as_of = {}) {
    return app::whitespace_in_store(session, "b", {},
                                    {.now = now,

                                     .is_dry_run = as_of.has_value(),
                                     .known_at = store::KnownAt(as_of)});
  }
};

}  // namespace

TEST_CASE("a run is replayed as it was, whatever was learned since") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const core::Time first = kNow;
    const core::Time second = kNow + 2 * kDay;
    world.deliver(4, first - 20 * kDay);
    const Json rewards = world.reward(first);
    const Json genome = world.genome(first);
    const Json weights = world.learn(first);
    const Json whitespace = world.whitespace(first);
    CHECK(rewards["summary"]["new"] == 6);
    CHECK(weights["snapshots_credited"] == 6);

    world.deliver(-5, second - kDay);  // restated
    store::put_campaign(world.session, "b", "meta", "c", {}, "OUTCOME_TRAFFIC", second - kDay);
    store::put_mapping(world.session, "b", "meta", "pa0", "a5", "mapping", second - kDay);
    const Json later_rewards = world.reward(second);
    CHECK(later_rewards["summary"]["changed"].get<int>() > 3);
    const Json later_genome = world.genome(second);
    const Json later_weights = world.learn(second);
    const Json later_whitespace = world.whitespace(second);
    CHECK(later_weights["snapshots_revised"].get<int>() > 3);
    CHECK(later_rewards["rewards"] != rewards["rewards"]);

    CHECK(core::dump(world.reward(first, first)) == core::dump(rewards));
    CHECK(core::dump(world.genome(first, first)) == core::dump(genome));
    CHECK(core::dump(world.learn(first, first)) == core::dump(weights));
    CHECK(core::dump(world.whitespace(first, first)) == core::dump(whitespace));
    CHECK(core::dump(world.reward(second, second)) == core::dump(later_rewards));
    CHECK(core::dump(world.genome(second, second)) == core::dump(later_genome));
    CHECK(core::dump(world.learn(second, second)) == core::dump(later_weights));
    CHECK(core::dump(world.whitespace(second, second)) == core::dump(later_whitespace));
    // Nothing was written by them.
    CHECK(world.reward(second + kDay)["summary"]["unchanged"] == 5);  // a0 has lost its own
    CHECK(world.learn(second + kDay)["snapshots_credited"] == 0);
  });
}

TEST_CASE("a campaign that comes later revises the rewards that were made without its objective") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.deliver(0, kNow - 20 * kDay);
    const Json before = world.reward(kNow);
    CHECK(before["rewards"][0]["objective"] == "UNKNOWN");
    store::put_campaign(world.session, "b", "meta", "c", "C", "OUTCOME_TRAFFIC", kNow + kDay);
    const Json after = world.reward(kNow + kDay);
    CHECK(after["summary"]["changed"] == 6);
    CHECK(after["rewards"][0]["objective"] == "TRAFFIC");
    CHECK(world.reward(kNow + 2 * kDay)["summary"]["unchanged"] == 6);
  });
}
