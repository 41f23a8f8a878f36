#include <doctest/doctest.h>

#include <adgenome/app/genome.hpp>
#include <adgenome/app/reward.hpp>
#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/rewards.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "support/performance.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr auto kDay = std::chrono::days(1);

void add_brand(store::Session& session, const std::string& id) {
  session.execute("INSERT INTO organizations (id, name) VALUES ($1, $1) ON CONFLICT DO NOTHING",
                  {"o"});
  session.execute("INSERT INTO brands (id, organization_id, name) VALUES ($1, 'o', $1)", {id});
}

void add_ad(store::Session& session, const std::string& brand, const std::string& id,
            const std::string& status, const std::string& run = "") {
  session.execute(
      "INSERT INTO ads (brand_id, id, short_id, ad_run_id, product_id, template_id, prompt_index, "
      "canvas_size, color_mode, name, tags, status, provider, created_at) "
      "VALUES ($1, $2, $2, $3, '', 't', 1, $2, 'light', $2, $4, $5, 'local', $6)",
      {brand, id, run.empty() ? id : run, store::json_value({{"hook_type", "story"}}), status,
       kNow - 60 * kDay});
}

void map_ad(store::Session& session, const std::string& brand, const std::string& ad,
            const std::string& platform_ad) {
  session.execute(
      "INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
      "VALUES ($1, 'meta', $2, $3, 'mapping', $4)",
      {brand, platform_ad, ad, kNow - 60 * kDay});
}

struct Row {
  std::string platform_ad;
  int days_ago;
  std::int64_t impressions;
  std::optional<std::int64_t> link_clicks;
};

void add_row(store::Session& session, const std::string& brand, const Row& row,
             core::Time learned_at) {
  testing::deliver(session, brand, row.platform_ad,
                   core::day_of(kNow) - std::chrono::days(row.days_ago),
                   {.impressions = row.impressions,
                    .spend_micros = 10'000'000,
                    .reach = {},
                    .frequency = {},
                    .clicks = 99,
                    .link_clicks = row.link_clicks,
                    .conversions_millionths = {},
                    .conversion_value_micros = {},
                    .attribution_window = {}},
                   learned_at);
}

core::Json reward_run(store::Session& session, const std::string& brand, core::Time now) {
  store::Brand of;
  of.id = brand;
  of.organization_id = "o";
  core::Rejects rejects;
  return app::rewards_in_store(session, of, rejects, {.now = now}).document;
}

core::Json genome_run(store::Session& session, const std::string& brand, core::Time now) {
  store::Brand of;
  of.id = brand;
  of.organization_id = "o";
  return app::genome_in_store(session, of, {.now = now}).document;
}

/// 25 ads a0, a1, ... of brand b, each with one day of 4,000 impressions and `more` clicks more
/// than the one before.
void add_ads(store::Session& session, int days_ago, std::int64_t more, core::Time learned_at) {
  add_brand(session, "b");
  for (int i = 0; i < 25; ++i) {
    const std::string id = "a" + std::to_string(i);
    add_ad(session, "b", id, "approved");
    map_ad(session, "b", id, "p" + id);
    add_row(session, "b", {"p" + id, days_ago, 4000, 40 + more * i}, learned_at);
  }
}

}  // namespace

TEST_CASE("sums take the newest value of each period, as known at a time") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_brand(session, "b");
    add_ad(session, "b", "a1", "approved");
    map_ad(session, "b", "a1", "p1");
    map_ad(session, "b", "a1", "p2");
    add_row(session, "b", {"p1", 20, 0, 1}, kNow - 10 * kDay);
    add_row(session, "b", {"p1", 19, 1000, 10}, kNow - 10 * kDay);
    add_row(session, "b", {"p1", 19, 1200, 12}, kNow - 5 * kDay);  // restated
    add_row(session, "b", {"p2", 18, 300, std::nullopt}, kNow - 10 * kDay);
    add_row(session, "b", {"other", 18, 5000, 50}, kNow - 10 * kDay);
    const core::Day end = core::day_of(kNow);

    const auto now = store::ad_sums(session, "b", end, kNow);
    REQUIRE(now.size() == 1);
    CHECK(now[0].ad_id == "a1");
    CHECK(now[0].impressions == 1500);
    CHECK(now[0].clicks == 13);  // link clicks, left out where there were none
    CHECK(now[0].spend_micros == 30000000);
    CHECK(now[0].currency == "EUR");
    CHECK_FALSE(now[0].conversions_millionths);
    CHECK(*now[0].first_delivery == end - std::chrono::days(19));

    CHECK(store::ad_sums(session, "b", end, kNow - 6 * kDay)[0].impressions == 1300);
    CHECK(store::ad_sums(session, "b", end - std::chrono::days(18), kNow)[0].impressions == 1200);
    CHECK(store::ad_sums(session, "b", end, kNow - 20 * kDay).empty());
    CHECK(store::count_unmatched_platform_ads(session, "b", kNow) == 1);
  });
}

