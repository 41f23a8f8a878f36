#include "support/performance.hpp"

#include <doctest/doctest.h>

#include <adgenome/app/import.hpp>
#include <adgenome/app/performance.hpp>
#include <adgenome/app/reward.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/performance.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <adgenome/store/rewards.hpp>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/stores.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr auto kHour = std::chrono::hours(1);
constexpr const char* kHeader =
    "platform,platform_ad_id,date_start,date_stop,currency,impressions,spend,ad_name,campaign_id,"
    "objective,attribution_window\n";

/// A store with a brand and a folder for files.
struct World {
  store::Session session;
  testing::TemporaryFolder folder;
  store::Brand brand;
  int files = 0;

  explicit World(const std::string& url) : session(testing::fresh_store(url)) {
    session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
    brand = store::brands(session).front();
  }

  Json import(const std::string& rows, core::Time now = kNow, bool is_strict = false,
              const std::optional<std::string>& rejected = std::nullopt) {
    const std::string file = folder / std::to_string(++files) + ".csv";
    std::ofstream(file) << kHeader << rows;
    core::Rejects rejects(rejected, is_strict);
    return app::import_performance(session, brand, file, rejects,
                                   {.options = {}, .is_dry_run = false, .now = now});
  }

  void add_ad(const std::string& id, const std::string& short_id) {
    session.execute(
        "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
        "color_mode, name, status, provider, created_at) "
        "VALUES ('b', $1, $2, $1, 0, '1:1', 'light', $1, 'approved', 'none', $3)",
        {id, short_id, kNow - 24 * 90 * kHour});
  }

  void map(const std::string& platform_ad, const std::string& ad, core::Time at) {
    store::put_mapping(session, "b", "generic", platform_ad, ad, "mapping", at);
  }

  /// Every version as one line, by period and time.
  std::vector<std::string> versions() {
    std::vector<std::string> lines;
    session.query(
        "SELECT a.platform_ad_id, p.date_start, p.date_stop, p.currency, p.impressions, "
        "p.spend_micros, p.learned_at, p.replaced_at FROM ad_performance p JOIN platform_ads a "
        "ON a.brand_id = p.brand_id AND a.number = p.ad_number WHERE p.brand_id = 'b' "
        "ORDER BY a.platform_ad_id, p.date_start, p.date_stop, p.currency, p.learned_at",
        {}, [&](const store::Row& row) {
          const auto hours = [](const std::optional<core::Time>& time) {
            return time ? std::to_string((*time - kNow) / kHour) : "now";
          };
          lines.push_back(row.text(0) + " " + core::format_day(row.day_number(1)) + " " +
                          std::to_string(row.integer(2) - row.integer(1)) + " " + row.text(3) +
                          " " + std::to_string(row.integer(4)) + " " +
                          std::to_string(row.integer(5)) + " " + hours(row.time(6)) + ".." +
                          hours(row.optional_time(7)));
        });
    return lines;
  }
};

std::string row(const std::string& ad, const std::string& days, int impressions,
                const std::string& spend, const std::string& names = ",,,") {
  return "generic," + ad + "," + days + ",EUR," + std::to_string(impressions) + "," + spend + "," +
         names + "\n";
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each value is kept with the time for which it counted") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const std::string first = row("1", "2026-03-01,", 10, "1.5") + row("1", "2026-03-02,", 20, "2");
    const Json imported = world.import(first);
    CHECK(imported["new"] == 2);
    CHECK(core::dump(imported["spend_after"]) == R"({"EUR":3.5})");
    const Json again = world.import(first, kNow + kHour);
    CHECK(again["unchanged"] == 2);
    CHECK(again["new"] == 0);

    const Json restated = world.import(row("1", "2026-03-02,", 21, "2.25"), kNow + 2 * kHour);
    CHECK(restated["changed"] == 1);
    CHECK(core::dump(restated["spend_before"]) == R"({"EUR":3.5})");
    CHECK(core::dump(restated["spend_after"]) == R"({"EUR":3.75})");
    CHECK(store::spend_by_currency(world.session, "b").at("EUR") == 3'750'000);
    CHECK(world.versions() == Lines{"1 2026-03-01 0 EUR 10 1500000 0..now",
                                    "1 2026-03-02 0 EUR 20 2000000 0..2",
                                    "1 2026-03-02 0 EUR 21 2250000 2..now"});

    SUBCASE("learned at the same time: the later import takes the place of the earlier one") {
      world.import(row("1", "2026-03-02,", 22, "3"), kNow + 2 * kHour);
      CHECK(world.versions().back() == "1 2026-03-02 0 EUR 22 3000000 2..now");
      CHECK(world.versions().size() == 3);
    }
    SUBCASE("learned before what is known: it counts until then") {
      const Json late = world.import(row("1", "2026-03-02,", 5, "1"), kNow + kHour);
      CHECK(late["changed"] == 1);
      CHECK(core::dump(late["spend_after"]) == R"({"EUR":3.75})");
      CHECK(world.versions() ==
            Lines{"1 2026-03-01 0 EUR 10 1500000 0..now", "1 2026-03-02 0 EUR 20 2000000 0..1",
                  "1 2026-03-02 0 EUR 5 1000000 1..2", "1 2026-03-02 0 EUR 21 2250000 2..now"});
      CHECK(world.import(row("1", "2026-03-01,", 9, "1"), kNow - kHour)["new"] == 1);
      CHECK(world.versions().front() == "1 2026-03-01 0 EUR 9 1000000 -1..0");
      CHECK(store::spend_by_currency(world.session, "b").at("EUR") == 3'750'000);
    }
  });
}

