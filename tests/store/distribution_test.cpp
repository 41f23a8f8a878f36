#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/store/distribution.hpp>
#include <algorithm>

#include "support/stores.hpp"

using namespace adgenome;

namespace {

/// Stands in for the Citus extension, which Debian does not have: it notes what it is asked for and
/// refuses what Citus refuses.
const std::vector<std::string> kStandIn = {
    "CREATE SCHEMA stand_in",
    "CREATE TABLE stand_in.pg_dist_partition (logicalrelid regclass, partmethod text)",
    R"(CREATE FUNCTION stand_in.create_distributed_table(t regclass, key text) RETURNS void AS $$
       BEGIN
         IF EXISTS (SELECT 1 FROM stand_in.pg_dist_partition WHERE logicalrelid = t) THEN
           RAISE EXCEPTION 'table % is already distributed', t;
         END IF;
         IF EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = t AND x.indisunique AND NOT EXISTS (
              SELECT 1 FROM pg_attribute a WHERE a.attrelid = t AND a.attname = key
              AND a.attnum = ANY (x.indkey))) THEN
           RAISE EXCEPTION 'a unique index of % is without the distribution column', t;
         END IF;
         IF EXISTS (
              SELECT 1 FROM pg_constraint c
              LEFT JOIN stand_in.pg_dist_partition p ON p.logicalrelid = c.confrelid
              WHERE c.conrelid = t AND c.contype = 'f' AND c.confrelid <> t
              AND p.partmethod IS DISTINCT FROM 'n'
              AND (p.logicalrelid IS NULL OR NOT EXISTS (
                SELECT 1 FROM generate_subscripts(c.conkey, 1) i
                JOIN pg_attribute a ON a.attrelid = t AND a.attnum = c.conkey[i]
                JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[i]
                WHERE a.attname = key AND b.attname = key))) THEN
           RAISE EXCEPTION 'a foreign key of % leads to a table elsewhere', t;
         END IF;
         INSERT INTO stand_in.pg_dist_partition VALUES (t, 'h');
       END $$ LANGUAGE plpgsql)",
    R"(CREATE FUNCTION stand_in.create_reference_table(t regclass) RETURNS void AS $$
       BEGIN
         IF EXISTS (
              SELECT 1 FROM pg_constraint c
              LEFT JOIN stand_in.pg_dist_partition p ON p.logicalrelid = c.confrelid
              WHERE c.conrelid = t AND c.contype = 'f' AND p.partmethod IS DISTINCT FROM 'n') THEN
           RAISE EXCEPTION 'a foreign key of % leads to a table elsewhere', t;
         END IF;
         INSERT INTO stand_in.pg_dist_partition VALUES (t, 'n');
       END $$ LANGUAGE plpgsql)",
    "SET search_path TO public, stand_in",
};

}  // namespace

TEST_CASE("distribution: without the extension nothing is done, and the reason is said") {
  testing::on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const store::Distribution distribution = store::distribute(session);
    CHECK(distribution.tables.empty());
    REQUIRE(distribution.reason);
    CHECK(*distribution.reason == (url.starts_with("postgres")
                                       ? "this server has no Citus extension"
                                       : "the store is an SQLite file"));
  });
}

TEST_CASE("distribution: every table is placed once, those that are referred to first") {
  const std::string url = testing::fresh_postgres_database();
  if (url.empty()) {
    MESSAGE("skipped: no PostgreSQL server is installed");
    return;
  }
  store::Session session = testing::fresh_store(url);
  for (const std::string& sql : kStandIn) session.connection().run(sql);
  const auto placed = [&](const std::string& method) {
    std::vector<std::string> names;
    session.query(
        "SELECT logicalrelid::text FROM stand_in.pg_dist_partition WHERE partmethod = $1 "
        "ORDER BY 1",
        {method}, [&](const store::Row& row) { names.push_back(row.text(0)); });
    return names;
  };
  const store::Distribution plan = store::plan_distribution(session);
  CHECK(placed("h").empty());
  CHECK(plan.tables.size() == session.connection().tables().size());

  store::distribute(session);
  CHECK(placed("n") == std::vector<std::string>{"brands", "organizations", "template_analyses",
                                                "template_evaluations", "templates"});
  std::vector<std::string> by_brand;
  for (const std::string& table : session.connection().tables()) {
    if (store::placement_of(table) == store::Placement::kByBrand) by_brand.push_back(table);
  }
  CHECK(placed("h") == by_brand);
  CHECK(std::find(by_brand.begin(), by_brand.end(), "ad_performance") != by_brand.end());

  // Again, and after a new table: only that is placed.
  session.connection().run(
      "CREATE TABLE newcomers (brand_id text NOT NULL, id text NOT NULL, ad_id text, "
      "PRIMARY KEY (brand_id, id), FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id))");
  std::vector<std::string> statements;
  for (const store::PlacedTable& table : store::distribute(session).tables) {
    if (!table.sql.empty()) statements.push_back(table.sql);
  }
  CHECK(statements ==
        std::vector<std::string>{"SELECT create_distributed_table('newcomers', 'brand_id')"});

  // A key without the brand cannot be held, and is an error that names the table.
  session.connection().run("CREATE TABLE wrong (brand_id text NOT NULL, id text PRIMARY KEY)");
  CHECK_THROWS_AS(store::distribute(session), core::StoreError);
}

TEST_CASE("distribution: keys of tables that grow begin with the brand, and queues stand alone") {
  const std::string url = testing::fresh_postgres_database();
  if (url.empty()) {
    MESSAGE("skipped: no PostgreSQL server is installed");
    return;
  }
  store::Session session = testing::fresh_store(url);
  session.query(
      "SELECT r.relname, i.relname, (SELECT a.attname FROM pg_attribute a "
      "  WHERE a.attrelid = x.indrelid AND a.attnum = x.indkey[0]), "
      "  EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = x.indrelid "
      "    AND a.attnum = ANY (x.indkey) AND NOT a.attnotnull) "
      "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
      "JOIN pg_class r ON r.oid = x.indrelid JOIN pg_namespace n ON n.oid = r.relnamespace "
      "WHERE n.nspname = current_schema() AND x.indisunique",
      {}, [](const store::Row& row) {
        CAPTURE(row.text(1));
        if (store::placement_of(row.text(0)) == store::Placement::kByBrand) {
          CHECK(row.text(2) == "brand_id");
        }
        CHECK(!row.boolean(3));  // no NULL in a unique key
      });
  session.query(
      "SELECT DISTINCT child.relname, parent.relname FROM pg_constraint c "
      "JOIN pg_class child ON child.oid = c.conrelid "
      "JOIN pg_class parent ON parent.oid = c.confrelid WHERE c.contype = 'f'",
      {}, [](const store::Row& row) {
        CAPTURE(row.text(0));
        if (store::placement_of(row.text(0)) == store::Placement::kCoordinator) {
          CHECK(store::placement_of(row.text(1)) == store::Placement::kCoordinator);
        }
      });
}
