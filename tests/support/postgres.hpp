#pragma once

#include <string>

namespace adgenome::testing {

/// The URL of an empty database on a PostgreSQL server that this process has started for itself in
/// a temporary folder; another database at every call. Nothing where the machine has no server:
/// tests are then skipped by name. The server ends with the process.
std::string fresh_postgres_database();

/// Makes the database `to` a copy of `from`. Nothing may be connected to either.
void copy_postgres_database(const std::string& from, const std::string& to);

}  // namespace adgenome::testing