TEST_CASE("periods of one ad that overlap are rejected, in the file and against the store") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const std::string rejects = world.folder / "rejects.jsonl";
    const Json found = world.import(
        row("1", "2026-03-01,", 10, "1") + row("1", "2026-02-28,2026-03-02", 30, "3") +
            row("1", "2026-03-02,2026-03-04", 30, "3") + row("1", "2026-03-04,", 5, "1") +
            row("2", "2026-02-28,2026-03-02", 30, "3"),
        kNow, false, rejects);
    CHECK(found["new"] == 3);
    CHECK(found["rejected"] == 2);
    CHECK(found["read"] == 5);
    std::ifstream file(rejects);
    std::string line;
    REQUIRE(std::getline(file, line));
    CHECK(Json::parse(line)["line"] == 3);
    CHECK(Json::parse(line)["raw"] == "generic,1,2026-02-28,2026-03-02,EUR,30,3,,,,");
    CHECK(Json::parse(line)["reason"] ==
          "the period overlaps another of the same ad: 2026-03-01 to 2026-03-01");
    REQUIRE(std::getline(file, line));
    CHECK(Json::parse(line)["line"] == 5);

    const Json later = world.import(
        row("1", "2026-03-03,", 1, "1") + row("1", "2026-03-05,2026-03-06", 1, "1") +
            row("1", "2026-01-01,2026-12-31", 1, "1") + row("2", "2026-03-01,", 1, "1"),
        kNow + kHour);
    CHECK(later["new"] == 1);
    CHECK(later["rejected"] == 3);
    CHECK_THROWS_AS(world.import(row("3", "2026-03-01,", 1, "1") + row("2", "2026-03-01,", 1, "1"),
                                 kNow + kHour, true),
                    core::InvalidInput);
    CHECK(world.versions().size() == 4);
  });
}

TEST_CASE("a period that the file names again: the last row counts, with a warning") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const Json found =
        world.import(row("1", "2026-03-01,", 10, "1") + row("1", "2026-03-01,", 10, "1") +
                     row("1", "2026-03-01,", 11, "2"));
    CHECK(found["new"] == 1);
    CHECK(found["unchanged"] == 1);
    CHECK(found["changed"] == 1);
    CHECK(found["warnings"].size() == 1);
    CHECK(core::dump(found["spend_after"]) == R"({"EUR":2})");
    CHECK(world.versions() == Lines{"1 2026-03-01 0 EUR 11 2000000 0..now"});
  });
}

TEST_CASE("currencies are kept apart") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const Json found =
        world.import(row("1", "2026-03-01,", 10, "1") + "generic,2,2026-03-01,,USD,10,4,,,,\n");
    CHECK(core::dump(found["spend_after"]) == R"({"EUR":1,"USD":4})");
    CHECK(found["currencies"] == Json{"EUR", "USD"});
  });
}

TEST_CASE("the order of rows, twice, and a file in two parts give the same store") {
  on_both_backends([](const std::string& url) {
    std::vector<std::string> rows;
    for (int ad = 0; ad < 40; ++ad) {
      for (int day = 1; day < 29; ++day) {
        rows.push_back(
            row(std::to_string(ad * 7919 % 101),
                "2026-02-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + ",", ad * day,
                std::to_string(ad) + "." + std::to_string(day)));
      }
    }
    const auto text = [](auto begin, auto end) {
      std::string all;
      for (; begin != end; ++begin) all += *begin;
      return all;
    };
    World world(url);
    const Json once = world.import(text(rows.begin(), rows.end()));
    const Lines expected = world.versions();
    CHECK(once["new"] == 40 * 28);
    CHECK(world.import(text(rows.rbegin(), rows.rend()), kNow + kHour)["unchanged"] == 40 * 28);
    CHECK(world.versions() == expected);

    world.session.execute("DELETE FROM ad_performance");
    const auto middle = rows.begin() + 555;
    CHECK(world.import(text(middle, rows.end()))["new"] == 40 * 28 - 555);
    CHECK(world.import(text(rows.begin(), middle))["spend_after"].dump() ==
          once["spend_after"].dump());
    CHECK(world.versions() == expected);

    world.session.execute("DELETE FROM ad_performance");
    world.session.execute("DELETE FROM platform_ads");
    std::ranges::sort(rows, std::ranges::greater());
    world.import(text(rows.begin(), rows.end()));
    CHECK(world.versions() == expected);
  });
}

