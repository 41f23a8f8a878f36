#include <doctest/doctest.h>

#include <adgenome/app/whitespace.hpp>
#include <adgenome/store/whitespace.hpp>
#include <nlohmann/json.hpp>

#include "support/stores.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

struct World {
  store::Session session;

  explicit World(const std::string& url) : session(testing::fresh_store(url)) {
    session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
    score("hook_type", "question", 8, 2);
    score("hook_type", "number", 6, 2);
    score("persona", "runner", 3, 1);
    score("persona", "parent", 1, 3);  // does badly
  }

  void score(const std::string& dimension, const std::string& value, double alpha, double beta) {
    session.execute(
        "INSERT INTO element_scores (brand_id, dimension, value, alpha, beta, observations, "
        "updated_at) VALUES ('b', $1, $2, $3, $4, 5, $5)",
        {dimension, value, alpha, beta, kNow});
  }

  void use(const std::string& key, std::int64_t times) {
    session.execute(
        "INSERT INTO combo_usage (brand_id, combo_key, times_used, last_used_at) "
        "VALUES ('b', $1, $2, $3) ON CONFLICT (brand_id, combo_key) "
        "DO UPDATE SET times_used = excluded.times_used",
        {key, times, kNow});
  }

  Json find(bool is_dry_run = false, core::Time now = kNow) {
    return app::whitespace_in_store(session, "b", {}, {.now = now, .is_dry_run = is_dry_run});
  }
};

}  // namespace

TEST_CASE("whitespace of a store counts the uses of a pair and keeps what it proposes") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.use("hook_type=question|persona=runner", 4);
    CHECK(world.find(true).at("candidates").size() == 2);
    CHECK(store::whitespace_rows(world.session, "b").empty());

    const Json found = world.find();
    CHECK(found.at("brand_id") == "b");
    REQUIRE(found.at("candidates").size() == 2);
    // 0.75 + 0.15 beats 0.775 + 0.15 exp(-4/3)
    CHECK(found.at("candidates")[0].at("a").at("value") == "number");
    CHECK(found.at("candidates")[0].at("usage") == 0);
    CHECK(found.at("candidates")[1].at("usage") == 4);
    CHECK(found.at("candidates")[1].at("competition").is_null());
    CHECK(store::whitespace_rows(world.session, "b").size() == 2);
    CHECK(world.find() == found);
  });
}

TEST_CASE("a later run renews only the rows that changed") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const auto renewed_by = [&](core::Time known_at) {
      return store::whitespace_rows(world.session, "b", known_at).size();
    };
    const core::Time later = kNow + std::chrono::hours(24);
    const Json found = world.find();
    CHECK(world.find(false, later) == found);
    CHECK(renewed_by(kNow) == 2);
    world.use("hook_type=question|persona=runner", 1);
    world.find(false, later);
    CHECK(renewed_by(kNow) == 0);  // the other one moved to the first rank
    CHECK(renewed_by(later) == 2);
  });
}

TEST_CASE("the status of a pair survives every run, and five uses make it tested") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.find();
    auto rows = store::whitespace_rows(world.session, "b");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].a_value == "number");
    rows[0].status = "dismissed";
    store::set_whitespace_status(world.session, "b", rows[0], kNow);
    world.use("hook_type=question|persona=runner", 5);
    const Json found = world.find();
    REQUIRE(found.at("candidates").size() == 1);
    CHECK(found.at("candidates")[0].at("status") == "dismissed");
    rows = store::whitespace_rows(world.session, "b");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].status == "dismissed");
    CHECK(rows[1].status == "tested");
  });
}
