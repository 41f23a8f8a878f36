#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <adgenome/core/embedded.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/migrations.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include "sqlite.hpp"

namespace adgenome {

extern const std::span<const core::EmbeddedFile> migration_files;

namespace store {
namespace {

using core::StoreError;

constexpr std::string_view kRegister =
    "CREATE TABLE IF NOT EXISTS schema_migrations (\n"
    "  number BIGINT NOT NULL PRIMARY KEY,\n"
    "  name TEXT NOT NULL,\n"
    "  checksum TEXT NOT NULL,\n"
    "  applied_at TIMESTAMP NOT NULL,\n"
    "  program_version TEXT NOT NULL\n"
    ")";

/// The words of the common dialect and what the backends call them.
struct TypeName {
  std::string_view common;
  std::string_view sqlite;
  std::string_view postgres;
};

constexpr TypeName kTypes[] = {
    {"TEXT", "TEXT", "text COLLATE \"C\""},
    {"JSON", "TEXT", "jsonb"},
    {"TIMESTAMP", "TEXT", "timestamptz"},
    {"DATE", "TEXT", "date"},
    {"BOOLEAN", "INTEGER", "boolean"},
    {"BIGINT", "INTEGER", "bigint"},
    {"DOUBLE PRECISION", "REAL", "double precision"},
    {"BYTES", "BLOB", "bytea"},
    // Rows that stand in their key's own order; PostgreSQL has no such tables.
    {"WITHOUT ROWID", "WITHOUT ROWID", ""},
};

bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

/// Types replaced, word by word, outside of strings.
std::string in_dialect(std::string_view sql, Backend backend) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size();) {
    if (sql[i] == '\'') quoted = !quoted;
    const bool starts_word = !quoted && is_word(sql[i]) && (i == 0 || !is_word(sql[i - 1]));
    const TypeName* type = nullptr;
    if (starts_word) {
      for (const TypeName& candidate : kTypes) {
        const std::size_t end = i + candidate.common.size();
        if (sql.substr(i).starts_with(candidate.common) &&
            (end == sql.size() || !is_word(sql[end]))) {
          type = &candidate;
        }
      }
    }
    if (type) {
      out += backend == Backend::kSqlite ? type->sqlite : type->postgres;
      i += type->common.size();
    } else {
      out += sql[i++];
    }
  }
  return out;
}

std::string without_comments(std::string_view sql) {
  std::string out;
  for (const std::string& line : core::split(sql, '\n')) {
    if (core::trim(line).starts_with("--")) continue;
    out += line + '\n';
  }
  return out;
}

std::vector<std::string> cut_at_semicolons(std::string_view sql) {
  std::vector<std::string> statements(1);
  bool quoted = false;
  for (const char c : sql) {
    if (c == '\'') quoted = !quoted;
    if (c == ';' && !quoted) {
      statements.emplace_back();
    } else {
      statements.back() += c;
    }
  }
  std::erase_if(statements, [](const std::string& text) { return core::trim(text).empty(); });
  for (std::string& text : statements) text = core::trim(text);
  return statements;
}

/// Throws unless the steps that the store has seen are the first ones of this program.
void require_same_history(const std::vector<AppliedMigration>& applied) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= migrations().size()) {
      throw StoreError("the store is newer than this program: it has step " +
                           std::to_string(applied[i].number) + " of version " +
                           applied[i].program_version,
                       "use adgenome " + applied[i].program_version + " or later");
    }
    if (applied[i].number != migrations()[i].number ||
        applied[i].checksum != migrations()[i].checksum) {
      throw StoreError(
          "step " + std::to_string(applied[i].number) + " (" + applied[i].name +
              ") of the store is not that of this program",
          "it was changed after it had been applied: use the version that applied it (" +
              applied[i].program_version + ")");
    }
  }
}

void apply(Session& session, const Migration& migration, const MigrateOptions& options) {
  for (const std::string& statement : statements_of(migration, session.backend())) {
    session.connection().run(statement);
  }
  session.execute(
      "INSERT INTO schema_migrations (number, name, checksum, applied_at, program_version) "
      "VALUES ($1, $2, $3, $4, $5)",
      {migration.number, migration.name, migration.checksum, options.now, options.program_version});
}

/// One process at a time migrates a file, from the first step to the last: another one that got in
/// between two steps would copy a store that is half migrated. It is the folder that is locked,
/// since closing a second descriptor of the file itself would drop SQLite's locks (POSIX).
class FolderLock {
 public:
  /// Waits for the others as long as the session does.
  explicit FolderLock(const Session& session) {
    if (session.file().empty()) return;
    const std::filesystem::path folder = std::filesystem::absolute(session.file()).parent_path();
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(session.busy_timeout_ms());
    descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      const bool is_locked = descriptor_ >= 0 && (error == EWOULDBLOCK || error == EINTR);
      if (is_locked && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        continue;
      }
      if (descriptor_ >= 0) ::close(descriptor_);
      if (!is_locked)
        throw StoreError("cannot lock " + folder.string() + ": " + std::strerror(error));
      throw StoreError("the store is locked by another process",
                       "run it again, or wait longer with --busy-timeout", session.file());
    }
  }
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

