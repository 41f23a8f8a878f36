#include <doctest/doctest.h>

#include <adgenome/app/learn_weights.hpp>
#include <adgenome/store/weights.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/performance.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr const char* kScorers[] = {"asset_match",     "unused_bonus",   "category_match",
                                    "awareness_align", "audience_match", "belief_clarity",
                                    "performance",     "fatigue"};

/// A brand whose selection drew templates t0, t1, ...; ads are added to them as a test needs.
struct World {
  store::Session session;
  int sets = 0;

  explicit World(const std::string& url) : session(testing::fresh_store(url)) {
    run("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
    run("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
    run("INSERT INTO products (brand_id, id, name) VALUES ('b', 'p', 'P')");
    run("INSERT INTO ad_batches (brand_id, id, seed, options, created_at) "
        "VALUES ('b', 'batch', '1', '{}', $1)",
        {kNow});
    run("INSERT INTO selections (brand_id, id, product_id, preset, weights_used, temperature, "
        "seed, document, created_at) VALUES ('b', 's', 'p', 'smart_select', '{}', 0.1, '1', '{}', "
        "$1)",
        {kNow});
  }

  void run(const char* sql, std::initializer_list<store::Value> values = {}) {
    session.execute(sql, values);
  }

  void add_item(const std::string& template_id, double fatigue) {
    Json weights;
    Json scores;
    for (const char* scorer : kScorers) {
      weights[scorer] = 0.5;
      scores[scorer] = 0.4;
    }
    scores["fatigue"] = fatigue;
    for (const char* scorer : {"impression_rank", "impression_velocity", "creative_variants"}) {
      scores[scorer] = 0.5;
    }
    run("INSERT INTO selection_items (brand_id, selection_id, template_id, rank, weights_used, "
        "scores, composite, propensity, draw_probability) "
        "VALUES ('b', 's', $1, 1, $2, $3, 0.5, 0.1, 0.1)",
        {template_id, store::json_value(weights), store::json_value(scores)});
    run("INSERT INTO ad_runs (brand_id, id, batch_id, product_id, template_id, selection_id, "
        "generation_config, state, created_at) "
        "VALUES ('b', $1, 'batch', 'p', $1, 's', '{}', 'complete', $2)",
        {template_id, kNow});
  }

  void add_ad(const std::string& template_id, const std::string& ad) {
    run("INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
        "color_mode, name, status, provider, created_at) "
        "VALUES ('b', $2, $2, $1, 0, $2, 'light', $2, 'approved', 'none', $3)",
        {template_id, ad, kNow});
  }

  void deliver(const std::string& ad, const char* day) {
    run("INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
        "VALUES ('b', 'meta', $1, $1, 'mapping', $2)",
        {ad, kNow});
    testing::deliver(session, "b", ad, core::parse_day(day),
                     {.impressions = 1000,
                      .spend_micros = 5'000'000,
                      .reach = {},
                      .frequency = {},
                      .clicks = {},
                      .link_clicks = {},
                      .conversions_millionths = {},
                      .conversion_value_micros = {},
                      .attribution_window = {}},
                     kNow);
  }

  void reward(const std::string& ad, double value, const char* state = "final") {
    run("INSERT INTO rewards (brand_id, ad_id, version, reward, weight, state, source, components, "
        "objective, impressions, spend_micros, computed_at) "
        "VALUES ('b', $1, 1, $2, 0.5, $3, 'performance', '{}', 'SALES', 1000, 0, $4) "
        "ON CONFLICT (brand_id, ad_id) DO UPDATE SET reward = excluded.reward, version = 2, "
        "state = excluded.state",
        {ad, value, std::string(state), kNow});
  }

  Json learn(const char* method = "linear", bool is_dry_run = false) {
    const store::Brand brand = store::brands(session).front();
    return app::learn_weights_in_store(
        session, brand,
        {.method = std::string(method) == "beta" ? learning::WeightMethod::kBeta
                                                 : learning::WeightMethod::kLinear,
         .static_file = std::nullopt},
        {.now = kNow, .weight_set_id = "set" + std::to_string(++sets), .is_dry_run = is_dry_run});
  }

  std::int64_t count(const char* table) {
    std::int64_t found = -1;
    session.query(std::string("SELECT COUNT(*) FROM ") + table, {},
                  [&](const store::Row& row) { found = row.integer(0); });
    return found;
  }
};

/// Item t0 with a final reward, t1 whose only ad still runs, t2 without ads.
void fill(World& world) {
  for (int i = 0; i < 3; ++i) world.add_item("t" + std::to_string(i), 0.2 + 0.3 * i);
  world.add_ad("t0", "a0");
  world.deliver("a0", "2026-10-01");
  world.reward("a0", 0.8);
  world.add_ad("t1", "a1");
  world.deliver("a1", "2026-10-20");
}

}  // namespace

TEST_CASE("every matured selection item is learned once") {
  on_both_backends([](const std::string& url) {
    World world(url);
    fill(world);
    const Json first = world.learn();
    CHECK(first.at("snapshots_credited") == 1);
    CHECK(first.at("snapshots_skipped") == 2);
    CHECK(first.at("reasons") == Json{{"maturing", 1}, {"no_ads", 1}});
    CHECK(first.at("weight_set") == "set1");
    CHECK(first.at("parent_weight_set").is_null());
    CHECK(first.at("scorers").size() == 8);
    CHECK(first.at("state").at("linear").at("n") == 0.5);  // the reward's weight
    CHECK(first.at("state").at("beta").at("fatigue").at("observations") == 1);

    const Json again = world.learn();
    CHECK(again.at("snapshots_credited") == 0);
    CHECK(again.at("weight_set").is_null());
    CHECK(again.at("parent_weight_set") == "set1");
    CHECK(again.at("state") == first.at("state"));
    CHECK(world.learn("beta").at("weight_set").is_null());
    CHECK(world.count("weight_sets") == 1);

    world.reward("a1", 0.3);
    const Json later = world.learn();
    CHECK(later.at("snapshots_credited") == 1);
    CHECK(later.at("parent_weight_set") == "set1");
    CHECK(later.at("state").at("linear").at("snapshots") == 2);
    CHECK(later.at("state").at("linear").at("sum_y").get<double>() == doctest::Approx(0.55));
    const auto newest = store::newest_weight_set(world.session, "b", "linear");
    REQUIRE(newest);
    CHECK(newest->status == "challenger");
    CHECK(newest->parent_id == "set1");
    CHECK(newest->weights.at("asset_match") == 1.0);
    CHECK(newest->document.at("snapshots_credited") == 1);
  });
}

TEST_CASE("a revised reward leaves the state of having been learned so at first") {
  on_both_backends([](const std::string& url) {
    World world(url);
    fill(world);
    world.learn();
    world.reward("a0", 0.3);  // crosses one half
    const Json revised = world.learn();
    CHECK(revised.at("snapshots_credited") == 0);
    CHECK(revised.at("snapshots_revised") == 1);
    CHECK(revised.at("weight_set") == "set2");
    const Json& sums = revised.at("state").at("linear");
    CHECK(sums.at("snapshots") == 1);
    CHECK(sums.at("n").get<double>() == doctest::Approx(0.5).epsilon(1e-12));
    CHECK(sums.at("sum_y").get<double>() == doctest::Approx(0.15).epsilon(1e-12));
    const Json& fatigue = revised.at("state").at("beta").at("fatigue");
    CHECK(fatigue.at("alpha").get<double>() == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(fatigue.at("beta").get<double>() == doctest::Approx(1.3).epsilon(1e-12));
    CHECK(fatigue.at("observations") == 1);
    CHECK(world.learn().at("snapshots_revised") == 0);
  });
}

TEST_CASE("a dry run says what it would do and writes nothing") {
  on_both_backends([](const std::string& url) {
    World world(url);
    fill(world);
    const Json dry = world.learn("linear", true);
    CHECK(dry.at("snapshots_credited") == 1);
    CHECK(dry.at("weight_set").is_null());
    CHECK(world.count("weight_sets") == 0);
    CHECK(world.count("weight_posteriors") == 0);
    CHECK(world.learn().at("snapshots_credited") == 1);
  });
}

TEST_CASE("a reward that is not final teaches nothing, and missing scores are counted") {
  on_both_backends([](const std::string& url) {
    World world(url);
    fill(world);
    world.reward("a0", 0.8, "maturing");
    CHECK(world.learn().at("snapshots_credited") == 0);
    world.reward("a0", 0.8);
    world.run("UPDATE selection_items SET scores = '{\"fatigue\": 0.5}'");
    const Json found = world.learn();
    CHECK(found.at("snapshots_credited") == 0);
    CHECK(found.at("reasons").at("score_missing") == 1);
    CHECK(found.at("weight_set").is_null());
  });
}
