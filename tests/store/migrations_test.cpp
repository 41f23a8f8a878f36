#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/store/migrations.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "support/intercept.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

using Numbers = std::vector<std::int64_t>;

const store::MigrateOptions kOptions = {.now = kNow, .program_version = "test"};

/// A store as an older program made it: the steps up to `last`, and a brand with an ad.
store::Session older_store(const std::string& url, std::int64_t last) {
  store::Session session = store::Session::open(url, 5000, store::Session::Mode::kCreate);
  store::MigrateOptions options = kOptions;
  options.last = last;
  store::migrate_up(session, options);
  session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
  session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
  if (last >= 2) {
    session.execute(
        "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
        "color_mode, name, status, provider, created_at) "
        "VALUES ('b', 'a', 's', 'r', 1, '1:1', 'brand', 'n', 'approved', 'local', $1)",
        {kNow});
  }
  return session;
}

std::int64_t count(store::Session& session, const std::string& sql) {
  std::int64_t n = -1;
  session.query(sql, {}, [&](const store::Row& row) { n = row.integer(0); });
  return n;
}

Numbers numbers_after(std::int64_t last) {
  Numbers numbers;
  for (const store::Migration& step : store::migrations()) {
    if (step.number > last) numbers.push_back(step.number);
  }
  return numbers;
}

/// The copies beside an SQLite file.
std::vector<std::string> copies_of(const std::string& file) {
  std::vector<std::string> copies;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(file).parent_path())) {
    const std::string name = entry.path().string();
    if (name != file && name != file + "-wal" && name != file + "-shm") copies.push_back(name);
  }
  return copies;
}

/// That the schema is exactly what the steps make which the store has recorded.
void check_is_whole(const std::string& url) {
  store::Session session = store::Session::open(url, 5000, store::Session::Mode::kAnySchema);
  const std::vector<store::AppliedMigration> applied = store::applied_migrations(session);
  std::vector<std::string> statements;
  for (std::size_t i = 0; i < applied.size(); ++i) {
    REQUIRE(applied[i].number == store::migrations()[i].number);
    for (std::string& sql : store::statements_of(store::migrations()[i], session.backend())) {
      statements.push_back(std::move(sql));
    }
  }
  std::vector<std::string> live = session.connection().schema_objects();
  std::erase_if(live, [](const std::string& object) {
    return object.find("schema_migrations") != std::string::npos;
  });
  CHECK(live == session.connection().objects_made_by(statements));
}

}  // namespace

TEST_CASE("migrations: an older store comes up to date from every step and keeps its data") {
  on_both_backends([](const std::string& url) {
    for (const store::Migration& step : store::migrations()) {
      const Numbers pending = numbers_after(step.number);
      const bool is_file = !url.starts_with("postgres");
      const std::string here =
          is_file ? url + std::to_string(step.number) : testing::fresh_postgres_database();
      CAPTURE(step.number);
      store::Session session = older_store(here, step.number);
      if (pending.empty()) {
        store::require_current(session);
      } else {
        CHECK_THROWS_AS(store::require_current(session), core::StoreError);
        CHECK_THROWS_AS(store::Session::open(here, 100), core::StoreError);
      }
      const store::MigrateResult result = store::migrate_up(session, kOptions);
      CHECK(result.applied == pending);
      CHECK(store::verify_schema(session).empty());
      CHECK(count(session, "SELECT COUNT(*) FROM brands WHERE id = 'b'") == 1);
      if (step.number >= 2) {
        CHECK(count(session, "SELECT COUNT(*) FROM ads WHERE brand_id = 'b' AND name = 'n'") == 1);
      }
      CHECK(result.backup_file.has_value() == (is_file && !pending.empty()));
      CHECK(store::migrate_up(session, kOptions).applied.empty());
      if (result.backup_file) {
        CHECK(result.backup_file->starts_with(here + ".v" + std::to_string(step.number) + "-2026"));
        store::Session copy =
            store::Session::open(*result.backup_file, 100, store::Session::Mode::kAnySchema);
        CHECK(store::applied_migrations(copy).back().number == step.number);
        CHECK(count(copy, "SELECT COUNT(*) FROM brands WHERE id = 'b'") == 1);
      }
    }
  });
}