/// A copy of an SQLite file beside it, named with its version and the time. It is made by another
/// connection, because the session is in its transaction: nobody writes between copy and change.
std::string make_backup(const Session& session, std::int64_t version, core::Time now) {
  std::string stamp = core::format_time(std::chrono::floor<std::chrono::seconds>(now));
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  const std::string name = session.file() + ".v" + std::to_string(version) + "-" + stamp;
  std::string file = name + ".bak";
  for (int i = 2; std::filesystem::exists(file); ++i) {
    file = name + "-" + std::to_string(i) + ".bak";
  }
  // Under its name only when it is whole. What a process that was killed has left goes first.
  const std::string unfinished = session.file() + ".copying";
  std::filesystem::remove(unfinished);
  try {
    const Value target = unfinished;
    open_sqlite(session.file(), 0, false)->execute("VACUUM INTO $1", {&target, 1});
    std::filesystem::rename(unfinished, file);
  } catch (...) {
    std::filesystem::remove(unfinished);
    throw;
  }
  return file;
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = [] {
    std::vector<Migration> list;
    for (const core::EmbeddedFile& file : migration_files) {
      // NNNN_name.sql, sorted by name
      list.push_back({.number = *core::to_int64(std::string(file.name.substr(0, 4))),
                      .name = std::string(file.name.substr(5, file.name.size() - 9)),
                      .sql = std::string(file.bytes),
                      .checksum = core::sha256_hex(file.bytes)});
    }
    return list;
  }();
  return all;
}

std::vector<std::string> common_statements_of(const Migration& migration) {
  return cut_at_semicolons(without_comments(migration.sql));
}

std::vector<std::string> statements_of(const Migration& migration, Backend backend) {
  return cut_at_semicolons(in_dialect(without_comments(migration.sql), backend));
}

std::vector<AppliedMigration> applied_migrations(Session& session) {
  const std::vector<std::string> tables = session.connection().tables();
  if (std::find(tables.begin(), tables.end(), "schema_migrations") == tables.end()) {
    if (!tables.empty()) {
      throw StoreError(
          "this database is not a store of adgenome: it holds the table " + tables.front(),
          "give another file or database with --store");
    }
    return {};
  }
  std::vector<AppliedMigration> applied;
  session.query(
      "SELECT number, name, checksum, applied_at, program_version FROM schema_migrations "
      "ORDER BY number",
      {}, [&](const Row& row) {
        applied.push_back({.number = row.integer(0),
                           .name = row.text(1),
                           .checksum = row.text(2),
                           .applied_at = row.time(3),
                           .program_version = row.text(4)});
      });
  return applied;
}

void require_current(Session& session) {
  const std::vector<AppliedMigration> applied = applied_migrations(session);
  require_same_history(applied);
  if (applied.size() == migrations().size()) return;
  if (applied.empty()) {
    throw StoreError("the store is empty", "run: adgenome init", session.file());
  }
  throw StoreError("the store's schema is older than this program (" +
                       std::to_string(applied.size()) + " of " +
                       std::to_string(migrations().size()) + " steps)",
                   "run: adgenome migrate up", session.file());
}

std::vector<Migration> pending_migrations(Session& session) {
  const std::vector<AppliedMigration> applied = applied_migrations(session);
  require_same_history(applied);
  return {migrations().begin() + static_cast<std::ptrdiff_t>(applied.size()), migrations().end()};
}

MigrateResult migrate_up(Session& session, const MigrateOptions& options) {
  MigrateResult result;
  const FolderLock migrates_alone(session);
  // Each step in a transaction of its own, looking again under the lock what is still to be done:
  // a second process that waited finds nothing.
  for (;;) {
    Transaction transaction(session);
    transaction.lock("adgenome/migrate");
    const std::vector<AppliedMigration> applied = applied_migrations(session);
    std::vector<Migration> pending = pending_migrations(session);
    std::erase_if(pending, [&](const Migration& step) { return step.number > options.last; });
    if (pending.empty()) return result;
    const bool is_new = applied.empty();
    if (!is_new && result.applied.empty() && !session.file().empty() && options.make_backup) {
      result.backup_file = make_backup(session, applied.back().number, options.now);
    }
    // A new store is made whole or not at all: nobody finds it half made.
    if (is_new) {
      session.connection().run(in_dialect(kRegister, session.backend()));
    } else {
      pending.resize(1);
    }
    for (const Migration& step : pending) apply(session, step, options);
    transaction.commit();
    for (const Migration& step : pending) result.applied.push_back(step.number);
  }
}

std::vector<std::string> verify_schema(Session& session) {
  std::vector<std::string> statements{in_dialect(kRegister, session.backend())};
  for (const Migration& migration : migrations()) {
    for (std::string& statement : statements_of(migration, session.backend())) {
      statements.push_back(std::move(statement));
    }
  }
  const std::vector<std::string> expected = session.connection().objects_made_by(statements);
  const std::vector<std::string> live = session.connection().schema_objects();
  std::vector<std::string> differences;
  for (const std::string& object : expected) {
    if (!std::binary_search(live.begin(), live.end(), object))
      differences.push_back("missing: " + object);
  }
  for (const std::string& object : live) {
    if (!std::binary_search(expected.begin(), expected.end(), object)) {
      differences.push_back("unexpected: " + object);
    }
  }
  return differences;
}

}  // namespace store
}  // namespace adgenome
