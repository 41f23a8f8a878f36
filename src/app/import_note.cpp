#include "import_note.hpp"

#include <adgenome/store/imports.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {

core::Input ImportNote::watch(core::Input input) {
  name_ = input.name;
  return core::with_hash(std::move(input), hash_);
}

void ImportNote::write(store::Session& session, const std::string& brand_id,
                       const RowCounts& counts, core::Time now) {
  core::Json document = core::Json::object();
  add_counts(document, counts);
  store::record_import(session, brand_id, kind_, hash_.hex(), name_, document, now);
}

}  // namespace adgenome::app
