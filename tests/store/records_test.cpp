#include <doctest/doctest.h>

#include <adgenome/app/records.hpp>
#include <adgenome/app/settings.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <adgenome/store/records.hpp>
#include <adgenome/store/selections.hpp>
#include <adgenome/store/settings.hpp>
#include <map>
#include <sstream>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

struct Given {
  std::optional<std::string> brand_id = {};
  app::Extra extra = app::Extra::kReject;
  bool is_dry_run = false;
};

core::Json import(store::Session& session, const std::string& kind, const std::string& lines,
                  const Given& given = {}) {
  core::Rejects rejects(std::nullopt, true);
  return app::import_records(
      session, {.name = "test", .stream = std::make_unique<std::istringstream>(lines)}, rejects,
      {.kind = kind,
       .brand_id = given.brand_id,
       .extra = given.extra,
       .by = "test",
       .now = kNow,
       .is_dry_run = given.is_dry_run});
}

store::Session store_with_catalogue(const std::string& url) {
  store::Session session = testing::fresh_store(url);
  import(session, "catalog",
         R"({"type": "organization", "id": "o", "name": "O"})"
         "\n"
         R"({"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"})"
         "\n"
         R"({"type": "brand", "id": "other", "organization_id": "o", "name": "Other"})"
         "\n"
         R"({"type": "product", "id": "p", "brand_id": "b", "name": "P"})"
         "\n"
         R"({"type": "template", "id": "t", "name": "T", "category": "c", "awareness_level": 2})"
         "\n"
         R"({"type": "template", "id": "u", "name": "U", "category": "d"})"
         "\n");
  return session;
}

std::map<std::string, std::int64_t> combinations(store::Session& session) {
  std::map<std::string, std::int64_t> counts;
  for (const store::ComboUsage& usage : store::combo_usage(session, "b", store::kNewest)) {
    counts[usage.key] = usage.times_used;
  }
  return counts;
}

std::vector<std::string> template_uses(store::Session& session) {
  std::vector<std::string> uses;
  session.query(
      "SELECT ad_run_id, template_id, used_at FROM template_usage WHERE brand_id = $1 "
      "ORDER BY ad_run_id",
      {"b"}, [&](const store::Row& row) {
        uses.push_back(row.text(0) + " " + row.text(1) + " " + core::format_time(row.time(2)));
      });
  return uses;
}

}  // namespace

TEST_CASE("records: what is not named stays, null takes away, the same again changes nothing") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    const store::RecordType& type = *store::find_catalogue_type("persona");
    const auto put = [&](const std::string& line) {
      const core::Json counts = import(session, "catalog", line, {.extra = app::Extra::kKeep});
      return counts.at("new") == 1 ? "new" : counts.at("changed") == 1 ? "changed" : "unchanged";
    };
    const std::string head = R"({"type": "persona", "id": "x", "brand_id": "b", "name": "X")";
    CHECK(
        put(head + R"(, "gender": "male", "snapshot": "s", "theirs": [1.5, {"b": 1, "a": 2}]})") ==
        "new");
    CHECK(put(head + R"(, "theirs": [1.5, {"a": 2, "b": 1}]})") == "unchanged");
    CHECK(put(head + R"(, "gender": null})") == "changed");
    CHECK(put(head + R"(, "gender": null})") == "unchanged");
    const auto record = store::find_record(session, type, "b", "x");
    REQUIRE(record);
    CHECK(record->at("gender").is_null());
    CHECK(record->at("snapshot") == "s");
    CHECK(core::dump(record->at("theirs")) == R"([1.5,{"a":2,"b":1}])");
    CHECK(!store::find_record(session, type, "other", "x"));
  });
}

TEST_CASE("records: numbers of a document are the same on both backends") {
  std::vector<std::string> seen;
  on_both_backends([&](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    import(session, "catalog",
           R"({"type": "template", "id": "n", "name": "N", "category": "c", )"
           R"("embedding": [1e5, 100000, 1.0, 1e-7, 0.1, 1e20, -2.5e17, 18446744073709551615]})");
    const auto record =
        store::find_record(session, *store::find_catalogue_type("template"), "", "n");
    seen.push_back(core::dump(record->at("embedding")));
  });
  CHECK(seen.front() == "[1e+05,100000,1.0,1e-07,0.1,1e+20,-2.5e+17,18446744073709551615]");
  CHECK(seen.back() == seen.front());
}

TEST_CASE("records: pages of keys leave none out, and none twice") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    std::string lines;
    for (int i = 0; i < 2500; ++i) {
      lines += R"({"event_id": ")" + std::to_string(i) +
               R"(", "deal_id": "d", "stage": "s", "at": "2026-01-01"})" + "\n";
    }
    import(session, "deals", lines, {.brand_id = "b"});
    std::vector<std::string> ids;
    store::visit_records(session, store::deal_event_type(), "b", [&](const core::Json& record) {
      ids.push_back(record.at("event_id").get<std::string>());
    });
    CHECK(ids.size() == 2500);
    CHECK(std::is_sorted(ids.begin(), ids.end()));
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  });
}

