#include <adgenome/app/records.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "record_commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

constexpr RecordKind kKinds[] = {
    {"catalog", "brands, products, templates, hooks and what else ads are made of",
     "Each record names its type: organization, brand, account, product, offer_variant, persona, "
     "brand_asset, template, template_evaluation, product_image, hook, angle, plan, "
     "competitor_ad. Records that are referred to come first.",
     "catalog.jsonl", true},
    {"ads", "ads that were made elsewhere, with their tags and pictures",
     "Fields: id, brand_id; name, product_id, template_id, tags, image, status, imported, "
     "created_at. An ad counts as a use of its template and of every pair of its tags at "
     "created_at, once.",
     "ads.jsonl", true},
    {"mapping", "which ad a platform's ad is",
     "Fields: ad_id, platform, platform_ad_id. A mapping counts before the short id in a name.",
     "mapping.jsonl", false},
    {"deals", "what a CRM says of deals, event by event",
     "Fields: event_id, deal_id, stage, at; ad_id, click_id, contact_id, amount, currency, "
     "account_id. Events may come in any order and more than once. An amount without a currency "
     "is in that of the account, else of the brand.",
     "deals.jsonl", false},
    {"clicks", "clicks on ads, by which deals are led back to them",
     "Fields: click_id, at, ad_id or platform_ad_id; contact_id.", "clicks.jsonl", false},
    {"overrides", "what people decided on ads",
     "Fields: ad_id, action (approve, reject, confirm), at, by; checks, reason. All of them are "
     "kept, the newest of an ad counts; confirm takes over the machine's verdict.",
     "overrides.jsonl", false},
    {"embeddings", "vectors of ads and templates that a model made elsewhere",
     "Fields: kind (ad, template), id, model, vector. The vectors of a model have one length.",
     "embeddings.jsonl", false}};

struct Options {
  std::string file;
  RowOptions rows;
  std::string extra = "reject";
};

app::Extra extra_of(const std::string& text) {
  if (text == "keep") return app::Extra::kKeep;
  return text == "drop" ? app::Extra::kDrop : app::Extra::kReject;
}

cli::Command import_kind(const RecordKind& kind) {
  auto options = std::make_shared<Options>();
  const std::string name(kind.name);
  const std::string file(kind.example);
  cli::Command command(name, "import " + std::string(kind.what));
  command.schema = "import/v1";
  command.writes = true;
  command.details = std::string(kind.details) + "\n\nJSONL or one JSON array, as adgenome export " +
                    name +
                    " writes it. A record whose key is there already is updated: what it does not "
                    "name stays, null takes away.";
  command.positional("FILE", options->file,
                     "the file, or - for standard input; .gz and .zst as they are");
  command.value("--extra", options->extra, "WHAT", "what becomes of fields that are not known")
      .choice({"reject", "drop", "keep"});
  options->rows.add_to(command);
  command.examples = {
      {"adgenome import " + name + " " + file, "add or update them"},
      {"jq -c .[] export.json | adgenome import " + name + " - --strict", "all of it or nothing"}};
  command.run = [options, &kind](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    std::optional<std::string> brand_id;
    if (!kind.names_its_brand || context.options().brand) brand_id = brand_of(context, session).id;
    core::Rejects rejects = options->rows.collector();
    core::Json document = app::import_records(session, core::open_input(options->file), rejects,
                                              {.kind = std::string(kind.name),
                                               .brand_id = brand_id,
                                               .extra = extra_of(options->extra),
                                               .by = "import",
                                               .now = context.now(),
                                               .is_dry_run = context.is_dry_run()});
    options->rows.show(rejects, context);
    for (const core::Json& warning : document["warnings"]) context.warn(warning.get<std::string>());
    return {.document = std::move(document)};
  };
  return command;
}

}  // namespace

std::span<const RecordKind> record_kinds() {
  return kKinds;
}

std::vector<cli::Command> import_record_commands() {
  std::vector<cli::Command> commands;
  for (const RecordKind& kind : kKinds) commands.push_back(import_kind(kind));
  return commands;
}

}  // namespace adgenome::commands
