#include <adgenome/app/import.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "record_commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct ImportOptions {
  std::string file;
  RowOptions rows;
  std::optional<std::string> source;
  std::optional<std::string> dates;
  std::optional<std::string> decimal;
  std::optional<std::string> extra;
  std::optional<std::string> column_names;
  std::vector<std::string> columns;
  std::vector<std::string> constants;
  std::vector<std::string> tags;
  bool explain = false;
};

void add_common(cli::Command& command, ImportOptions& options) {
  command.writes = true;
  command.positional("FILE", options.file,
                     "the file, or - for standard input; .gz and .zst as they are");
  options.rows.add_to(command);
}

ingest::PerformanceOptions performance_options(const ImportOptions& options) {
  ingest::PerformanceOptions made;
  made.source = options.source;
  for (const std::string& text : options.columns) {
    const auto [field, column] = cli::name_and_value(text, "option --map");
    made.columns[field] = column;
  }
  for (const std::string& text : options.constants) {
    const auto [field, value] = cli::name_and_value(text, "option --set");
    made.constants[field] = value;
  }
  made.tag_columns = options.tags;
  if (options.dates == "dmy") made.date_order = ingest::DateOrder::kDayMonthYear;
  if (options.dates == "mdy") made.date_order = ingest::DateOrder::kMonthDayYear;
  if (options.dates == "ymd") made.date_order = ingest::DateOrder::kYearMonthDay;
  if (options.decimal) made.comma_is_decimal = options.decimal == "comma";
  made.column_names = options.column_names;
  if (options.extra == "keep") {
    throw core::UsageError("a row of performance has no place for other columns",
                           "take them as element tags of ads with --tags, or say drop or reject",
                           "option --extra");
  }
  if (options.extra)
    made.extra = options.extra == "drop" ? ingest::Extra::kDrop : ingest::Extra::kReject;
  return made;
}

core::Json text_or_null(const std::string& text) {
  return text.empty() ? core::Json() : core::Json(text);
}

core::Json described(const ingest::PerformanceExplanation& explanation) {
  core::Json mapping = core::Json::array();
  for (const auto& [field, column] : explanation.mapping)
    mapping.push_back({{"field", text_or_null(field)}, {"column", column}});
  constexpr const char* kOrders[] = {"dmy", "mdy", "ymd"};
  core::Json dates;
  if (explanation.date_order) dates = kOrders[static_cast<std::size_t>(*explanation.date_order)];
  core::Json decimal;
  if (explanation.comma_is_decimal) decimal = *explanation.comma_is_decimal ? "comma" : "point";
  core::Json document = {{"kind", "performance"},
                         {"source", explanation.source},
                         {"mapping", std::move(mapping)},
                         {"dates", std::move(dates)},
                         {"decimal", std::move(decimal)},
                         {"currency", text_or_null(explanation.currency.value_or(""))},
                         {"open_questions", explanation.open_questions}};
  if (explanation.header_line > 0) {
    document["header_line"] = explanation.header_line;
    document["delimiter"] = std::string(1, explanation.delimiter);
    document["language"] = text_or_null(explanation.language);
  }
  return document;
}

cli::Command import_performance() {
  auto options = std::make_shared<ImportOptions>();
  cli::Command command("performance", "import what a platform says its ads delivered and earned");
  command.schema = "import/v1";
  command.details =
      "Takes exports of Meta's Ads Manager, Google Ads and TikTok Ads (CSV), insights of Meta's "
      "Marketing API (JSON pages, lists or JSONL) and the plain shape of our own fields (CSV or "
      "JSON); the source is recognised from the header. Every value is kept with the time at which "
      "it was learned, the newest counts; the same file again changes nothing.\n"
      "Columns are known by their names in English, German, Spanish, French and Portuguese; "
      "--columns adds names from a file (adgenome schema columns), --map takes single columns. "
      "Dates and decimal signs are found out from whole columns; what can be read in two ways is "
      "refused until --dates says which.\n"
      "Platform ads are attributed by mapping, else by the eight hex digits of an ad's short id in "
      "their name. With --tags, ads that were made elsewhere are added, with these columns as "
      "element tags.\n"
      "rewards_to_revise counts rewards made while the objective of their campaign was unknown, "
      "where it is known now; those that late figures change are found by the next reward.";
  add_common(command, *options);
  command
      .value("--source", options->source, "NAME",
             "the kind of export, where it is not to be recognised")
      .choice({"meta", "google", "tiktok", "generic"});
  command.repeated("--map", options->columns, "FIELD=COLUMN", "take a field from this column");
  command.repeated("--set", options->constants, "FIELD=VALUE",
                   "give a field this value in every row");
  command.list("--tags", options->tags, "COLUMN,...",
               "make imported ads with these columns as tags");
  command
      .value("--dates", options->dates, "ORDER",
             "how dates are written, where the column does not show it")
      .choice({"dmy", "mdy", "ymd"});
  command
      .value("--decimal", options->decimal, "SIGN",
             "which sign stands before decimals, where no figure shows it")
      .choice({"point", "comma"});
  command.value("--columns", options->column_names, "FILE",
                "more names of columns, by source and language, as JSON");
  command
      .value("--extra", options->extra, "WHAT",
             "what becomes of columns and fields that are not known: by default, those of records "
             "are rejected and those of exports dropped")
      .choice({"keep", "drop", "reject"});
  command.flag("--explain", options->explain,
               "show what each column is taken for and import nothing");
  command.examples = {
      {"adgenome import performance ads-manager.csv", "an export of Meta's Ads Manager"},
      {"adgenome import performance insights.json --rejects bad.jsonl",
       "pages of the Marketing API, with bad rows kept"},
      {"adgenome import performance shop.csv --explain --set platform=generic --map spend=Cost",
       "see how a file would be read"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    const ingest::PerformanceOptions reading = performance_options(*options);
    if (options->explain) {
      return {.document =
                  described(ingest::explain_performance(core::open_input(options->file), reading)),
              .list = "mapping"};
    }
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    core::Rejects rejects = options->rows.collector();
    const auto progress = context.progress("rows", 0);
    core::Json document =
        app::import_performance(session, brand, options->file, rejects,
                                {.options = reading,
                                 .is_dry_run = context.is_dry_run(),
                                 .now = context.now(),
                                 .on_rows = [&](std::int64_t count) { progress->advance(count); }});
    options->rows.show(rejects, context);
    for (const core::Json& warning : document["warnings"]) context.warn(warning.get<std::string>());
    return {.document = std::move(document)};
  };
  return command;
}

}  // namespace

cli::Command import() {
  cli::Command command("import", "bring in a catalogue, performance, and what other programs know");
  command.details =
      "Batch imports take what is good: a bad row is counted, the first five are shown, and "
      "--rejects "
      "keeps them all. The exit code stays 0 unless --strict is given.";
  command.examples = {
      {"adgenome import catalog catalog.jsonl", "add or update a catalogue"},
      {"adgenome import performance ads-manager.csv", "an export of Meta's Ads Manager"}};
  command.children = import_record_commands();
  command.children.insert(command.children.begin() + 1, import_performance());
  return command;
}

}  // namespace adgenome::commands
