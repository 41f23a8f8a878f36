#include <adgenome/app/weights.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

constexpr const char* kNameOfSet = "a weight set's id, as weights history lists them";

cli::Output table_of_scorers(core::Json document) {
  return {
      .document = std::move(document),
      .list = "scorers",
      .columns = {"scorer", "phase", "observations", "posterior_mean", "credible_interval",
                  "effect", "effect_interval", "static_weight", "effective_weight", "limited_by"}};
}

cli::Command show() {
  const auto id = std::make_shared<std::optional<std::string>>();
  cli::Command command("show", "the weights in use, with phases and intervals");
  command.schema = "weight_set/v1";
  command.details =
      "Shows the champion, which selections use; where there is none, the set that was learned "
      "last.";
  command.positional("ID", *id, kNameOfSet);
  command.examples = {{"adgenome weights show", "what was learned of each scorer"},
                      {"adgenome weights show --format json | jq .status", "is it in use"}};
  command.run = [id](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return table_of_scorers(app::show_weights(session, brand_of(context, session), *id));
  };
  return command;
}

cli::Command history() {
  const auto method = std::make_shared<std::optional<std::string>>();
  cli::Command command("history", "the path of each weight");
  command.schema = "weight_history/v1";
  command.details =
      "Every update of learn-weights adds a set; the plot shows one column a set, from a weight of "
      "0 to one of 2.";
  command.value("--method", *method, "NAME", "the learner whose sets are shown")
      .choice({"linear", "beta"})
      .shown_default("linear; beta under classic rules");
  command.examples = {{"adgenome weights history --format table", "a small plot for each scorer"},
                      {"adgenome weights history | jq '.sets[-1]'", "the set that was added last"}};
  command.run = [method](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const bool is_classic = context.rules() == cli::Rules::kClassic;
    return {.document = app::weight_history_of(session, brand_of(context, session),
                                               method->value_or(is_classic ? "beta" : "linear")),
            .list = "scorers",
            .columns = {"scorer", "static_weight", "first", "last", "plot"}};
  };
  return command;
}

cli::Command check() {
  cli::Command command("check", "whether the champion still seems better than what it replaced");
  command.schema = "weight_check/v1";
  command.details =
      "Compares the champion with what it replaced, by all that was learned since and over the "
      "pools of the last 12 weeks. A probability of 0.9 that it is the worse one proposes a "
      "rollback; nothing is changed.";
  command.examples = {
      {"adgenome weights check", "is it time to go back"},
      {"adgenome weights check | jq -e '.proposal == null'", "fails where a rollback is proposed"}};
  command.run = [](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    core::Json document = app::check_weights(session, brand_of(context, session), context.now());
    if (document["proposal"] == "rollback") {
      context.warn("the champion seems worse than what it replaced: adgenome weights rollback");
    }
    return {.document = std::move(document)};
  };
  return command;
}

cli::Command promote() {
  const auto id = std::make_shared<std::optional<std::string>>();
  cli::Command command("promote", "make a set the champion, which selections use");
  command.schema = "weight_change/v1";
  command.writes = true;
  command.details =
      "For 8 weeks one selection in five stays on the former champion, so that the two can be "
      "compared.";
  command.positional("ID", *id, std::string(kNameOfSet) + "; without, the newest challenger");
  command.examples = {{"adgenome weights promote", "use what was learned last"},
                      {"adgenome weights promote --dry-run", "what that would replace"}};
  command.run = [id](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::promote_weights(session, brand_of(context, session), *id,
                                             context.now(), context.is_dry_run())};
  };
  return command;
}

cli::Command rollback() {
  cli::Command command("rollback", "give the champion's place back to what it replaced");
  command.schema = "weight_change/v1";
  command.writes = true;
  command.details =
      "Where it replaced no learned set, its parent follows it, which it was learned on from; "
      "where "
      "it has none, selections use the preset's own weights.";
  command.examples = {{"adgenome weights rollback", "undo the last promotion"},
                      {"adgenome weights rollback --dry-run", "what would be in use then"}};
  command.run = [](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::rollback_weights(session, brand_of(context, session), context.now(),
                                              context.is_dry_run())};
  };
  return command;
}

}  // namespace

cli::Command weights() {
  cli::Command command("weights", "the registry of learned weights");
  command.examples = {{"adgenome weights show", "the weights in use"},
                      {"adgenome weights history --format table", "how they came about"}};
  command.children = {show(), history(), check(), promote(), rollback()};
  return command;
}

}  // namespace adgenome::commands
