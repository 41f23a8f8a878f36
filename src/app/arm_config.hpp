#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/core/json.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What an arm of a generation experiment changes in how ads are made and reviewed; what is absent
/// stays as it was asked for.
struct ArmConfig {
  std::optional<std::string> prompt_version = {};
  std::optional<std::string> provider = {};
  std::optional<std::string> content_source = {};
  std::vector<std::string> layouts = {};      ///< empty: as it was asked for
  std::vector<std::string> color_modes = {};  ///< likewise
  std::optional<std::string> elements = {};
  std::optional<double> congruence_threshold = {};
  core::Json quality_config = nullptr;  ///< a version, its name, or single numbers; see arm_quality
  std::optional<std::int64_t> retry = {};
};

/// Reads a config. Throws InvalidInput at `where`/KEY for a key that there is none of, and for a
/// value that the key cannot have.
ArmConfig parse_arm_config(const core::Json& config, const std::string& where);

/// Makes `request` what was `asked` for with the config over it.
void lay_over(const ArmConfig& config, const GenerateRequest& asked, GenerateRequest& request);

}  // namespace adgenome::app
