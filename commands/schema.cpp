#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <memory>

#include "commands.hpp"

namespace adgenome::commands {
namespace {

constexpr std::string_view kSuffix = ".schema.json";

std::string contract_name(const core::EmbeddedFile& file) {
  return std::string(file.name.substr(0, file.name.size() - kSuffix.size()));
}

}  // namespace

cli::Command schema() {
  auto name = std::make_shared<std::optional<std::string>>();
  cli::Command command("schema", "list the JSON Schemas of inputs and outputs, or print one");
  command.schema = "schemas/v1";
  command.positional("NAME", *name, "the contract to print, as in selection");
  command.examples = {
      {"adgenome schema", "which contracts there are"},
      {"adgenome schema selection > selection.schema.json", "one of them, to check against"}};
  command.run = [name](cli::Context&) -> cli::Output {
    std::vector<std::string> names;
    core::Json items = core::Json::array();
    for (const core::EmbeddedFile& file : json_schemas) {
      names.push_back(contract_name(file));
      const core::Json document = core::parse_json(file.bytes, std::string(file.name));
      if (name->has_value() && **name == names.back()) {
        return {.document = {}, .list = "", .columns = {}, .text = std::string(file.bytes)};
      }
      items.push_back({{"name", names.back()},
                       {"id", "adgenome/" + names.back() + "/v1"},
                       {"title", document.at("title")}});
    }
    if (name->has_value()) {
      const auto near = core::nearest(**name, names);
      throw core::InvalidInput("no schema \"" + **name + "\"",
                               near ? "did you mean " + *near + "?" : "adgenome schema lists them");
    }
    return {.document = {{"items", std::move(items)}}, .list = "items"};
  };
  return command;
}

}  // namespace adgenome::commands
