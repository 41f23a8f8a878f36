#include <doctest/doctest.h>

#include <adgenome/app/genome.hpp>
#include <adgenome/app/reward.hpp>
#include <adgenome/app/whitespace.hpp>
#include <adgenome/store/genome_facts.hpp>
#include <adgenome/store/reported.hpp>
#include <adgenome/store/whitespace.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "support/performance.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr auto kDay = std::chrono::days(1);

/// A brand whose ads have tags, a score and a delivery.
struct World {
  store::Session session;
  store::Brand brand;

  explicit World(const std::string& url) : session(testing::fresh_store(url)) {
    session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o')");
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'b')");
    brand.id = "b";
    brand.organization_id = "o";
  }

  void add_ad(const std::string& id, const core::Json& tags, std::optional<double> score,
              core::Time made) {
    session.execute(
        "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
        "color_mode, name, tags, pre_generation_score, status, provider, created_at) "
        "VALUES ('b', $1, $1, $1, 1, '1:1', 'light', $1, $2, $3, 'approved', 'local', $4)",
        {id, store::json_value(tags), store::or_null(score), made});
    session.execute(
        "INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
        "VALUES ('b', 'meta', $1, $1, 'mapping', $2)",
        {id, made});
  }

  void deliver(const std::string& ad, int days_ago, std::int64_t impressions, std::int64_t clicks,
               std::int64_t conversions, core::Time learned_at) {
    testing::deliver(session, "b", ad, core::day_of(kNow) - std::chrono::days(days_ago),
                     {.impressions = impressions,
                      .spend_micros = impressions * 10'000,
                      .reach = {},
                      .frequency = {},
                      .clicks = clicks,
                      .link_clicks = clicks,
                      .conversions_millionths = conversions * 1'000'000,
                      .conversion_value_micros = conversions * 50'000'000,
                      .attribution_window = {}},
                     learned_at);
  }

  core::Json validate(core::Time now) {
    core::IdSource ids(1, "genome validate", now);
    return app::validate_genome(session, brand, {.genome = {.now = now}}, ids).document;
  }

  std::int64_t open_alerts() {
    std::int64_t count = 0;
    session.query("SELECT COUNT(*) FROM alerts WHERE brand_id = 'b' AND state = 'active'", {},
                  [&](const store::Row& row) { count = row.integer(0); });
    return count;
  }
};

}  // namespace

TEST_CASE("what was learned anew is told from what was there") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.add_ad("a", core::Json::object(), {}, kNow - 60 * kDay);
    world.deliver("a", 10, 1000, 20, 1, kNow - 9 * kDay);
    world.deliver("a", 10, 1000, 22, 3, kNow - 8 * kDay);
    world.deliver("a", 2, 500, 10, 0, kNow - 1 * kDay);
    const core::Day from = core::day_of(kNow) - std::chrono::days(30);
    const auto growth = store::reported_growth(world.session, "b", from, kNow);
    REQUIRE(growth.size() == 3);
    CHECK(growth[0].clicks == 20);
    CHECK(growth[0].first_learned == kNow - 9 * kDay);
    CHECK(growth[1].clicks == 2);
    CHECK(growth[1].conversions_millionths == 2'000'000);
    CHECK(growth[1].first_learned == kNow - 9 * kDay);
    CHECK(growth[1].learned == kNow - 8 * kDay);
    CHECK(store::reported_growth(world.session, "b", from, kNow - 9 * kDay).size() == 1);
    const auto days = store::young_ad_days(world.session, "b", from, kNow, kNow);
    REQUIRE(days.size() == 2);
    CHECK(days[0].clicks == 22);
    CHECK(days[1].impressions == 500);
    CHECK(store::young_ad_days(world.session, "b", core::day_of(kNow) - std::chrono::days(5), kNow,
                               kNow)
              .empty());
    CHECK(*store::first_delivery(world.session, "b", kNow) ==
          core::day_of(kNow) - std::chrono::days(10));
  });
}

TEST_CASE("scores that do not foresee click rates open one alert, which settles by itself") {
  on_both_backends([](const std::string& url) {
    World world(url);
    for (int i = 0; i < 60; ++i) {
      const std::string id = "ad" + std::to_string(100 + i);
      // Better scores, fewer clicks; they mature over the last six weeks.
      world.add_ad(id, {{"hook_type", i % 2 ? "story" : "number"}}, 0.3 + 0.005 * (i % 20),
                   kNow - 60 * kDay);
      world.deliver(id, 4 + i % 40, 5000, 200 - 5 * (i % 20), 5, kNow - 1 * kDay);
    }
    core::Rejects rejects;
    app::rewards_in_store(world.session, world.brand, rejects, {.now = kNow});
    const core::Json found = world.validate(kNow);
    CHECK(found["ads"].get<int>() >= 20);
    CHECK(found["rank_correlation"].get<double>() < -0.8);
    CHECK(found["interval"][1].get<double>() < 0);
    CHECK(found["calibration"].size() >= 3);
    CHECK(found["alerts"][0]["state"] == "open");
    CHECK(found["alerts"][0]["severity"] == "critical");
    CHECK(world.open_alerts() == 1);
    CHECK(world.validate(kNow) == found);
    CHECK(world.open_alerts() == 1);
    // The scores turn out to be right.
    world.session.execute(
        "UPDATE ads SET pre_generation_score = 0.9 - pre_generation_score WHERE brand_id = 'b'");
    CHECK(world.validate(kNow)["alerts"][0]["state"] == "clear");
    CHECK(world.open_alerts() == 0);
  });
}

TEST_CASE("what stood in a run's context is injected with it, once") {
  on_both_backends([](const std::string& url) {
    World world(url);
    for (const char* status : {"identified", "dismissed"}) {
      store::put_whitespace(world.session, "b",
                            {.a_dimension = "a",
                             .a_value = status,
                             .b_dimension = "b",
                             .b_value = "x",
                             .potential = 0.8,
                             .status = status},
                            core::Json::object(), kNow);
    }
    const std::string one = learning::whitespace_id({"a", "identified"}, {"b", "x"}, {});
    const std::string two = learning::whitespace_id({"a", "dismissed"}, {"b", "x"}, {});
    app::note_injected(world.session, "b", {one, two, "none"}, "run1", kNow);
    app::note_injected(world.session, "b", {one}, "run2", kNow + kDay);
    auto rows = store::whitespace_rows(world.session, "b");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].status == "dismissed");
    CHECK(rows[1].status == "injected");
    CHECK(rows[1].injected_run_id == "run1");
    // As far as it had come, also through a dismissal.
    app::decide_whitespace(world.session, "b",
                           {.id = one, .is_dismissed = true, .reason = "no", .now = kNow});
    CHECK(store::whitespace_rows(world.session, "b")[1].reason == "no");
    const core::Json back =
        app::decide_whitespace(world.session, "b", {.id = one, .is_dismissed = false, .now = kNow});
    CHECK(back["status"] == "injected");
    CHECK_FALSE(store::whitespace_rows(world.session, "b")[1].reason);
  });
}
