#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <nlohmann/json.hpp>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

TEST_CASE("every kind of value comes back as it was written") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    session.execute("INSERT INTO organizations (id, name) VALUES ($1, $2)",
                    {"o", "Ünïcode \"quoted\""});
    session.execute(
        "INSERT INTO brands (id, organization_id, name, cross_brand_sharing, selection_config) "
        "VALUES ($2, $1, $3, $4, $5)",
        {"o", "b", "Brand", true,
         store::json_value({{"z", 1}, {"a", {{"y", 0.1}, {"b", nullptr}}}})});
    session.query(
        "SELECT cross_brand_sharing, selection_config, currency, (SELECT name FROM organizations) "
        "FROM brands WHERE id = $1",
        {"b"}, [&](const store::Row& row) {
          CHECK(row.boolean(0));
          CHECK(core::dump(row.json(1)) == R"({"a":{"b":null,"y":0.1},"z":1})");
          CHECK(!row.optional_text(2));
          CHECK(row.text(3) == "Ünïcode \"quoted\"");
        });
    const std::string vector("\x00\x01\xff\x7f", 4);
    session.execute(
        "INSERT INTO embeddings (brand_id, kind, id, model, dimensions, vector) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {"b", "ad", "1", "m", std::int64_t{1}, store::Bytes{vector}});
    session.query("SELECT vector, dimensions FROM embeddings", {}, [&](const store::Row& row) {
      CHECK(row.bytes(0) == vector);
      CHECK(row.integer(1) == 1);
    });
    const core::Time precise = kNow + std::chrono::microseconds{250'000};
    for (const auto& [key, time] : {std::pair{"x", kNow}, std::pair{"y", precise}}) {
      session.execute(
          "INSERT INTO combo_usage (brand_id, combo_key, times_used, last_used_at) "
          "VALUES ($1, $2, $3, $4)",
          {"b", key, std::int64_t{1} << 62, time});
    }
    std::vector<core::Time> times;
    session.query("SELECT last_used_at, times_used FROM combo_usage ORDER BY last_used_at", {},
                  [&](const store::Row& row) {
                    times.push_back(row.time(0));
                    CHECK(row.integer(1) == std::int64_t{1} << 62);
                  });
    CHECK(times == std::vector{kNow, precise});
  });
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const auto insert = [&](const std::string& id) {
      session.execute("INSERT INTO organizations (id, name) VALUES ($1, $2)", {id, "name"});
    };
    const auto count = [&] {
      std::int64_t n = -1;
      session.query("SELECT COUNT(*) FROM organizations", {},
                    [&](const store::Row& row) { n = row.integer(0); });
      return n;
    };
    {
      store::Transaction transaction(session);
      insert("a");
    }
    CHECK(count() == 0);
    {
      store::Transaction transaction(session);
      transaction.lock("test");
      insert("a");
      CHECK_THROWS_AS(insert("a"), core::StoreError);
    }
    CHECK(count() == 0);
    {
      store::Transaction transaction(session);
      insert("a");
      transaction.commit();
    }
    CHECK(count() == 1);
  });
}

TEST_CASE("two writers: the second waits or gives up with the documented error") {
  on_both_backends([](const std::string& url) {
    store::Session first = testing::fresh_store(url);
    store::Session second = store::Session::open(url, 100);
    store::Transaction transaction(first);
    transaction.lock("learn");
    first.execute("INSERT INTO organizations (id, name) VALUES ($1, $2)", {"a", "A"});
    CHECK_THROWS_WITH_AS(
        [&] {
          store::Transaction other(second);
          other.lock("learn");
        }(),
        "the store is locked by another process", core::StoreError);
    transaction.commit();
    store::Transaction other(second);
    other.lock("learn");
  });
}

TEST_CASE("text sorts by bytes") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    for (const char* id : {"b", "B", "ä", "a", "_", "1"}) {
      session.execute("INSERT INTO organizations (id, name) VALUES ($1, $1)", {id});
    }
    std::string order;
    session.query("SELECT id FROM organizations ORDER BY id", {},
                  [&](const store::Row& row) { order += row.text(0); });
    CHECK(order == "1B_abä");
  });
}

TEST_CASE("a database of somebody else, a file that is no database, and no file are refused") {
  on_both_backends([](const std::string& url) {
    store::Session session = store::Session::open(url, 1000, store::Session::Mode::kCreate);
    session.connection().run("CREATE TABLE accounts (id INTEGER)");
    CHECK_THROWS_AS(store::migrate_up(session, {.now = kNow, .program_version = "test"}),
                    core::StoreError);
    CHECK(session.connection().tables() == std::vector<std::string>{"accounts"});
  });
  const testing::TemporaryFolder folder;
  CHECK_THROWS_AS(store::Session::open(folder / "absent.db", 100), core::StoreError);
  CHECK_THROWS_AS(store::Session::open("postgres://nobody@127.0.0.1:1/none", 100),
                  core::StoreError);
  CHECK_THROWS_AS(store::Session::open("mysql://x", 100), core::StoreError);
}
