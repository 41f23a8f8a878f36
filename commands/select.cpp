#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <algorithm>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct SelectArguments {
  app::SelectOptions options;
  std::optional<std::string> candidates;
  std::optional<std::string> input;
  std::optional<std::string> context;
  std::optional<std::string> product;
  std::optional<std::string> persona;
  AsOfOption as_of;
  bool records = false;

  const std::optional<std::string>& source() const { return candidates ? candidates : input; }
};

/// What the command line alone shows to be wrong.
void check(const SelectArguments& given) {
  given.as_of.need_store(given.source().has_value());
  if (given.as_of.text && given.records) {
    throw core::UsageError("--as-of writes nothing, and --record would");
  }
  if (given.candidates && given.input) {
    throw core::UsageError("--input is another name of --candidates: give one of them");
  }
  if (given.options.category && given.options.prefer_category) {
    throw core::UsageError("--category keeps only its templates, --prefer-category scores them",
                           "give one of them");
  }
  if (given.source() && given.options.weights == "learned") {
    throw core::UsageError("--weights learned needs the store, not --candidates",
                           "name a file that learn-weights wrote");
  }
  if (given.source() && (given.product || given.persona || given.records)) {
    throw core::UsageError("--product, --persona and --record need the store, not --candidates",
                           "what is selected for stands in --context");
  }
  if (!given.source() && given.context) {
    throw core::UsageError("--context needs --candidates",
                           "with the store, name a --product and a --persona");
  }
  if (!given.source() && !given.product) {
    throw core::UsageError("nothing to select for", "name a --product, or give --candidates");
  }
  if (given.records && given.options.lists_all) {
    throw core::UsageError("--all draws nothing that --record could record");
  }
  const std::vector<std::optional<std::string>> files{given.source(), given.context,
                                                      given.options.preset, given.options.weights};
  if (std::count(files.begin(), files.end(), std::optional<std::string>("-")) > 1) {
    throw core::UsageError("standard input can be read once only");
  }
}

core::Json run(const SelectArguments& given, app::SelectOptions& options, cli::Context& context) {
  if (given.source()) return app::select_from_files(*given.source(), given.context, options);
  store::Session session = open_store(context);
  const store::Brand brand = given.as_of.brand(context, session);
  options.is_classic = rules_of(context, brand) == cli::Rules::kClassic;
  auto [document, pool] =
      app::select_from_store(session, brand, *given.product, given.persona, options);
  if (!given.records || document["empty"] == true) return document;
  if (context.is_dry_run()) {
    context.info("would record selection " + options.selection_id);
  } else {
    app::record_selection(session, brand.id, given.persona.value_or(""), document, pool);
  }
  return document;
}

}  // namespace

cli::Command select() {
  auto given = std::make_shared<SelectArguments>();
  app::SelectOptions& options = given->options;
  cli::Command command("select", "pick templates by weighted scoring");
  command.schema = "selection/v1";
  command.writes = true;
  command.details =
      "Every candidate that passes the asset gate is scored by the scorers of the preset; the "
      "weighted mean becomes a probability, and templates are drawn without replacement. Each "
      "template carries the probability that it had, so that what is learned later is learned "
      "honestly.\n\n"
      "With --product the candidates are the store's active templates. "
      "With --candidates no store is opened: candidates are JSONL or one list, the context is "
      "one object.";
  command.value("--product", given->product, "ID", "the product to select for");
  command.value("--persona", given->persona, "ID", "the audience to select for");
  command.flag("--record", given->records,
               "record the selection, so that weights can be learned from it");
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
  command
      .value("--weights", options.weights, "learned|static|FILE",
             "the brand's champion, the preset's own weights, or a file that takes their place")
      .shown_default("learned where the brand has a champion, else static");
  command.value("--max-similarity", options.max_similarity, "X",
                "pass templates over whose style is more like one drawn already: cosine", -1, 1);
  command.value("--scorer-timeout", options.scorer_timeout_s, "SECONDS",
                "how long a scorer that is a program may take", 1, 86'400);
  command.value("--count", options.count, "N", "how many templates", 1, 1'000'000'000);
  command.flag("--all", options.lists_all, "list every candidate's scores, draw nothing");
  command.flag("--explain", options.explains, "say of each template why");
  given->as_of.add_to(command);
  command.examples = {
      {"adgenome select --product serum --persona new-mothers --record",
       "three templates from the store, recorded"},
      {"adgenome select --candidates pool.jsonl --context product.json --count 5",
       "five templates from a file, no store needed"},
      {"adgenome select --candidates pool.jsonl --context product.json --all --format table",
       "what every candidate scores"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    check(*given);
    app::SelectOptions wanted = given->options;
    wanted.is_classic = context.rules() == cli::Rules::kClassic;
    wanted.keeps_pool = given->records;
    wanted.now = given->as_of.now(context);
    wanted.known_at = store::KnownAt(given->as_of.time());
    wanted.seed = context.seed();
    wanted.selection_id = context.ids().next();
    core::Json document = run(*given, wanted, context);
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
