#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// The built-in presets: the list `items` of adgenome/presets/v1.
core::Json list_presets();

/// A built-in preset or one of a file, as adgenome/preset/v1.
core::Json show_preset(const std::string& name);

struct PresetCheckOptions {
  std::vector<std::string> presets;            ///< files, or names of built-in ones
  std::optional<std::string> candidates = {};  ///< a file of them
  std::optional<std::string> context = {};     ///< what they are for
  std::optional<std::string> product = {};     ///< of the store; none: each of the brand's
  std::string baseline = "smart_select";
  std::int64_t draws = 2000;
  std::int64_t scorer_timeout_s = 30;
  core::Time now{};
  std::uint64_t seed = 0;
};

/// Checks presets against their schema, and where candidates are given, what they do with them.
/// Returns adgenome/preset_check/v1; what is wrong stands in it, all at once. A file that cannot be
/// read is InvalidInput.
core::Json check_presets(const PresetCheckOptions& options);

/// The same over the store's candidates for the brand's products.
core::Json check_presets_in_store(store::Session& session, const store::Brand& brand,
                                  const PresetCheckOptions& options);

/// What such a check found, as JUnit XML for continuous integration: a test suite a preset.
std::string junit_report(const core::Json& check);

}  // namespace adgenome::app
