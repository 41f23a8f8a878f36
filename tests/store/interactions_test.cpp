#include <doctest/doctest.h>

#include <adgenome/app/interactions.hpp>
#include <adgenome/store/interactions.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

store::Brand add_brand(store::Session& session, const std::string& id, bool is_sharing) {
  session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o') ON CONFLICT DO NOTHING");
  session.execute(
      "INSERT INTO brands (id, organization_id, name, cross_brand_sharing) "
      "VALUES ($1, 'o', $1, $2)",
      {id, is_sharing});
  // What makes brands alike: the same elements do well.
  for (const std::string value : {"story", "question", "offer"}) {
    session.execute(
        "INSERT INTO element_scores (brand_id, dimension, value, alpha, beta, observations, "
        "updated_at) VALUES ($1, 'hook_type', $2, $3, 4.0, 10, $4)",
        {id, value, value == "story" ? 9.0 : 3.0, kNow});
  }
  store::Brand brand;
  brand.id = id;
  brand.organization_id = "o";
  brand.cross_brand_sharing = is_sharing;
  return brand;
}

void add_rewards(store::Session& session, const std::string& brand) {
  for (int ad = 0; ad < 48; ++ad) {
    const std::string id = brand + std::to_string(ad);
    const bool is_story = ad / 2 % 2 == 0;
    const bool is_brand = (ad / 4 + ad) % 2 == 0;
    session.execute(
        "INSERT INTO ads (brand_id, id, short_id, ad_run_id, product_id, template_id, "
        "prompt_index, canvas_size, color_mode, name, tags, status, provider, created_at) "
        "VALUES ($1, $2, $2, $3, '', '', $6, '', '', $2, $4, 'approved', 'local', $5)",
        {brand, id, "run" + std::to_string(ad / 2),
         store::json_value({{"hook_type", is_story ? "story" : "question"},
                            {"color", is_brand ? "brand" : "light"}}),
         kNow, std::int64_t{ad % 2 + 1}});
    session.execute(
        "INSERT INTO rewards (brand_id, ad_id, version, reward, weight, state, source, components, "
        "objective, impressions, spend_micros, computed_at) "
        "VALUES ($1, $2, 1, $3, 1.0, 'final', 'performance', '{}', 'SALES', 1000, 1, $4)",
        {brand, id, 0.4 + (is_story && is_brand ? 0.3 : 0.0) + 0.002 * (ad * 7 % 11), kNow});
  }
}

core::Json run(store::Session& session, const store::Brand& brand, bool is_dry_run = false) {
  return app::interactions_in_store(session, brand,
                                    {.now = kNow, .seed = 1, .is_dry_run = is_dry_run})
      .document;
}

}  // namespace

TEST_CASE("pairs are kept once, and lent to brands that share as far as they are alike") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const store::Brand lender = add_brand(session, "lender", true);
    const store::Brand borrower = add_brand(session, "borrower", true);
    const store::Brand silent = add_brand(session, "silent", false);
    add_rewards(session, "lender");

    CHECK(run(session, lender, true)["summary"]["new"] == 4);
    CHECK(store::interactions(session, "lender").empty());  // a dry run
    const core::Json first = run(session, lender);
    CHECK(first["summary"]["new"] == 4);
    CHECK(first["summary"]["synergies"] == 2);
    CHECK(first["interactions"].size() == 4);
    CHECK(run(session, lender)["summary"]["unchanged"] == 4);
    REQUIRE(store::interactions(session, "lender").size() == 4);

    const core::Json lent = run(session, borrower);
    REQUIRE(lent["interactions"].size() == 4);
    CHECK(lent["summary"]["borrowed"] == 4);
    const core::Json& pair = lent["interactions"][0];
    CHECK(pair["borrowed"] == true);
    const double similarity = pair["similarity"];
    CHECK(similarity == doctest::Approx(3.0 / 13));  // three elements in common
    CHECK(pair["effect"].get<double>() ==
          doctest::Approx(first["interactions"][0]["effect"].get<double>() * similarity));
    CHECK(pair["q"].is_null());
    CHECK(store::interactions(session, "borrower").empty());
    CHECK(run(session, silent)["interactions"].empty());

    // Rewards that are gone take their pairs with them.
    session.execute("DELETE FROM rewards WHERE brand_id = 'lender'");
    CHECK(run(session, lender)["summary"]["changed"] == 4);
    CHECK(store::interactions(session, "lender").empty());
  });
}
