#pragma once

#include <adgenome/store/session.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::store {

/// Where a PostgreSQL made distributed by the Citus extension keeps a table.
enum class Placement {
  kByBrand,      ///< spread by brand_id, as every table that grows
  kEverywhere,   ///< a copy on each node: small, shared, joined by all
  kCoordinator,  ///< local: claimed row by row, or the program's own
};

Placement placement_of(std::string_view table);
/// "by_brand", "everywhere", "coordinator"
std::string_view name_of(Placement placement);

struct PlacedTable {
  std::string name;
  Placement placement = Placement::kByBrand;
  std::string sql;  ///< what places it; empty where nothing is to be done
};

struct Distribution {
  std::optional<std::string> reason;  ///< why nothing can be distributed here
  std::vector<PlacedTable> tables;    ///< a table comes after those that it refers to
};

/// What distribute() would do; changes nothing.
Distribution plan_distribution(Session& session);

/// Places every table of the store that is not placed yet, each in a transaction of its own: begun
/// and cut off, it goes on where it stopped. The schema must be current.
Distribution distribute(Session& session);

}  // namespace adgenome::store