TEST_CASE("imported ads are counted as uses once, whatever comes again") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    const auto ad = [](const std::string& rest) {
      return R"({"id": "a", "brand_id": "b", "created_at": "2025-01-02", )" + rest + "}";
    };
    const std::string first =
        ad(R"("product_id": "p", "template_id": "t", "tags": {"x": "1", "y": "2", "z": "3"})");
    const std::map<std::string, std::int64_t> counted = {
        {"awareness_stage=2|template_category=c", 1},
        {"x=1|y=2", 1},
        {"x=1|z=3", 1},
        {"y=2|z=3", 1}};
    import(session, "ads", first);
    CHECK(combinations(session) == counted);
    import(session, "ads", first);
    CHECK(combinations(session) == counted);
    CHECK(template_uses(session) == std::vector<std::string>{"a t 2025-01-02T00:00:00Z"});

    // Another ad shares a pair; then the first turns out to be something else.
    import(session, "ads", R"({"id": "a2", "brand_id": "b", "tags": {"x": "1", "y": "2"}})");
    CHECK(combinations(session).at("x=1|y=2") == 2);
    import(session, "ads", ad(R"("template_id": "u", "tags": {"x": "1", "y": "9"})"));
    CHECK(combinations(session) == std::map<std::string, std::int64_t>{
                                       {"template_category=d", 1}, {"x=1|y=2", 1}, {"x=1|y=9", 1}});
    CHECK(template_uses(session) == std::vector<std::string>{"a u 2025-01-02T00:00:00Z"});
    import(session, "ads", ad(R"("product_id": null)"));
    CHECK(template_uses(session).empty());
  });
}

TEST_CASE("every import of a file is noted with what it came to, settings and dry runs are not") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    const std::string ads = R"({"id": "x", "brand_id": "b"})";
    const std::string deals =
        R"({"event_id": "e", "deal_id": "d", "stage": "s", "at": "2026-01-01"})";
    import(session, "ads", ads);
    import(session, "ads", ads, {.is_dry_run = true});
    import(session, "deals", deals, {.brand_id = "b"});
    app::set_brand(session, *store::find_brand(session, "b"),
                   {.values = {{"tier", "premium"}}, .by = "ann", .now = kNow});
    std::vector<std::string> notes;
    session.query(
        "SELECT kind, brand_id, sha256, name, counts, imported_at FROM imports "
        "ORDER BY kind, sha256",
        {}, [&](const store::Row& row) {
          CHECK(row.time(5) == kNow);
          notes.push_back(row.text(0) + "/" + row.text(1) + "/" + row.text(2).substr(0, 8) + "/" +
                          row.text(3) + "/" + row.json(4).at("new").dump());
        });
    REQUIRE(notes.size() == 3);
    CHECK(notes[0] == "ads//" + core::sha256_hex(ads).substr(0, 8) + "/test/1");
    CHECK(notes[1].starts_with("catalog//"));
    CHECK(notes[2] == "deals/b/" + core::sha256_hex(deals).substr(0, 8) + "/test/1");
  });
}

TEST_CASE("a dry run and a refused record leave nothing") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    import(session, "ads", R"({"id": "a", "brand_id": "b", "tags": {"x": "1", "y": "2"}})",
           {.is_dry_run = true});
    CHECK_THROWS_AS(
        import(session, "ads", "{\"id\": \"a\", \"brand_id\": \"b\"}\n{\"id\": \"c\"}\n"),
        core::InvalidInput);
    CHECK(store::count_ads(session, "b", {}) == 0);
    CHECK(combinations(session).empty());
  });
}

TEST_CASE("overrides: the newest decides, in whatever order they come") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    import(session, "ads", R"({"id": "a", "brand_id": "b", "status": "approved"})");
    const auto decide = [&](const std::string& action, const std::string& at) {
      import(session, "overrides",
             R"({"ad_id": "a", "by": "ann", "action": ")" + action + R"(", "at": ")" + at + "\"}",
             {.brand_id = "b"});
      std::optional<std::string> decision;
      store::list_ads(session, "b", {}, [&](const store::ListedAd& ad) {
        decision = ad.human_decision;
        CHECK(ad.status == "approved");
      });
      return decision.value_or("none");
    };
    CHECK(decide("reject", "2026-01-02") == "rejected");
    CHECK(decide("approve", "2026-01-01") == "rejected");
    CHECK(decide("confirm", "2026-01-03") == "approved");
    CHECK(decide("reject", "2026-01-02") == "approved");

    // The machine changes its mind: what it had said when the person confirmed stays.
    session.execute("UPDATE ads SET status = 'flagged' WHERE brand_id = $1", {"b"});
    CHECK(import(session, "overrides",
                 R"({"ad_id": "a", "by": "ann", "action": "confirm", "at": "2026-01-03"})",
                 {.brand_id = "b"})
              .at("unchanged") == 1);
    CHECK_THROWS_AS(
        import(session, "overrides",
               R"({"ad_id": "a", "by": "bob", "action": "confirm", "at": "2026-01-04"})",
               {.brand_id = "b"}),
        core::InvalidInput);
  });
}

TEST_CASE("settings: each change is a version, two at once are both kept") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_catalogue(url);
    const store::Brand before = *store::find_brand(session, "b");
    const auto set = [&](const std::string& key, const std::string& value) {
      // Each with the brand as it was read before any of the changes.
      app::set_brand(session, before, {.values = {{key, value}}, .by = "ann", .now = kNow});
    };
    set("tier", "premium");
    set("weights.fatigue", "2");
    set("weights.fatigue", "2");
    const auto newest = store::newest_config_version(session, "b", "");
    REQUIRE(newest);
    CHECK(newest->version == 3);
    CHECK(
        core::dump(newest->config) ==
        R"({"account_config":{},"selection_config":{"tier":"premium","weights":{"fatigue":2.0}}})");
    CHECK(!store::newest_config_version(session, "other", "x"));
    CHECK(store::newest_config_version(session, "other", "")->version == 1);
  });
}

TEST_CASE("an account's keys replace single ones of the brand's") {
  store::Brand brand;
  brand.account_config = {{"rules", "classic"}, {"conversion_event", "lead"}};
  store::Account account;
  account.config = {{"conversion_event", "purchase"}};
  CHECK(core::dump(app::effective_config(brand, account)) ==
        R"({"rules":"classic","conversion_event":"purchase"})");
}
