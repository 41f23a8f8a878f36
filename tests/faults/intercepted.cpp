// The program as it is, but for what stands between it and the database. Environment:
//   ADGENOME_TEST_FAIL_AT=K     the K-th statement fails
//   ADGENOME_TEST_ROLLED_BACK=1 and its transaction with it, as a full disk does to SQLite
//   ADGENOME_TEST_KILL_AT=K     the process is killed before the K-th statement
//   ADGENOME_TEST_STOP_AT=K     the process stops there until it is told to go on (SIGCONT)
//   ADGENOME_TEST_COUNT=FILE    the number of statements is written there at the end
//   ADGENOME_TEST_STEPS=N       instead of a command, the store is made with the steps up to N, or
//                               brought there: what an older program left
//   ADGENOME_TEST_PARTITIONS=1  tables spread by brand are made as partitions by hash of brand_id
//   ADGENOME_TEST_PLANS=FILE    each statement and its plan on PostgreSQL are added there
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/distribution.hpp>
#include <adgenome/store/migrations.hpp>
#include <atomic>
#include <commands/commands.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

#include "support/intercept.hpp"

using namespace adgenome;

namespace {

constexpr int kPartitions = 4;

std::int64_t number(const char* name) {
  const char* text = std::getenv(name);
  return text ? core::to_int64(text).value_or(0) : 0;
}

/// Makes tables that are spread by brand as PostgreSQL's own partitions: it then refuses by itself
/// the keys, references and upserts that a table distributed by brand_id cannot hold.
class Partitioned : public testing::Intercepted {
 public:
  using Intercepted::Intercepted;

  void run(std::string_view sql) override {
    static constexpr std::string_view kCreate = "CREATE TABLE ";
    const std::string text(sql);
    const std::string name =
        text.substr(kCreate.size(), text.find(' ', kCreate.size()) - kCreate.size());
    if (backend() != store::Backend::kPostgres || !text.starts_with(kCreate) || name == "IF" ||
        store::placement_of(name) != store::Placement::kByBrand) {
      Intercepted::run(sql);
      return;
    }
    Intercepted::run(text + " PARTITION BY HASH (brand_id)");
    Intercepted::run("CREATE SCHEMA IF NOT EXISTS shards");
    for (int i = 0; i < kPartitions; ++i) {
      Intercepted::run("CREATE TABLE shards." + name + "_" + std::to_string(i) + " PARTITION OF " +
                       name + " FOR VALUES WITH (MODULUS " + std::to_string(kPartitions) +
                       ", REMAINDER " + std::to_string(i) + ")");
    }
  }
};

/// Adds a statement and its plan to the file, once a process.
void add_plan(const char* file, store::Connection& inner, std::string_view sql,
              std::span<const store::Value> parameters) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> seen;
  const std::lock_guard guard(mutex);
  const std::string verb(sql.substr(0, sql.find(' ')));
  if (!std::set<std::string>{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}.contains(verb)) return;
  if (inner.backend() != store::Backend::kPostgres || !seen.emplace(sql).second) return;
  inner.query("EXPLAIN (FORMAT JSON) " + std::string(sql), parameters, [&](const store::Row& row) {
    const nlohmann::json line = {{"sql", sql}, {"plan", nlohmann::json::parse(row.text(0))}};
    std::ofstream(file, std::ios::app) << line.dump() << '\n';
  });
}

int make_older_store(std::int64_t last) {
  store::Session session =
      store::Session::open(std::getenv("ADGENOME_STORE"), 5000, store::Session::Mode::kCreate);
  store::migrate_up(session, {.now = core::parse_time("2026-01-05T09:00:00Z"),
                              .program_version = commands::program_version(),
                              .make_backup = false,
                              .last = last});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (const std::int64_t last = number("ADGENOME_TEST_STEPS")) return make_older_store(last);
  static std::atomic<std::int64_t> statements = 0;
  const std::int64_t fail_at = number("ADGENOME_TEST_FAIL_AT");
  const std::int64_t kill_at = number("ADGENOME_TEST_KILL_AT");
  const std::int64_t stop_at = number("ADGENOME_TEST_STOP_AT");
  const bool is_rolled_back = number("ADGENOME_TEST_ROLLED_BACK") != 0;
  const bool has_partitions = number("ADGENOME_TEST_PARTITIONS") != 0;
  const char* plans = std::getenv("ADGENOME_TEST_PLANS");
  const char* count_file = std::getenv("ADGENOME_TEST_COUNT");
  const std::string count_at = count_file ? count_file : "";
  // What this process starts is not disturbed as well.
  for (const char* name : {"ADGENOME_TEST_FAIL_AT", "ADGENOME_TEST_KILL_AT",
                           "ADGENOME_TEST_STOP_AT", "ADGENOME_TEST_COUNT"}) {
    ::unsetenv(name);
  }
  const auto hook = [=](store::Connection& inner, std::string_view sql,
                        std::span<const store::Value> parameters) {
    const std::int64_t k = ++statements;
    if (k == kill_at) std::raise(SIGKILL);
    if (k == stop_at) std::raise(SIGSTOP);
    if (k == fail_at) {
      if (is_rolled_back) inner.rollback();
      // A statement that fails for good, so that the database sees it too.
      inner.run("SELECT * FROM a_table_that_is_not_there");
    }
    if (plans) add_plan(plans, inner, sql, parameters);
  };
  store::set_connection_filter(
      [=](std::unique_ptr<store::Connection> inner) -> std::unique_ptr<store::Connection> {
        if (has_partitions) return std::make_unique<Partitioned>(std::move(inner), hook);
        return std::make_unique<testing::Intercepted>(std::move(inner), hook);
      });
  cli::Application application(commands::program_version(), commands::all(), json_schemas,
                               commands::sections());
  const int code = application.run(argc, argv);
  if (!count_at.empty()) std::ofstream(count_at) << statements;
  return code;
}
