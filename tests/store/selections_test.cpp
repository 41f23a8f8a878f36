#include <doctest/doctest.h>

#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/selection_pools.hpp>
#include <adgenome/store/selections.hpp>
#include <adgenome/store/weights.hpp>
#include <nlohmann/json.hpp>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

core::Time days_ago(int days) {
  return kNow - std::chrono::days(days);
}

/// A brand with one product, two personas, and templates a to f (f is not active).
store::Session brand_store(const std::string& url) {
  store::Session session = testing::fresh_store(url);
  session.execute("INSERT INTO organizations (id, name) VALUES ($1, $1)", {"o"});
  session.execute(
      "INSERT INTO brands (id, organization_id, name, selection_config) VALUES ($1, $2, $1, $3)",
      {"b", "o", store::json_value({{"tier", "growth"}, {"weights", {{"fatigue", 1.5}}}})});
  session.execute("INSERT INTO products (brand_id, id, name) VALUES ($1, $2, $2)", {"b", "p"});
  for (const char* persona : {"mothers", "runners"}) {
    session.execute(
        "INSERT INTO personas (brand_id, id, name, gender, awareness_stage) "
        "VALUES ($1, $2, $2, $3, $4)",
        {"b", persona, "female", "problem_aware"});
  }
  session.execute(
      "INSERT INTO product_images (brand_id, id, product_id, path, asset_tags) "
      "VALUES ($1, $2, $3, $2, $4)",
      {"b", "i", "p", store::json_value({"logo", "pack shot"})});
  for (const char* id : {"a", "b", "c", "d", "e", "f"}) {
    session.execute(
        "INSERT INTO templates (id, name, category, awareness_level, target_sex, required_assets, "
        "active, detected_at) VALUES ($1, $1, $2, $3, $4, $5, $6, $7)",
        {id, "ugc", std::int64_t{2}, "female", store::json_value({"logo", "pack shot"}),
         std::string(id) != "f", kNow});
  }
  return session;
}

void use(store::Session& session, const char* run, const char* template_id, const char* persona,
         core::Time time) {
  session.execute(
      "INSERT INTO template_usage (brand_id, ad_run_id, product_id, template_id, persona_id, "
      "used_at) VALUES ($1, $2, $3, $4, $5, $6)",
      {"b", run, "p", template_id, persona, time});
}

std::vector<store::CandidateRow> candidates(store::Session& session, const std::string& persona) {
  std::vector<store::CandidateRow> rows;
  store::visit_candidates(session, {.brand_id = "b", .product_id = "p", .persona_id = persona},
                          [&](const store::CandidateRow& row) { rows.push_back(row); });
  return rows;
}

app::SelectOptions options_of(std::uint64_t seed) {
  return {.now = kNow, .seed = seed, .selection_id = "s" + std::to_string(seed)};
}

core::Json select(store::Session& session, app::SelectOptions options,
                  const std::optional<std::string>& persona = {}) {
  return app::select_from_store(session, store::brands(session).front(), "p", persona, options)
      .document;
}

std::int64_t count(store::Session& session, const char* sql) {
  std::int64_t n = -1;
  session.query(sql, {}, [&](const store::Row& row) { n = row.integer(0); });
  return n;
}

}  // namespace

TEST_CASE("candidates come with uses for the product and for the audience") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    use(session, "r1", "a", "", days_ago(10));
    use(session, "r2", "a", "mothers", days_ago(5));
    use(session, "r3", "b", "mothers", days_ago(3));
    session.execute(
        "INSERT INTO element_scores (brand_id, product_id, dimension, value, alpha, beta, "
        "observations, updated_at) VALUES ($1, '', 'template_id', $2, $3, $4, $5, $6)",
        {"b", "c", 3.0, 1.0, std::int64_t{2}, kNow});
    session.execute("INSERT INTO template_evaluations (template_id, d1, d6) VALUES ($1, $2, $3)",
                    {"d", std::int64_t{3}, false});

    const auto all = candidates(session, "");
    REQUIRE(all.size() == 5);
    CHECK(all[0].product_last_used == days_ago(5));
    CHECK(all[0].audience_last_used == days_ago(5));
    CHECK(all[1].audience_last_used == days_ago(3));
    CHECK(!all[2].product_last_used);
    CHECK(all[2].alpha == 3.0);
    CHECK(*all[0].required_assets == std::vector<std::string>{"logo", "pack shot"});
    CHECK(all[0].is_detected);
    CHECK(!all[0].evaluation);
    REQUIRE(all[3].evaluation);
    CHECK(all[3].evaluation->d[0] == 3);
    CHECK(!all[3].evaluation->d[1]);
    CHECK(all[3].evaluation->d6 == false);

    // What was used for mothers is fresh for runners; what was used for nobody in particular is
    // not.
    const auto runners = candidates(session, "runners");
    CHECK(runners[0].product_last_used == days_ago(5));
    CHECK(runners[0].audience_last_used == days_ago(10));
    CHECK(!runners[1].audience_last_used);
    CHECK(candidates(session, "mothers")[1].audience_last_used == days_ago(3));
  });
}