TEST_CASE("rewards and element scores are those of the data, however often they are asked for") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_brand(session, "b");
    for (int i = 0; i < 6; ++i) {
      const std::string id = "a" + std::to_string(i);
      add_ad(session, "b", id, "approved", "run" + std::to_string(i / 2));
      map_ad(session, "b", id, "p" + id);
      add_row(session, "b", {"p" + id, 30, 4000, 40 + 10 * i}, kNow - 5 * kDay);
    }
    const core::Json first = reward_run(session, "b", kNow);
    CHECK(first["rewards"].size() == 6);
    CHECK(first["summary"]["new"] == 6);
    const core::Json again = reward_run(session, "b", kNow + kDay);
    CHECK(core::dump(again["rewards"]) == core::dump(first["rewards"]));
    CHECK(again["summary"]["unchanged"] == 6);

    CHECK(genome_run(session, "b", kNow)["summary"]["new"] == 24);
    const auto scores = store::all_element_scores(session, "b");
    CHECK(genome_run(session, "b", kNow)["summary"]["unchanged"] == 24);
    REQUIRE(scores.size() == 9);  // one hook type, color mode and template, six sizes
    const auto story = store::element_scores(session, "b", "")[7];
    CHECK(story.dimension == "hook_type");
    CHECK(story.observations == 6);

    // A late value moves one reward of one ad; the others stay as they were kept.
    add_row(session, "b", {"pa0", 30, 4000, 42}, kNow + kDay);
    const core::Json late = reward_run(session, "b", kNow + 2 * kDay);
    CHECK(late["rewards"][0]["version"] == 2);
    CHECK(late["rewards"][0]["reward"] > first["rewards"][0]["reward"]);
    genome_run(session, "b", kNow + 2 * kDay);
    double alpha = 0;
    for (const auto& event : store::element_events(session, "b")) {
      if (event.dimension == "hook_type") alpha += event.alpha;
    }
    const auto revised = store::element_scores(session, "b", "")[7];
    CHECK(revised.alpha == doctest::Approx(1 + alpha));
    CHECK(revised.alpha > story.alpha);
    CHECK(revised.observations == 6);
  });
}

TEST_CASE("a brand without a platform learns from reviews, a person's word before a machine's") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_brand(session, "b");
    add_ad(session, "b", "good", "approved");
    add_ad(session, "b", "bad", "rejected");
    add_ad(session, "b", "overruled", "approved");
    add_ad(session, "b", "flagged", "flagged");
    add_ad(session, "b", "failed", "generation_failed");
    session.execute("UPDATE ads SET human_decision = 'rejected' WHERE id = 'overruled'", {});
    core::Json document = reward_run(session, "b", kNow);
    CHECK(document["summary"]["source"] == "review");
    REQUIRE(document["rewards"].size() == 3);
    CHECK(document["rewards"][0]["ad_id"] == "bad");
    CHECK(document["rewards"][0]["reward"] == 0);
    CHECK(document["rewards"][1]["reward"] == 1);
    CHECK(document["rewards"][2]["reward"] == 0);
    session.execute("UPDATE ads SET human_decision = 'approved' WHERE id = 'flagged'", {});
    document = reward_run(session, "b", kNow);
    CHECK(document["summary"]["new"] == 1);
    CHECK(document["summary"]["unchanged"] == 3);
  });
}

TEST_CASE("a new quarter, or what others deliver late, moves no reward that is there") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_ads(session, 20, 2, kNow - 10 * kDay);
    const core::Json first = reward_run(session, "b", kNow);
    CHECK(first["summary"]["new"] == 25);
    const auto reward_of = [](const core::Json& document, const std::string& id) {
      for (const core::Json& reward : document["rewards"]) {
        if (reward["ad_id"] == id) return reward;
      }
      return core::Json();
    };
    const std::string version = reward_of(first, "a3")["baseline_version"];
    CHECK(version.find("ctr=constants") != std::string::npos);

    // By now the brand has a baseline of its own, against which all of them would be others.
    const core::Time later = kNow + 95 * kDay;
    core::Json next = reward_run(session, "b", later);
    CHECK(next["summary"]["baseline"]["ctr"]["source"] == "brand");
    CHECK(next["summary"]["unchanged"] == 25);

    add_row(session, "b", {"pa3", 19, 4000, 400}, later);
    next = reward_run(session, "b", later + kDay);
    CHECK(next["summary"]["changed"] == 1);
    CHECK(next["summary"]["unchanged"] == 24);
    const core::Json revised = reward_of(next, "a3");
    CHECK(revised["version"] == 2);
    CHECK(revised["baseline_version"] == version);
    const double shrunk = revised["components"]["ctr"]["shrunk"];
    const double place = (2 * std::log(shrunk) - std::log(0.005) - std::log(0.02)) / std::log(4);
    CHECK(revised["components"]["ctr"]["normalised"].get<double>() ==
          doctest::Approx(1 / (1 + std::exp(-std::log(3) * place))).epsilon(1e-12));

    // One that is first measured now is so against the quarter's own.
    add_ad(session, "b", "new", "approved");
    map_ad(session, "b", "new", "pnew");
    add_row(session, "b", {"pnew", -80, 4000, 60}, later + kDay);
    next = reward_run(session, "b", later + kDay);
    CHECK(next["summary"]["new"] == 1);
    CHECK(reward_of(next, "new")["baseline_version"] == next["summary"]["baseline"]["version"]);
  });
}

TEST_CASE("a quarter keeps the baseline that its first rewards were measured against") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_ads(session, 120, 1, kNow - 100 * kDay);
    const core::Json first = reward_run(session, "b", kNow);
    const std::string version = first["summary"]["baseline"]["version"];
    CHECK(version.find("ctr=brand:25") != std::string::npos);
    add_row(session, "b", {"pa3", 119, 9000, 900}, kNow + kDay);
    const core::Json later = reward_run(session, "b", kNow + 2 * kDay);
    CHECK(later["summary"]["baseline"] == first["summary"]["baseline"]);
    // Another brand of the organization without ads of its own leans on it.
    add_brand(session, "c");
    const core::Json other = reward_run(session, "c", kNow);
    CHECK(other["summary"]["baseline"]["ctr"]["source"] == "organization");
  });
}
