#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// A step of the schema as this program knows it. `sql` is in the common dialect.
struct Migration {
  std::int64_t number = 0;
  std::string name;
  std::string sql;
  std::string checksum;  ///< SHA-256 of `sql`
};

/// What a store says of a step.
struct AppliedMigration {
  std::int64_t number = 0;
  std::string name;
  std::string checksum;
  core::Time applied_at;
  std::string program_version;
};

/// The steps of this program, by number.
const std::vector<Migration>& migrations();

/// The steps that a store has seen, by number; empty for a store without any. Throws StoreError
/// where the database holds tables and none of them is ours.
std::vector<AppliedMigration> applied_migrations(Session& session);

/// Throws StoreError unless the store is exactly at this program's schema; the hint says what to
/// do. A step whose checksum changed and a store newer than the program are refused.
void require_current(Session& session);

/// The steps that are still to be run. Throws StoreError where migrate_up() would refuse the store.
std::vector<Migration> pending_migrations(Session& session);

struct MigrateOptions {
  core::Time now;
  std::string program_version;
  bool make_backup = true;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();  ///< the last step to run
};

struct MigrateResult {
  std::vector<std::int64_t> applied;       ///< numbers of the steps that were run
  std::optional<std::string> backup_file;  ///< the copy that was made of an SQLite file with data
};

/// Runs every pending step, each in its own transaction (those of a new store in one), one process
/// at a time.
MigrateResult migrate_up(Session& session, const MigrateOptions& options);

/// The statements of a step in the dialect of a backend.
std::vector<std::string> statements_of(const Migration& migration, Backend backend);

/// The same in the common dialect.
std::vector<std::string> common_statements_of(const Migration& migration);

/// Differences between the live schema and that of this program, one line each ("table ads: column
/// tags is missing"); empty where they agree.
std::vector<std::string> verify_schema(Session& session);

}  // namespace adgenome::store
