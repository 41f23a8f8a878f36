#pragma once

#include <adgenome/core/files.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What becomes of members that a record's shape does not have.
enum class Extra { kReject, kDrop, kKeep };

struct RecordImport {
  /// catalog, ads, mapping, deals, clicks, overrides or embeddings.
  std::string kind;
  /// Whose records they are. The kinds whose records name their brand need none; for them it
  /// decides between brands that have a product of the same id.
  std::optional<std::string> brand_id = {};
  Extra extra = Extra::kReject;
  std::string by;  ///< who changes settings
  core::Time now;
  bool is_dry_run = false;
};

/// Imports records of page 2.5 (JSONL or one array) in one transaction, and notes the input in the
/// registry of imports: contract import/v1.
core::Json import_records(store::Session& session, core::Input input, core::Rejects& rejects,
                          const RecordImport& request);

/// The same within the caller's transaction, which is left open whatever `is_dry_run` says, of
/// records that no file holds: nothing is noted.
core::Json import_within(store::Session& session, core::Input input, core::Rejects& rejects,
                         const RecordImport& request);

/// Visits the records of a kind as an import takes them: for catalogue and ads those of all
/// brands where none is named.
void export_records(store::Session& session, const std::string& kind,
                    const std::optional<std::string>& brand_id,
                    const std::function<void(core::Json)>& visit);

/// The fields of a kind's records in their order; of the catalogue those of all its types.
std::vector<std::string> export_columns(const std::string& kind);

}  // namespace adgenome::app
