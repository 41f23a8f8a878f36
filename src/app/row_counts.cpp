#include "row_counts.hpp"

#include <nlohmann/json.hpp>

namespace adgenome::app {

void RowCounts::write_to(core::Json& summary) const {
  summary["read"] = added + changed + unchanged + rejected + skipped;
  summary["new"] = added;
  summary["changed"] = changed;
  summary["unchanged"] = unchanged;
  summary["rejected"] = rejected;
  summary["skipped"] = skipped;
}

}  // namespace adgenome::app