TEST_CASE("migrations: the ad sets of experiments that are over become free") {
  on_both_backends([](const std::string& url) {
    store::Session session = older_store(url, 18);
    const auto put = [&](const std::string& id, const std::string& state,
                         const store::Value& ended_at) {
      session.execute(
          "INSERT INTO experiments (brand_id, id, kind, name, state, control_arm, min_sample, "
          "assignment, primary_metric, days, created_at, ended_at) VALUES ('b', $1, 'ads', $1, $2, "
          "'c', 1000, 'platform_split', 'link_ctr', 14, $3, $4)",
          {id, state, kNow, ended_at});
      session.execute(
          "INSERT INTO experiment_arms (brand_id, experiment_id, arm, position, platform, "
          "adset_id) VALUES ('b', $1, 'c', 0, 'meta', $1)",
          {id});
    };
    put("over", "completed", kNow);
    put("open", "running", {});
    store::migrate_up(session, kOptions);
    CHECK(count(session,
                "SELECT CAST(COUNT(*) AS BIGINT) FROM experiment_arms a "
                "JOIN experiments e ON e.brand_id = a.brand_id AND e.id = a.experiment_id "
                "WHERE a.released_at = e.ended_at AND e.id = 'over'") == 1);
    CHECK(count(session,
                "SELECT CAST(COUNT(*) AS BIGINT) FROM experiment_arms "
                "WHERE released_at IS NULL AND experiment_id = 'open'") == 1);
  });
}

TEST_CASE("migrations: no copy where none is wanted, and none is left half made") {
  const testing::TemporaryFolder folder;
  const std::string file = folder / "store.db";
  store::Session session = older_store(file, 2);
  {
    const testing::Interception interception(
        [](store::Connection&, std::string_view sql, std::span<const store::Value>) {
          if (sql.find("CREATE TABLE") != sql.npos) throw core::StoreError("planted");
        });
    store::Session failing = store::Session::open(file, 100, store::Session::Mode::kAnySchema);
    CHECK_THROWS_AS(store::migrate_up(failing, kOptions), core::StoreError);
  }
  // The copy is whole, although the step failed.
  CHECK(copies_of(file).size() == 1);
  CHECK(copies_of(file).front().ends_with(".bak"));
  store::MigrateOptions options = kOptions;
  options.make_backup = false;
  CHECK(store::migrate_up(session, options).applied == numbers_after(2));
  CHECK(copies_of(file).size() == 1);
}