TEST_CASE("required assets that another program broke are named") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    session.execute("UPDATE templates SET required_assets = $1 WHERE id = 'c'",
                    {store::json_value({"logo", 1})});
    CHECK_THROWS_WITH_AS(candidates(session, ""), "a required asset is not a text: 1",
                         core::InvalidInput);
    if (session.backend() != store::Backend::kSqlite) return;  // others take nothing else
    session.execute("UPDATE templates SET required_assets = '{x' WHERE id = 'c'");
    CHECK_THROWS_WITH_AS(candidates(session, ""), "the store holds a document that is not JSON: {x",
                         core::StoreError);
  });
}

TEST_CASE("a selection from the store uses the brand's settings, and tires what was used") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    app::SelectOptions options = options_of(1);
    options.lists_all = true;
    core::Json document = select(session, options, "mothers");
    CHECK(document["weights_used"]["fatigue"] == 1.5);
    CHECK(document["candidates_before_gate"] == 5);
    CHECK(document["templates"][0]["composite"] == document["templates"][4]["composite"]);
    CHECK(document["templates"][0]["scores"]["audience_match"] == 1);
    CHECK(document["templates"][0]["scores"]["asset_match"] == 1);

    use(session, "r1", "c", "mothers", days_ago(1));
    session.execute(
        "INSERT INTO combo_usage (brand_id, combo_key, times_used, last_used_at) "
        "VALUES ($1, $2, $3, $4)",
        {"b", scoring::template_combination("ugc", 2), std::int64_t{3}, days_ago(1)});
    document = select(session, options, "mothers");
    CHECK(document["templates"][4]["template_id"] == "c");
    CHECK(document["templates"][4]["scores"]["fatigue"] == 0.2);
    CHECK(document["templates"][0]["scores"]["fatigue"] == 0.2);  // by its combination

    CHECK_THROWS_AS(
        app::select_from_store(session, store::brands(session).front(), "q", {}, options_of(1)),
        core::InvalidInput);
    CHECK_THROWS_AS(select(session, options_of(1), "nobody"), core::InvalidInput);
  });
}

TEST_CASE("a selection is recorded once, whole, and under its own id only") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    core::Json document = select(session, options_of(7));
    document["schema"] = "adgenome/selection/v1";
    CHECK(app::record_selection(session, "b", "", document, {}));
    CHECK(
        !app::record_selection(session, "b", "", core::parse_json(core::dump(document), "x"), {}));
    CHECK(count(session, "SELECT COUNT(*) FROM selections") == 1);
    CHECK(count(session, "SELECT COUNT(*) FROM selection_items") == 3);
    session.query(
        "SELECT template_id, composite, propensity, draw_probability, scores, weights_used "
        "FROM selection_items ORDER BY rank",
        {}, [&, i = 0](const store::Row& row) mutable {
          const core::Json& drawn = document["templates"][i++];
          CHECK(row.text(0) == drawn["template_id"]);
          CHECK(row.real(1) == drawn["composite"]);
          CHECK(row.real(2) == drawn["propensity"]);
          CHECK(row.real(3) == drawn["draw_probability"]);
          CHECK(row.json(4)["impression_rank"] == 0.5);
          CHECK(row.json(5)["fatigue"] == 1.5);
        });

    core::Json other = select(session, options_of(8));
    other["selection_id"] = "s7";
    CHECK_THROWS_AS(app::record_selection(session, "b", "", other, {}), core::InvalidInput);
    app::SelectOptions all = options_of(9);
    all.lists_all = true;
    CHECK_THROWS_AS(app::record_selection(session, "b", "", select(session, all), {}),
                    core::InvalidInput);
    CHECK(count(session, "SELECT COUNT(*) FROM selection_items") == 3);
  });
}

