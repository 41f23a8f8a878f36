#include <adgenome/app/preset_check.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct CheckArguments {
  app::PresetCheckOptions options;
  std::optional<std::string> junit;
};

core::Json check(const CheckArguments& given, cli::Context& context) {
  app::PresetCheckOptions options = given.options;
  options.now = context.now();
  options.seed = context.seed();
  if (options.product && options.candidates) {
    throw core::UsageError("--product needs the store, not --candidates",
                           "what is selected for stands in --context");
  }
  if (options.context && !options.candidates) {
    throw core::UsageError("--context needs --candidates");
  }
  const bool in_store = context.options().brand.has_value() || options.product.has_value();
  if (options.candidates || !in_store) return app::check_presets(options);
  store::Session session = open_store(context);
  return app::check_presets_in_store(session, brand_of(context, session), options);
}

void tell(const core::Json& document, cli::Context& context) {
  for (const core::Json& warning : document.at("warnings")) {
    context.warn(warning.get<std::string>());
  }
  for (const core::Json& preset : document.at("presets")) {
    for (const core::Json& failure : preset.at("failures")) {
      const core::Json& where = failure.at("where");
      const core::Json& product = failure.at("product_id");
      context.warn((where.is_string() ? where : preset.at("source")).get<std::string>() + ": " +
                   failure.at("message").get<std::string>() +
                   (product.is_string() ? " (product " + product.get<std::string>() + ")" : ""));
    }
  }
}

cli::Command list_command() {
  cli::Command command("list", "list the built-in presets");
  command.schema = "presets/v1";
  command.examples = {
      {"adgenome preset list", "their weights, temperature and floor"},
      {"adgenome preset list --format json | jq -r '.items[].name'", "the names alone"}};
  command.run = [](cli::Context&) -> cli::Output {
    return {.document = app::list_presets(),
            .list = "items",
            .columns = {"name", "temperature", "explore_floor", "explore", "max_similarity"}};
  };
  return command;
}

cli::Command show_command() {
  auto name = std::make_shared<std::string>();
  cli::Command command("show", "print a preset with every default written out");
  command.schema = "preset/v1";
  command.positional("NAME|FILE", *name, "a built-in preset, or a file").required();
  command.examples = {
      {"adgenome preset show smart_select > mine.json", "begin a preset of your own"},
      {"adgenome preset show mine.json", "what a file means"}};
  command.run = [name](cli::Context&) -> cli::Output {
    return {.document = app::show_preset(*name)};
  };
  return command;
}

cli::Command check_command() {
  auto given = std::make_shared<CheckArguments>();
  app::PresetCheckOptions& options = given->options;
  cli::Command command("check", "check presets, and what they do with real candidates");
  command.schema = "preset_check/v1";
  command.details =
      "A file must be a preset: known members and scorers, weights that are finite, not negative "
      "and not all 0. With --candidates, or with --brand or --product on the store's templates, it "
      "is then drawn from: how many candidates survive the gate, how many templates are effective, "
      "the largest share, how many of them are drawn at all, and how far all that is from a "
      "baseline. What the preset's `expect` names becomes an assertion.\n\n"
      "Everything that is wrong is named at once, and the exit code is 7: for CI jobs.";
  command.positional("FILE", options.presets, "preset files, or names of built-in presets")
      .required();
  command.value("--candidates", options.candidates, "FILE|-", "candidates, one a line");
  command.value("--context", options.context, "FILE",
                "what is selected for: asset tags, category, audience");
  command.value("--product", options.product, "ID",
                "a product of the store's brand; without it each of them");
  command.value("--baseline", options.baseline, "NAME|FILE", "the preset to compare with");
  command.value("--draws", options.draws, "N", "how many draws are made", 1, 100'000'000);
  command.value("--scorer-timeout", options.scorer_timeout_s, "SECONDS",
                "how long a scorer that is a program may take", 1, 86'400);
  command.value("--junit", given->junit, "FILE", "write the outcome as JUnit XML as well");
  command.examples = {
      {"adgenome preset check presets/*.json", "are they presets at all?"},
      {"adgenome preset check presets/*.json --candidates templates.jsonl --junit presets.xml",
       "a CI job: exit 7 where a preset or one of its expectations fails"},
      {"adgenome preset check mine.json --brand tarnwell --baseline smart_select",
       "on the templates of a brand, for each of its products"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    core::Json document = check(*given, context);
    if (given->junit) core::write_file(*given->junit, app::junit_report(document));
    tell(document, context);
    const bool passed = document.at("passed") == true;
    return {.document = std::move(document),
            .list = "presets",
            .columns = {"preset", "source", "passed"},
            .text = {},
            .exit_code = passed ? 0 : static_cast<int>(core::ExitCode::kCheckFailed)};
  };
  return command;
}

}  // namespace

cli::Command preset() {
  cli::Command command("preset", "scoring presets, and the check that CI jobs run");
  command.examples = {{"adgenome preset list", "the built-in presets"},
                      {"adgenome preset check mine.json", "is the file a preset?"}};
  command.children = {list_command(), show_command(), check_command()};
  return command;
}

}  // namespace adgenome::commands
