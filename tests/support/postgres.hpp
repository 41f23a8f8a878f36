#pragma once

#include <string>

namespace adgenome::testing {

/// The URL of an empty database on a PostgreSQL server that this process has started for itself in
/// a temporary folder; another database at every call. Nothing where the machine has no server:
/// tests are then skipped by name. The server ends with the process.
std::string fresh_postgres_database();

}  // namespace adgenome::testing
