#include <adgenome/app/whitespace.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct Options {
  std::optional<std::string> input;
  bool triples = false;
  learning::WhitespaceOptions whitespace;
  AsOfOption as_of;
};

core::Json from_store(const cli::Context& context, const Options& options) {
  store::Session session = open_store(context);
  const store::Brand brand = options.as_of.brand(context, session);
  return app::whitespace_in_store(session, brand.id, options.whitespace,
                                  {.now = options.as_of.now(context),
                                   .rules = learning_rules(rules_of(context, brand)),
                                   .with_triples = options.triples,
                                   .is_dry_run = options.as_of.writes_nothing(context),
                                   .known_at = store::KnownAt(options.as_of.time())});
}

/// `whitespace dismiss` and `whitespace reopen`.
cli::Command decide(bool is_dismissed) {
  struct Arguments {
    std::string id;
    std::optional<std::string> reason;
  };
  auto arguments = std::make_shared<Arguments>();
  cli::Command command(is_dismissed ? "dismiss" : "reopen",
                       is_dismissed ? "say that a proposal is not to be tried"
                                    : "take back that a proposal was dismissed");
  command.schema = "whitespace_status/v1";
  command.writes = true;
  command.positional("ID", arguments->id, "id of the proposal, as whitespace lists it").required();
  if (is_dismissed) {
    command.details =
        "It keeps this status in every later run, and no prompt is told of it, until it is "
        "reopened.";
    command.value("--reason", arguments->reason, "TEXT", "why, for whoever looks later");
    command.examples = {{"adgenome whitespace dismiss 3f5a0c9b12d4e678 --reason \"off brand\"",
                         "not for this brand"},
                        {"adgenome whitespace --format json | jq -r '.candidates[-1].id' | xargs "
                         "adgenome whitespace dismiss",
                         "not the last of the list"}};
  } else {
    command.details = "It becomes identified again, or injected where it stood in a run's context.";
    command.examples = {
        {"adgenome whitespace reopen 3f5a0c9b12d4e678", "it may be tried after all"},
        {"adgenome whitespace --format json | jq -r '.candidates[] | select(.status == "
         "\"dismissed\").id' | xargs -n 1 adgenome whitespace reopen",
         "all that were dismissed"}};
  }
  command.run = [arguments, is_dismissed](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::decide_whitespace(session, brand_of(context, session).id,
                                               {.id = arguments->id,
                                                .is_dismissed = is_dismissed,
                                                .reason = arguments->reason,
                                                .now = context.now(),
                                                .is_dry_run = context.is_dry_run()})};
  };
  return command;
}

}  // namespace

cli::Command whitespace() {
  const auto options = std::make_shared<Options>();
  cli::Command command("whitespace", "pairs of elements that promise and were hardly tried");
  command.schema = "whitespace/v1";
  command.writes = true;
  command.details =
      "Pairs of tag values of two dimensions that both do better than one half, were used fewer "
      "than five times and are not in conflict, by their potential: the mean of the two, plus what "
      "they are known to gain together, plus up to 0.15 for being new. The 20 best are shown with "
      "a 95 % interval from the uncertainty of both means, and whether competitors crowd them.\n\n"
      "On the store the brand's element scores, interactions and uses are taken (robust rules "
      "count an interaction by the lower bound of its interval), and what is proposed is kept: its "
      "status survives every run. Standing in a run's prompt makes it injected, five uses make it "
      "tested, and its reward then stands against its potential. --input takes one JSON "
      "document instead, with elements (dimension, value, alpha, beta), interactions (a, b, "
      "effect, direction), usage (a, b, times_used) and competitors (a, b, times_seen), each of "
      "which may be absent; a pair may be given in either order, and a c makes it a triple.";
  command.value("--input", options->input, "FILE", "elements and pairs; - is standard input");
  command.flag("--triples", options->triples, "three elements instead of two");
  command.flag("--optimistic", options->whitespace.is_optimistic,
               "order by the upper bound of the interval: what might be best, not what is likely");
  options->as_of.add_to(command);
  command.children = {decide(true), decide(false)};
  command.examples = {
      {"adgenome whitespace --brand demo-brand", "what to try next"},
      {"adgenome whitespace --triples", "three elements that were never put together"},
      {"adgenome whitespace --input elements.json --optimistic --format json | jq '.candidates[0]'",
       "the pair that might be best of all"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    options->as_of.need_store(options->input.has_value());
    std::vector<std::string> columns = {"rank", "a.dimension", "a.value", "b.dimension", "b.value"};
    if (options->triples) columns.insert(columns.end(), {"c.dimension", "c.value"});
    columns.insert(columns.end(), {"potential", "usage", "competition", "status"});
    return {.document = options->input
                            ? app::whitespace_from_input(*options->input, context.options().brand,
                                                         options->triples, options->whitespace)
                            : from_store(context, *options),
            .list = "candidates",
            .columns = std::move(columns)};
  };
  return command;
}

}  // namespace adgenome::commands
