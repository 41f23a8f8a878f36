#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/scoring/selection.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace adgenome::app {

/// How a selection is wanted, in both modes.
struct SelectOptions {
  std::optional<std::string> preset;           ///< a built-in one or a file
  std::string weights = "static";              ///< "static" or a file
  std::optional<std::string> category;         ///< only templates of it
  std::optional<std::string> prefer_category;  ///< scored, no filter
  std::optional<std::string> strictness;       ///< tier of the gate
  std::optional<double> min_asset_score;
  std::int64_t count = 3;
  bool lists_all = false;
  bool explains = false;
  bool is_classic = false;
  core::Time now{};
  std::uint64_t seed = 0;
  std::string selection_id;
};

/// Selects from candidates in a file (JSONL or one list; "-" is standard input) for a context in
/// a file (none: nothing is known of it). Returns a document adgenome/selection/v1.
core::Json select_from_files(const std::string& candidates,
                             const std::optional<std::string>& context,
                             const SelectOptions& options);

}  // namespace adgenome::app
