#include "prompt_versions.hpp"

#include <adgenome/core/files.hpp>
#include <filesystem>

namespace adgenome::app {
namespace {

namespace fs = std::filesystem;

creative::PromptVersion prompt_version(const std::string& folder, const std::string& name) {
  const fs::path file = fs::path(folder) / (name + ".json");
  if (folder.empty() || name.find('/') != std::string::npos || !fs::exists(file))
    return creative::built_in_prompt_version(name);
  return creative::parse_prompt_version(core::read_all(file.string()), name, file.string());
}

}  // namespace

std::map<std::string, creative::PromptVersion> prompt_versions(const GenerateRequest& request,
                                                               const BatchPlan& plan) {
  std::map<std::string, creative::PromptVersion> versions;
  for (const DecidedRun& run : plan.runs) {
    const std::string name = prompt_version_of(request, run);
    if (!versions.contains(name)) {
      versions.emplace(name, prompt_version(request.prompt_folder, name));
    }
  }
  return versions;
}

}  // namespace adgenome::app
