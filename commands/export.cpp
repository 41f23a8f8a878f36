#include <adgenome/app/records.hpp>
#include <memory>

#include "commands.hpp"
#include "record_commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

cli::Command export_kind(const RecordKind& kind) {
  const std::string name(kind.name);
  cli::Command command(name, "export " + std::string(kind.what));
  command.schema = "records/v1";
  command.default_format = "jsonl";
  command.details =
      "In the shape that adgenome import " + name +
      " takes, in order of their keys; into an empty store, and exported again, they are the same "
      "bytes. One record a line as it is read, unless --format says otherwise.";
  command.details += kind.names_its_brand ? " Without --brand those of every brand." : "";
  command.examples = {
      {"adgenome export " + name + " > " + std::string(kind.example), "keep them in a file"},
      {"adgenome export " + name + " | adgenome import " + name + " - --store other.db",
       "take them to another store"}};
  command.run = [&kind](cli::Context& context) -> cli::Output {
    auto session = std::make_shared<store::Session>(open_store(context));
    std::optional<std::string> brand_id;
    if (!kind.names_its_brand || context.options().brand) brand_id = brand_of(context, *session).id;
    return {.document = {{"kind", kind.name},
                         {"brand_id", brand_id ? core::Json(*brand_id) : core::Json()}},
            .list = "items",
            .columns = app::export_columns(std::string(kind.name)),
            .items = [session, &kind, brand_id](const auto& write) {
              app::export_records(*session, std::string(kind.name), brand_id, write);
            }};
  };
  return command;
}

}  // namespace

cli::Command export_records() {
  cli::Command command("export", "give out what the store holds in the shape that import takes");
  command.examples = {{"adgenome export catalog > catalog.jsonl", "the whole catalogue"},
                      {"adgenome export ads --brand demo-brand --format csv > ads.csv",
                       "a table of the ads of a brand"}};
  for (const RecordKind& kind : record_kinds()) command.children.push_back(export_kind(kind));
  return command;
}

}  // namespace adgenome::commands