TEST_CASE("platform ads find their ads by mapping first, by a short id in their name else") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.add_ad("a1", "0123abcd");
    world.add_ad("a2", "89abcdef");
    world.add_ad("a3", "55555555");
    world.add_ad("a4", "55555555");
    world.map("4", "a1", kNow - kHour);
    const Json found =
        world.import(row("1", "2026-03-01,", 10, "1", "shop-0123ABCD-ugc.png,,,") +
                     row("2", "2026-03-01,", 10, "1", "shop-89abcdef0-ugc,,,") +  // nine digits
                     row("3", "2026-03-01,", 10, "1", "55555555 ambiguous,,,") +
                     row("4", "2026-03-01,", 10, "1", "89abcdef mapped elsewhere,,,") +
                     row("5", "2026-03-01,", 10, "1", "0123abcd_89abcdef two,,,"));
    CHECK(found["ads_matched"] == 2);
    CHECK(found["ads_unmatched"] == 3);
    const auto sums = store::ad_sums(world.session, "b", core::day_of(kNow), store::kNewest);
    REQUIRE(sums.size() == 1);
    CHECK(sums[0].ad_id == "a1");
    CHECK(sums[0].impressions == 20);
    Lines unmatched;
    for (const auto& ad : store::unmatched_platform_ads(world.session, "b", store::kNewest)) {
      unmatched.push_back(ad.platform_ad_id);
    }
    CHECK(unmatched == Lines{"2", "3", "5"});

    // A mapping that comes later attributes what is there; what was known before stays as it was.
    world.map("3", "a4", kNow + kHour);
    CHECK(store::ad_sums(world.session, "b", core::day_of(kNow), store::kNewest).size() == 2);
    CHECK(store::ad_sums(world.session, "b", core::day_of(kNow), kNow).size() == 1);
    world.map("3", "a3", kNow + 2 * kHour);
    const auto ad_of_3 = [&](core::Time known_at) {
      return store::ad_sums(world.session, "b", core::day_of(kNow), known_at).back().ad_id;
    };
    CHECK(ad_of_3(store::kNewest) == "a3");
    CHECK(ad_of_3(kNow + kHour) == "a4");
    CHECK(store::count_unmatched_platform_ads(world.session, "b", kNow) == 3);
    CHECK(store::count_unmatched_platform_ads(world.session, "b", kNow + kHour) == 2);
  });
}

TEST_CASE("an objective that comes later is not seen before") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.add_ad("a1", "0123abcd");
    world.map("1", "a1", kNow - kHour);
    world.import(row("1", "2026-03-01,", 10, "1", "One,c1,,"));
    const auto objective = [&](core::Time known_at) {
      return store::ad_sums(world.session, "b", core::day_of(kNow), known_at).at(0).objective;
    };
    CHECK(objective(store::kNewest).empty());
    store::put_campaign(world.session, "b", "generic", "c1", "C", "OUTCOME_SALES", kNow + kHour);
    CHECK(objective(store::kNewest) == "OUTCOME_SALES");
    CHECK(objective(kNow).empty());
    store::put_campaign(world.session, "b", "generic", "c1", {}, {}, kNow + 2 * kHour);
    CHECK(objective(store::kNewest) == "OUTCOME_SALES");
  });
}

