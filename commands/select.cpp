#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <algorithm>
#include <memory>

#include "commands.hpp"

namespace adgenome::commands {
namespace {

struct SelectArguments {
  app::SelectOptions options;
  std::optional<std::string> candidates;
  std::optional<std::string> input;
  std::optional<std::string> context;
};

/// What the command line alone shows to be wrong.
void check(const SelectArguments& given) {
  if (given.candidates && given.input) {
    throw core::UsageError("--input is another name of --candidates: give one of them");
  }
  if (given.options.category && given.options.prefer_category) {
    throw core::UsageError("--category keeps only its templates, --prefer-category scores them",
                           "give one of them");
  }
  if (given.options.weights == "learned") {
    throw core::UsageError("--weights learned is not supported yet",
                           "name a file that learn-weights wrote");
  }
  const std::vector<std::optional<std::string>> files{
      given.candidates ? given.candidates : given.input, given.context, given.options.preset,
      given.options.weights};
  if (std::count(files.begin(), files.end(), std::optional<std::string>("-")) > 1) {
    throw core::UsageError("standard input can be read once only");
  }
}

}  // namespace

cli::Command select() {
  auto given = std::make_shared<SelectArguments>();
  app::SelectOptions& options = given->options;
  cli::Command command("select", "pick templates by weighted scoring");
  command.schema = "selection/v1";
  command.details =
      "Every candidate that passes the asset gate is scored by the scorers of the preset; the "
      "weighted mean becomes a probability, and templates are drawn without replacement. Each "
      "template carries the probability that it had, so that what is learned later is learned "
      "honestly.\n\n"
      "With --candidates no store is opened: candidates are JSONL or one list, the context is "
      "one object.";
  command.value("--candidates", given->candidates, "FILE|-", "candidates, one a line");
  command.value("--input", given->input, "FILE|-", "another name of --candidates");
  command.value("--context", given->context, "FILE|-",
                "what is selected for: asset tags, category, audience");
  command.value("--category", options.category, "NAME", "only templates of this category");
  command.value("--prefer-category", options.prefer_category, "NAME",
                "score templates of this category higher");
  command.value("--strictness", options.strictness, "TIER", "how strict the asset gate is")
      .choice({"default", "growth", "premium"});
  command.value("--min-asset-score", options.min_asset_score, "X",
                "asset score that a template needs", 0, 1);
  command.value("--preset", options.preset, "NAME|FILE", "roll_the_dice, smart_select, or a file")
      .shown_default("smart_select");
  command.value("--weights", options.weights, "static|FILE",
                "the preset's own weights, or a file that takes their place");
  command.value("--count", options.count, "N", "how many templates", 1, 1'000'000'000);
  command.flag("--all", options.lists_all, "list every candidate's scores, draw nothing");
  command.flag("--explain", options.explains, "say of each template why");
  command.examples = {
      {"adgenome select --candidates pool.jsonl --context product.json --count 5",
       "five templates from a file, no store needed"},
      {"adgenome select --candidates pool.jsonl --context product.json --all --format table",
       "what every candidate scores"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    check(*given);
    app::SelectOptions wanted = given->options;
    wanted.is_classic = context.rules() == cli::Rules::kClassic;
    wanted.now = context.now();
    wanted.seed = context.seed();
    wanted.selection_id = context.ids().next();
    const auto& candidates = given->candidates ? given->candidates : given->input;
    if (!candidates) {
      throw core::UsageError("nothing to select from", "give --candidates FILE");
    }
    core::Json document = app::select_from_files(*candidates, given->context, wanted);
    for (const core::Json& warning : document["warnings"]) {
      context.warn(warning.get<std::string>());
    }
    if (document["reason"].is_string()) context.warn(document["reason"].get<std::string>());
    const bool made_nothing = document["empty"] == true && !wanted.lists_all;
    return {.document = std::move(document),
            .list = "templates",
            .columns = {"rank", "template_id", "composite", "propensity", "draw_probability"},
            .text = {},
            .exit_code = made_nothing ? static_cast<int>(core::ExitCode::kNothingMade) : 0};
  };
  return command;
}

}  // namespace adgenome::commands