TEST_CASE("migrations: two at once, the second waits and finds nothing to do") {
  on_both_backends([](const std::string& url) {
    older_store(url, 2);
    std::vector<store::MigrateResult> results(4);
    {
      std::vector<std::jthread> threads;
      for (store::MigrateResult& result : results) {
        threads.emplace_back([&] {
          store::Session session =
              store::Session::open(url, 30'000, store::Session::Mode::kAnySchema);
          result = store::migrate_up(session, kOptions);
        });
      }
    }
    Numbers applied;
    std::int64_t copies = 0;
    for (const store::MigrateResult& result : results) {
      applied.insert(applied.end(), result.applied.begin(), result.applied.end());
      copies += result.backup_file ? 1 : 0;
    }
    std::sort(applied.begin(), applied.end());
    CHECK(applied == numbers_after(2));
    if (!url.starts_with("postgres")) CHECK(copies == 1);
    store::Session session = store::Session::open(url, 100);
    CHECK(store::verify_schema(session).empty());
  });
}

TEST_CASE("migrations: whichever statement fails, the store stands between two steps") {
  on_both_backends([](const std::string& url) {
    const bool is_file = !url.starts_with("postgres");
    // All of them take minutes: without ADGENOME_LONG a sample does.
    const bool in_full = std::getenv("ADGENOME_LONG") != nullptr;
    const int step = in_full ? (is_file ? 1 : 11) : (is_file ? 13 : 89);
    for (const std::int64_t last : {0, 1}) {  // a store that is being made, and one that is behind
      bool has_failed = true;
      for (int k = 1; has_failed; k += step) {
        CAPTURE(last);
        CAPTURE(k);
        const std::string here = is_file ? url + std::to_string(last) + "-" + std::to_string(k)
                                         : testing::fresh_postgres_database();
        if (last > 0) older_store(here, last);
        has_failed = false;
        {
          int seen = 0;
          const testing::Interception interception(
              [&](store::Connection&, std::string_view, std::span<const store::Value>) {
                if (++seen != k) return;
                has_failed = true;
                throw core::StoreError("planted");
              });
          store::Session session = store::Session::open(here, 100, store::Session::Mode::kCreate);
          try {
            store::migrate_up(session, kOptions);
          } catch (const core::StoreError& error) {
            CHECK(std::string(error.what()) == "planted");
          }
        }
        check_is_whole(here);
        store::Session session = store::Session::open(here, 100, store::Session::Mode::kAnySchema);
        store::migrate_up(session, kOptions);
        CHECK(store::verify_schema(session).empty());
      }
    }
  });
}

TEST_CASE("migrations: what differs from the expected schema is named object by object") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const auto differences_after = [&](const std::vector<std::string>& statements) {
      store::Transaction transaction(session);
      for (const std::string& sql : statements) session.connection().run(sql);
      transaction.commit();
      return store::verify_schema(session);
    };
    const bool is_file = !url.starts_with("postgres");
    CHECK(differences_after({"DROP INDEX ads_by_batch"}) ==
          std::vector<std::string>{
              is_file ? "missing: index ads_by_batch: CREATE INDEX ads_by_batch ON ads (brand_id, "
                        "batch_id)"
                      : "missing: index ads_by_batch: CREATE INDEX ads_by_batch ON ads USING btree "
                        "(brand_id, batch_id)"});
    CHECK(differences_after({"CREATE INDEX ads_by_batch ON ads (brand_id, batch_id)",
                             "ALTER TABLE ads DROP COLUMN error"}) ==
          std::vector<std::string>{is_file ? "missing: table ads: error TEXT"
                                           : "missing: table ads: column error text collate C"});
    session.connection().run(is_file ? "ALTER TABLE ads ADD COLUMN error TEXT"
                                     : "ALTER TABLE ads ADD COLUMN error text COLLATE \"C\"");
    CHECK(store::verify_schema(session).empty());

    // Another type, a lost key, check and reference, and an object that is not ours.
    const std::vector<std::string> found = differences_after(
        {"DROP TABLE rewards",
         "CREATE TABLE rewards (brand_id TEXT, ad_id TEXT NOT NULL, version TEXT NOT NULL)",
         "CREATE TABLE strangers (id INTEGER PRIMARY KEY)"});
    const auto names = [&](const std::string& text) {
      return std::any_of(found.begin(), found.end(), [&](const std::string& difference) {
        return difference.find(text) != std::string::npos;
      });
    };
    CHECK(names(is_file ? "missing: table rewards: version INTEGER NOT NULL"
                        : "missing: table rewards: column version bigint not null"));
    CHECK(names(is_file ? "unexpected: table rewards: version TEXT NOT NULL"
                        : "unexpected: table rewards: column version text not null"));
    CHECK(names("PRIMARY KEY (brand_id, ad_id)"));
    CHECK(names("FOREIGN KEY (brand_id, ad_id) REFERENCES ads"));
    CHECK(names("'immature'"));
    CHECK(names("unexpected: table strangers"));
  });
}

TEST_CASE("migrations: another history and a newer store are refused and left alone") {
  on_both_backends([](const std::string& url) {
    store::Session session = older_store(url, 2);
    const auto is_refused = [&](const std::string& message, const std::string& hint) {
      for (const auto& use :
           std::vector<std::function<void()>>{[&] { store::require_current(session); },
                                              [&] { store::pending_migrations(session); },
                                              [&] { store::migrate_up(session, kOptions); }}) {
        try {
          use();
          FAIL("was taken");
        } catch (const core::StoreError& error) {
          CHECK(error.what() == message);
          CHECK(error.hint().find(hint) != std::string::npos);
        }
      }
      CHECK(count(session, "SELECT COUNT(*) FROM schema_migrations") == 2);
    };
    session.execute("UPDATE schema_migrations SET checksum = 'other' WHERE number = 2");
    is_refused("step 2 (production) of the store is not that of this program",
               "use the version that applied it (test)");
    session.execute("UPDATE schema_migrations SET checksum = $1 WHERE number = 2",
                    {store::migrations()[1].checksum});
    store::migrate_up(session, kOptions);
    session.execute("INSERT INTO schema_migrations VALUES (9999, 'future', 'x', $1, '9.9')",
                    {kNow});
    CHECK_THROWS_WITH_AS(store::require_current(session),
                         "the store is newer than this program: it has step 9999 of version 9.9",
                         core::StoreError);
    CHECK_THROWS_AS(store::migrate_up(session, kOptions), core::StoreError);
    CHECK_THROWS_AS(store::pending_migrations(session), core::StoreError);
  });
}
