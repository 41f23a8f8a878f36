#include "step_plan.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/imports.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

namespace adgenome::app {
namespace {

namespace fs = std::filesystem;

/// The option of a parameter, once for each of its values.
void add_option(const JobParameter& parameter, const core::Json& values,
                std::vector<std::string>& arguments) {
  const std::string option = "--" + std::string(parameter.name) + "=";
  if (values.is_string()) {
    arguments.push_back(option + values.get<std::string>());
    return;
  }
  for (const core::Json& value : values) arguments.push_back(option + value.get<std::string>());
}

std::vector<std::string> arguments_of(const store::Job& job, const JobType& type,
                                      const JobStep& step) {
  std::vector<std::string> arguments = core::split(step.command, ' ');
  arguments.insert(arguments.end(), step.arguments.begin(), step.arguments.end());
  for (const JobParameter& parameter : type.parameters) {
    const auto given = job.parameters.find(std::string(parameter.name));
    const bool is_for_step = std::find(parameter.steps.begin(), parameter.steps.end(), step.name) !=
                             parameter.steps.end();
    if (is_for_step && given != job.parameters.end()) add_option(parameter, *given, arguments);
  }
  return arguments;
}

/// Tables, by their name; what is still being written has another name until it is whole.
bool is_table(const fs::path& path) {
  static constexpr std::array<std::string_view, 5> kEndings = {".csv", ".tsv", ".json", ".jsonl",
                                                               ".ndjson"};
  std::string name = core::to_lower(path.filename().string());
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  }
  return !name.starts_with('.') &&
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

/// Whether an import has noted the content of this file, in memory that does not depend on its
/// size.
bool is_known(store::Session& session, const std::string& brand_id, const fs::path& file) {
  core::Sha256 hash;
  try {
    const core::Input input = core::with_hash(core::open_input(file.string()), hash);
    input.stream->ignore(std::numeric_limits<std::streamsize>::max());
  } catch (const core::InvalidInput&) {
    return false;  // its import tells what is wrong with it, and the other files go on
  } catch (const std::ios_base::failure&) {
    return false;  // likewise: compressed, and cut off
  }
  return store::is_imported(session, brand_id, "performance", hash.hex());
}

std::vector<fs::path> new_files(store::Session& session, const store::Job& job,
                                const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file() && is_table(entry.path())) files.push_back(entry.path());
  }
  if (error) throw core::InvalidInput("cannot read the folder " + folder + ": " + error.message());
  std::sort(files.begin(), files.end());
  std::erase_if(files, [&](const fs::path& file) { return is_known(session, job.brand_id, file); });
  return files;
}

}  // namespace

std::vector<StepPlan> plan_steps(store::Session& session, const store::Job& job,
                                 const JobType& type) {
  std::vector<StepPlan> plan;
  for (const JobStep& step : type.steps) {
    const std::vector<std::string> arguments = arguments_of(job, type, step);
    if (step.each_file_of.empty()) {
      plan.push_back({.step = &step, .name = std::string(step.name), .arguments = arguments});
      continue;
    }
    const auto folder = job.parameters.at(std::string(step.each_file_of)).get<std::string>();
    for (const fs::path& file : new_files(session, job, folder)) {
      StepPlan& planned =
          plan.emplace_back(StepPlan{.step = &step, .name = {}, .arguments = arguments});
      planned.name = std::string(step.name) + " " + file.filename().string();
      planned.arguments.push_back(file.string());
    }
  }
  return plan;
}

}  // namespace adgenome::app
