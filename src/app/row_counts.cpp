#include <adgenome/app/row_counts.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {

void RowCounts::count(store::Upsert outcome) {
  switch (outcome) {
    case store::Upsert::kNew:
      ++added;
      break;
    case store::Upsert::kChanged:
      ++changed;
      break;
    case store::Upsert::kUnchanged:
      ++unchanged;
      break;
  }
}

void add_counts(core::Json& document, const RowCounts& counts) {
  document["read"] = counts.read();
  document["new"] = counts.added;
  document["changed"] = counts.changed;
  document["unchanged"] = counts.unchanged;
  document["rejected"] = counts.rejected;
  document["skipped"] = counts.skipped;
}

}  // namespace adgenome::app
