#include "step_result.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::size_t kWarnings = 10;
constexpr std::size_t kLongestList = 20;
constexpr std::size_t kLongestMember = 4000;

std::string name_of(int exit_code) {
  switch (static_cast<core::ExitCode>(exit_code)) {
    case core::ExitCode::kUsage:
      return "usage";
    case core::ExitCode::kInvalidInput:
      return "invalid_input";
    case core::ExitCode::kNothingMade:
      return "nothing_made";
    case core::ExitCode::kStore:
      return "store";
    case core::ExitCode::kProvider:
      return "provider";
    case core::ExitCode::kCheckFailed:
      return "check_failed";
    default:
      return exit_code > 128 ? "killed" : "internal";
  }
}

/// A line of standard error: JSON as the log is written, or whatever a library has to say.
Json read_line(const std::string& line) {
  try {
    Json record = core::parse_json(line, "standard error");
    if (record.is_object()) return record;
  } catch (const core::InvalidInput& no_json) {
    return {{"message", line}};
  }
  return {{"message", line}};
}

const Json* text_member(const Json& document, const char* name) {
  if (!document.is_object()) return nullptr;
  const auto found = document.find(name);
  return found != document.end() && found->is_string() ? &*found : nullptr;
}

}  // namespace

StepResult read_result(const JobStep& step, int exit_code, const std::string& output,
                       const std::string& errors) {
  StepResult result;
  try {
    result.document = core::parse_json(output, "standard output");
  } catch (const core::InvalidInput& no_document) {
    if (exit_code == 0)
      result.warnings.push_back(std::string("no document: ") + no_document.what());
  }
  Json told;
  for (const std::string& line : core::split(errors, '\n')) {
    if (line.empty()) continue;
    Json record = read_line(line);
    if (record.contains("code")) {
      told = std::move(record);
    } else if (const Json* message = text_member(record, "message")) {
      result.warnings.push_back(*message);
    }
  }
  while (result.warnings.size() > kWarnings) result.warnings.erase(result.warnings.begin());
  if (exit_code == 0) return result;

  const bool made_nothing = exit_code == static_cast<int>(core::ExitCode::kNothingMade);
  const bool is_named = made_nothing && !step.nothing_made.empty();
  std::string reason = "exit code " + std::to_string(exit_code);
  if (!result.warnings.empty()) reason = result.warnings.back().get<std::string>();
  if (const Json* given = text_member(result.document, "reason")) reason = *given;
  if (const Json* given = text_member(told, "message")) reason = *given;
  if (exit_code > 128) reason = "ended by signal " + std::to_string(exit_code - 128);
  result.error = {{"error", is_named ? std::string(step.nothing_made) : name_of(exit_code)},
                  {"reason", reason},
                  {"hint", nullptr}};
  if (is_named) {
    result.error["hint"] = std::string(step.nothing_made_hint);
  } else if (const Json* hint = text_member(told, "hint")) {
    result.error["hint"] = *hint;
  }
  // What another time may cure: a store that was locked, a provider that was out, a kill.
  result.may_be_retried = exit_code == static_cast<int>(core::ExitCode::kStore) ||
                          exit_code == static_cast<int>(core::ExitCode::kProvider) ||
                          exit_code > 128;
  return result;
}

Json summary_of(const Json& document) {
  if (!document.is_object()) return nullptr;
  Json summary = Json::object();
  for (const auto& [name, value] : document.items()) {
    if (name == "schema") continue;
    const bool is_list_of_records =
        value.is_array() && (value.size() > kLongestList ||
                             std::any_of(value.begin(), value.end(),
                                         [](const Json& entry) { return entry.is_structured(); }));
    if (is_list_of_records) continue;
    if (value.is_structured() && core::dump(value).size() > kLongestMember) continue;
    summary[name] = value;
  }
  return summary;
}

}  // namespace adgenome::app