TEST_CASE("performance of a store of the schema before is carried over") {
  on_both_backends([](const std::string& url) {
    store::Session session = store::Session::open(url, 5000, store::Session::Mode::kCreate);
    const auto run = [&](const store::Migration& step) {
      for (const std::string& statement : store::statements_of(step, session.backend())) {
        session.connection().run(statement);
      }
    };
    run({.number = 0,
         .name = "register",
         .sql = "CREATE TABLE schema_migrations (number BIGINT NOT NULL PRIMARY KEY, "
                "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TIMESTAMP NOT NULL, "
                "program_version TEXT NOT NULL)",
         .checksum = ""});
    for (std::size_t i = 0; i < 3; ++i) {
      const store::Migration& step = store::migrations()[i];
      run(step);
      session.execute("INSERT INTO schema_migrations VALUES ($1, $2, $3, $4, 'before')",
                      {step.number, step.name, step.checksum, kNow});
    }
    session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('c', 'o', 'C')");
    session.execute(
        "INSERT INTO platform_ads (brand_id, platform, platform_ad_id, name, campaign_id) "
        "VALUES ('b', 'meta', '2', 'Two', 'k')");
    const auto add = [&](const char* brand, const char* ad, const char* start, const char* stop,
                         std::int64_t impressions, core::Time learned_at) {
      session.execute(
          "INSERT INTO ad_performance (brand_id, platform, platform_ad_id, date_start, date_stop, "
          "currency, learned_at, impressions, spend_micros, reach) "
          "VALUES ($1, 'meta', $2, $3, $4, 'EUR', $5, $6, 1500000, 7)",
          {brand, ad, start, stop, learned_at, impressions});
    };
    add("b", "2", "2024-02-29", "2024-03-01", 10, kNow);
    add("b", "2", "2024-02-29", "2024-03-01", 11, kNow + kHour);
    add("b", "1", "2000-01-01", "2000-12-31", 12, kNow);
    add("c", "2", "1970-01-01", "1970-01-01", 13, kNow);

    CHECK(store::migrate_up(session, {.now = kNow, .program_version = "test"}).applied.size() ==
          store::migrations().size() - 3);
    Lines lines;
    session.query(
        "SELECT p.brand_id, a.platform_ad_id, a.name, a.campaign_id, a.number, p.date_start, "
        "p.date_stop, p.impressions, p.reach, p.learned_at, p.replaced_at FROM ad_performance p "
        "JOIN platform_ads a ON a.brand_id = p.brand_id AND a.number = p.ad_number "
        "ORDER BY p.brand_id, p.ad_number, p.date_start, p.learned_at",
        {}, [&](const store::Row& row) {
          lines.push_back(
              row.text(0) + " " + row.text(1) + " " + row.optional_text(2).value_or("-") + " " +
              row.text(3) + " " + std::to_string(row.integer(4)) + " " +
              core::format_day(row.day_number(5)) + " " + core::format_day(row.day_number(6)) +
              " " + std::to_string(row.integer(7)) + " " + std::to_string(row.integer(8)) +
              (row.time(9) == kNow ? " first" : " later") + (row.is_null(10) ? "" : " replaced"));
        });
    CHECK(lines == Lines{"b 1 -  1 2000-01-01 2000-12-31 12 7 first",
                         "b 2 Two k 2 2024-02-29 2024-03-01 10 7 first replaced",
                         "b 2 Two k 2 2024-02-29 2024-03-01 11 7 later",
                         "c 2 -  1 1970-01-01 1970-01-01 13 7 first"});
  });
}

TEST_CASE("performance is exported as it was imported, also to the other backend") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.import(row("20", "2026-03-02,2026-03-04", 10, "1.25", "Name,c1,OUTCOME_SALES,7d_click") +
                 row("20", "2026-03-01,", 5, "0.000001") + row("3", "2026-03-01,", 1, "2"));
    const std::string file = world.folder / "export.jsonl";
    const auto exported = [](store::Session& session, core::Time known_at) {
      std::string lines;
      app::export_performance(session, "b", known_at,
                              [&](Json record) { lines += core::dump(record) + "\n"; });
      return lines;
    };
    const std::string first = exported(world.session, store::kNewest);
    CHECK(first.substr(0, first.find('\n')) ==
          R"({"platform":"generic","platform_ad_id":"20","date_start":"2026-03-01",)"
          R"("date_stop":"2026-03-01","currency":"EUR","impressions":5,"spend":0.000001,)"
          R"("campaign_id":"c1","objective":"OUTCOME_SALES","ad_name":"Name"})");
    std::ofstream(file) << first;

    const std::string postgres = testing::fresh_postgres_database();
    const bool is_file = !world.session.file().empty();
    World other(is_file && !postgres.empty() ? postgres : world.folder / "other.db");
    core::Rejects rejects;
    app::import_performance(other.session, other.brand, file, rejects,
                            {.options = {}, .is_dry_run = false, .now = kNow + kHour});
    CHECK(exported(other.session, store::kNewest) == first);

    world.import(row("3", "2026-03-01,", 9, "2"), kNow + kHour);
    CHECK(exported(world.session, store::kNewest) != first);
    CHECK(exported(world.session, kNow) == first);
  });
}
