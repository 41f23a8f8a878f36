#include "arm_config.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/layout.hpp>
#include <algorithm>
#include <functional>
#include <map>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

constexpr std::int64_t kMostRetries = 10;

/// One value of a config and where it stands.
struct Entry {
  const Json& value;
  std::string where;

  [[noreturn]] void fail(const std::string& message, const std::string& hint = "") const {
    throw InvalidInput(message, hint, where);
  }

  std::string text() const {
    if (!value.is_string() || value.get<std::string>().empty()) fail("expected a text");
    return value.get<std::string>();
  }

  std::string one_of(const std::vector<std::string>& known) const {
    const std::string name = text();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = core::nearest(name, known);
      fail("\"" + name + "\" is not known",
           near ? "did you mean " + *near + "?" : "known are " + core::join(known, ", "));
    }
    return name;
  }

  std::vector<std::string> some_of(const std::vector<std::string>& known) const {
    if (!value.is_array() || value.empty()) fail("expected a list of at least one name");
    std::vector<std::string> names;
    std::size_t position = 0;
    for (const Json& each : value) {
      const std::string name = Entry{each, where + "/" + std::to_string(position++)}.one_of(known);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
  }

  double share() const {
    if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1)
      fail("expected a number from 0 to 1");
    return value.get<double>();
  }

  std::int64_t whole(std::int64_t least, std::int64_t most) const {
    if (!value.is_number_integer() || value.get<std::int64_t>() < least ||
        value.get<std::int64_t>() > most) {
      fail("expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return value.get<std::int64_t>();
  }
};

using Read = std::function<void(const Entry&, ArmConfig&)>;

const std::map<std::string, Read>& readers() {
  static const std::map<std::string, Read> all = {
      {"prompt_version",
       [](const Entry& entry, ArmConfig& config) { config.prompt_version = entry.text(); }},
      {"provider",
       [](const Entry& entry, ArmConfig& config) {
         config.provider = entry.one_of({"local", "gemini", "openai", "none"});
       }},
      {"content_source",
       [](const Entry& entry, ArmConfig& config) {
         // A plan is named with the work, which an arm does not know.
         config.content_source = entry.one_of({"hooks", "recreate", "belief", "angles"});
       }},
      {"layouts",
       [](const Entry& entry, ArmConfig& config) {
         config.layouts = entry.some_of(creative::layout_names());
       }},
      {"color_modes",
       [](const Entry& entry, ArmConfig& config) {
         const auto modes = creative::color_modes();
         config.color_modes = entry.some_of({modes.begin(), modes.end()});
       }},
      {"elements",
       [](const Entry& entry, ArmConfig& config) {
         config.elements = entry.one_of({"sample", "best", "given"});
       }},
      {"congruence_threshold",
       [](const Entry& entry, ArmConfig& config) { config.congruence_threshold = entry.share(); }},
      {"quality_config",
       [](const Entry& entry, ArmConfig& config) {
         const Json& value = entry.value;
         if (!value.is_object() && !value.is_string() && !value.is_number_integer()) {
           entry.fail("expected a version, its name or an object of numbers",
                      "adgenome calibrate list shows versions");
         }
         config.quality_config = value;
       }},
      {"retry",
       [](const Entry& entry, ArmConfig& config) { config.retry = entry.whole(0, kMostRetries); }}};
  return all;
}

}  // namespace

ArmConfig parse_arm_config(const Json& document, const std::string& where) {
  if (!document.is_object()) throw InvalidInput("expected a JSON object", "", where);
  ArmConfig config;
  for (const auto& [key, value] : document.items()) {
    const Entry entry{value, where + "/" + key};
    const auto reader = readers().find(key);
    if (reader == readers().end()) {
      std::vector<std::string> known;
      for (const auto& [name, read] : readers()) known.push_back(name);
      const auto near = core::nearest(key, known);
      entry.fail(
          "a config has no \"" + key + "\"",
          near ? "did you mean " + *near + "?" : "a config may hold " + core::join(known, ", "));
    }
    reader->second(entry, config);
  }
  return config;
}

void lay_over(const ArmConfig& config, const GenerateRequest& asked, GenerateRequest& request) {
  request.prompt_version = config.prompt_version.value_or(asked.prompt_version);
  request.provider = config.provider.value_or(asked.provider);
  request.source = config.content_source.value_or(asked.source);
  request.layouts = config.layouts.empty() ? asked.layouts : config.layouts;
  request.colors = config.color_modes.empty() ? asked.colors : config.color_modes;
  request.elements = config.elements.value_or(asked.elements);
}

}  // namespace adgenome::app
