#include <adgenome/app/performance.hpp>
#include <adgenome/app/records.hpp>
#include <adgenome/store/known_at.hpp>
#include <memory>

#include "as_of_option.hpp"
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

cli::Command export_performance() {
  auto as_of = std::make_shared<std::optional<std::string>>();
  cli::Command command("performance", "export what ads delivered and earned");
  command.schema = "records/v1";
  command.default_format = "jsonl";
  command.details =
      "The newest values of each period, ordered by platform, ad and day, in the shape that "
      "adgenome import performance takes; what is not known is left out. One record a line as it "
      "is read, unless --format says otherwise.";
  command.value("--as-of", *as_of, "TIME", "what was known at TIME instead");
  command.examples = {
      {"adgenome export performance --brand demo-brand > performance.jsonl", "keep it in a file"},
      {"adgenome export performance --as-of 2026-11-01 --format csv > october.csv",
       "as it was known then, as a table"}};
  command.run = [as_of](cli::Context& context) -> cli::Output {
    const auto time = AsOfOption{.text = *as_of}.time();
    auto session = std::make_shared<store::Session>(open_store(context));
    const std::string brand_id = brand_of(context, *session).id;
    return {.document = {{"kind", "performance"}, {"brand_id", brand_id}},
            .list = "items",
            .columns = {"platform",      "platform_ad_id",   "date_start",
                        "date_stop",     "currency",         "impressions",
                        "spend",         "account_id",       "campaign_id",
                        "campaign_name", "objective",        "adset_id",
                        "adset_name",    "ad_name",          "reach",
                        "frequency",     "clicks",           "link_clicks",
                        "conversions",   "conversion_value", "attribution_window"},
            .items = [session, brand_id, time](const auto& write) {
              app::export_performance(*session, brand_id, time.value_or(store::kNewest), write);
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
  command.children.insert(command.children.begin() + 1, export_performance());
  return command;
}

}  // namespace adgenome::commands
