#pragma once

#include <adgenome/store/connection.hpp>
#include <memory>
#include <string>

namespace adgenome::store {

/// Opens an SQLite file; `create` makes it where it is not there.
std::unique_ptr<Connection> open_sqlite(const std::string& file, std::int64_t busy_timeout_ms,
                                        bool create);

}  // namespace adgenome::store
