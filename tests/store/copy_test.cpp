#include <doctest/doctest.h>

#include <adgenome/app/init.hpp>
#include <adgenome/app/store_copy.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/copy.hpp>
#include <algorithm>
#include <map>

#include "support/intercept.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;

namespace {

constexpr auto kNothing = [](std::int64_t) {};

/// A store with rows of every type of column.
void fill(const std::string& url) {
  app::init(url, 5000, {.with_demo = true, .now = kNow, .program_version = "test"});
  store::Session session = store::Session::open(url, 5000);
  session.execute(
      "INSERT INTO embeddings (brand_id, kind, id, model, dimensions, vector) "
      "VALUES ($1, 'ad', $2, 'm', 1, $3)",
      {"demo-brand", "a", store::Bytes{std::string("\x00\n\\\xff", 4)}});
  session.execute(
      "INSERT INTO element_scores (brand_id, dimension, value, alpha, beta, observations, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {"demo-brand", "tab\tand\nline", "\\N", 0.1 + 0.2, 1e-300, std::int64_t{1} << 60,
       kNow + std::chrono::microseconds{7}});
  for (int i = 0; i < 2001; ++i) {  // more than a page
    session.execute(
        "INSERT INTO combo_usage (brand_id, combo_key, times_used, last_used_at) "
        "VALUES ($1, $2, $3, $4)",
        {"demo-brand", "k" + std::to_string(i), std::int64_t{i}, kNow});
  }
}

std::vector<store::TableSum> sums_of(const std::string& url) {
  store::Session session = store::Session::open(url, 5000);
  std::vector<store::TableSum> sums;
  for (const store::TableShape& table : store::schema_tables()) {
    sums.push_back(store::sum_table(session, table));
  }
  return sums;
}

core::Json copy(const std::string& from, const std::string& to) {
  return app::copy_store({.from = from, .to = to, .program_version = "test", .now = kNow},
                         kNothing);
}

}  // namespace

TEST_CASE("store copy: there and back again holds the same, on every way") {
  const testing::TemporaryFolder folder;
  std::vector<std::string> ways = {folder / "second.db"};
  for (int i = 0; i < 2; ++i) {
    const std::string url = testing::fresh_postgres_database();
    if (!url.empty()) ways.push_back(url);
  }
  if (ways.size() == 1) MESSAGE("skipped on PostgreSQL: no server is installed");
  ways.push_back(folder / "last.db");
  std::string from = folder / "first.db";
  fill(from);
  const std::vector<store::TableSum> expected = sums_of(from);
  std::int64_t rows = 0;
  for (const store::TableSum& sum : expected) rows += sum.rows;
  CHECK(rows > 2001);
  for (const std::string& to : ways) {
    CAPTURE(to);
    const core::Json document = copy(from, to);
    CHECK(document.at("rows") == rows);
    CHECK(sums_of(to) == expected);
    CHECK_THROWS_AS(copy(from, to), core::InvalidInput);  // it is filled now
    from = to;
  }
}

TEST_CASE("store copy: whatever statement fails, nothing is left behind and again it succeeds") {
  testing::on_both_backends([](const std::string& url) {
    const testing::TemporaryFolder folder;
    const std::string from = folder / "from.db";
    app::init(from, 5000, {.with_demo = true, .now = kNow, .program_version = "test"});
    testing::fresh_store(url);
    int statements = 0;
    testing::fresh_store(folder / "counted.db");
    {
      const testing::Interception interception(
          [&](store::Connection&, std::string_view, std::span<const store::Value>) {
            ++statements;
          });
      copy(from, folder / "counted.db");
    }
    // Early, in the midst of the rows, and while the copy is read back.
    for (const int tenths : {0, 2, 4, 6, 8, 9}) {
      const int k = 2 + statements * tenths / 10;
      CAPTURE(k);
      int count = 0;
      {
        const testing::Interception interception(
            [&](store::Connection&, std::string_view, std::span<const store::Value>) {
              if (++count == k) throw core::StoreError("the disk is full");
            });
        CHECK_THROWS_AS(copy(from, url), core::StoreError);
      }
      store::Session session = store::Session::open(url, 5000);
      CHECK(store::first_filled_table(session).empty());
    }
    copy(from, url);
    CHECK(sums_of(url) == sums_of(from));
  });
}

TEST_CASE("the schema as the copy sees it is the live one, table by table and column by column") {
  testing::on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    std::vector<std::string> expected = session.connection().tables();
    std::erase(expected, "schema_migrations");
    std::vector<std::string> names;
    for (const store::TableShape& table : store::schema_tables()) {
      CAPTURE(table.name);
      names.push_back(table.name);
      CHECK(!table.key.empty());
      if (session.backend() == store::Backend::kSqlite) continue;
      static const std::map<std::string, std::string> kTypes = {
          {"TEXT", "text"},
          {"JSON", "jsonb"},
          {"TIMESTAMP", "timestamp with time zone"},
          {"DATE", "date"},
          {"BOOLEAN", "boolean"},
          {"BIGINT", "bigint"},
          {"BYTES", "bytea"},
          {"DOUBLE PRECISION", "double precision"}};
      std::map<std::string, std::string> live;
      session.query(
          "SELECT column_name, data_type FROM information_schema.columns "
          "WHERE table_schema = current_schema() AND table_name = $1",
          {table.name}, [&](const store::Row& row) { live[row.text(0)] = row.text(1); });
      CHECK(live.size() == table.columns.size());
      for (const store::TableShape::Column& column : table.columns) {
        CAPTURE(column.name);
        REQUIRE(kTypes.contains(column.type));
        CHECK(live[column.name] == kTypes.at(column.type));
      }
    }
    std::sort(names.begin(), names.end());
    std::sort(expected.begin(), expected.end());
    CHECK(names == expected);
  });
}