namespace {

scoring::PoolLog kept_pool(store::Session& session, const char* id) {
  scoring::PoolLog log;
  store::visit_selection_pools(session, "b", {}, [&](const store::SelectionPool& pool) {
    if (pool.selection_id == id) log = scoring::decode_pool(pool.format, pool.bytes);
  });
  return log;
}

}  // namespace

TEST_CASE("a recorded selection keeps its pool, also one that came through a pipe") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    const store::Brand brand = store::brands(session).front();
    use(session, "r1", "c", "mothers", days_ago(3));
    app::SelectOptions options = options_of(3);
    options.keeps_pool = true;
    options.prefer_category = "ugc";
    const auto selected = app::select_from_store(session, brand, "p", "mothers", options);
    REQUIRE(selected.pool);
    app::record_selection(session, "b", "mothers", selected.document, selected.pool);
    const scoring::PoolLog own = kept_pool(session, "s3");
    CHECK(own.candidates == 5);
    CHECK(own.ids.size() == 5);
    CHECK(own.drawn == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(own.ids[i] == selected.document["templates"][i]["template_id"]);
      CHECK(own.propensities[i] ==
            doctest::Approx(selected.document["templates"][i]["propensity"].get<double>()));
    }

    // The same document, unrecorded: the pool is found again as it was.
    core::Json piped = core::parse_json(core::dump(selected.document), "x");
    piped["selection_id"] = "piped";
    std::vector<std::string> warnings;
    app::record_read_selection(session, brand, "mothers", piped, warnings);
    CHECK(warnings.empty());
    const scoring::PoolLog again = kept_pool(session, "piped");
    CHECK(again.ids == own.ids);
    CHECK(again.scores == own.scores);
    CHECK(again.propensities == own.propensities);

    // Once the store has changed, what was drawn from is not there any more.
    use(session, "r2", "a", "mothers", days_ago(1));
    piped["selection_id"] = "late";
    app::record_read_selection(session, brand, "mothers", piped, warnings);
    CHECK(warnings.size() == 1);
    CHECK(count(session, "SELECT COUNT(*) FROM selections") == 3);
    CHECK(count(session, "SELECT COUNT(*) FROM selection_pools") == 2);
  });
}

TEST_CASE("styles and ad libraries of templates count as they came with the import") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    session.execute("UPDATE templates SET embedding = $1", {store::json_value({1.0, 0.5})});
    session.execute("UPDATE templates SET ad_library = $1 WHERE id = 'b'",
                    {store::json_value({{"best_position", 3}, {"total", 100}})});
    app::SelectOptions options = options_of(1);
    CHECK(select(session, options)["templates"].size() == 3);
    CHECK(select(session, options)["weights_used"]["impression_rank"] == 0.4);
    options.max_similarity = 0.9;
    CHECK(select(session, options)["templates"].size() == 1);
    session.execute("UPDATE templates SET ad_library = $1 WHERE id = 'b'",
                    {store::json_value({{"best_position", "first"}})});
    CHECK_THROWS_AS(select(session, options), core::InvalidInput);
  });
}

TEST_CASE("the champion's weights are the default, and a brand without one has static ones") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    app::SelectOptions options = options_of(1);
    CHECK(select(session, options)["weight_set"].is_null());
    options.weights = "learned";
    CHECK_THROWS_AS(select(session, options), core::InvalidInput);
    core::Json learned;
    learned["scorers"] = {{{"scorer", "fatigue"},
                           {"static_weight", 0.4},
                           {"effective_weight", 0.7},
                           {"phase", "warm"}}};
    store::add_weight_set(session, "b",
                          {.id = "w1",
                           .parent_id = {},
                           .method = "linear",
                           .status = "champion",
                           .weights = {{"fatigue", 0.7}},
                           .document = learned},
                          kNow);
    const core::Json document = select(session, options_of(1));
    CHECK(document["weight_set"] == "w1");
    CHECK(document["phase"] == "warm");
    CHECK(document["weights_used"]["fatigue"] == 0.7);
    CHECK(document["weights_used"]["asset_match"] == 0);
    options.weights = "static";
    CHECK(select(session, options)["weights_used"]["fatigue"] == 1.5);
  });
}
