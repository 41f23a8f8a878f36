#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <string>

namespace adgenome::app {

/// An input on its way through an import, and the row of the registry that it leaves.
class ImportNote {
 public:
  explicit ImportNote(std::string kind) : kind_(std::move(kind)) {}

  /// The same input, whose bytes are seen from now on. The note has to live as long.
  core::Input watch(core::Input input);
  const std::string& name() const { return name_; }

  /// Once all is read; belongs into the import's transaction. `brand_id` is empty where the input
  /// may name several.
  void write(store::Session& session, const std::string& brand_id, const RowCounts& counts,
             core::Time now);

 private:
  std::string kind_;
  std::string name_;
  core::Sha256 hash_;
};

}  // namespace adgenome::app
