#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <adgenome/store/migrations.hpp>
#include <adgenome/store/session.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "postgres.hpp"

namespace adgenome::testing {

/// A folder that is removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/adgenome-test-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Runs the same test body on an empty SQLite file and on an empty PostgreSQL database.
inline void on_both_backends(const std::function<void(const std::string& url)>& body) {
  {
    const TemporaryFolder folder;
    INFO("backend: SQLite");
    body(folder / "store.db");
  }
  const std::string url = fresh_postgres_database();
  if (url.empty()) {
    MESSAGE("skipped on PostgreSQL: no server is installed");
    return;
  }
  INFO("backend: PostgreSQL");
  body(url);
}

inline constexpr auto kNow = core::Time{std::chrono::seconds{1'793'000'000}};

/// Gives the place the schema of this program.
inline std::string migrated(std::string url) {
  store::Session session = store::Session::open(url, 5000, store::Session::Mode::kCreate);
  store::migrate_up(session, {.now = kNow, .program_version = "test"});
  return url;
}

/// A store with the schema of this program: a copy of one that was migrated once.
inline store::Session fresh_store(const std::string& url) {
  if (url.starts_with("postgres")) {
    static const std::string made = migrated(fresh_postgres_database());
    copy_postgres_database(made, url);
  } else {
    static const TemporaryFolder folder;
    static const std::string made = migrated(folder / "made.db");
    std::filesystem::copy_file(made, url);
  }
  return store::Session::open(url, 5000, store::Session::Mode::kCreate);
}

}  // namespace adgenome::testing
