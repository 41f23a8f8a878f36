#include <adgenome/app/whitespace.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

core::Json from_store(const cli::Context& context, const learning::WhitespaceOptions& options,
                      const AsOfOption& as_of) {
  store::Session session = open_store(context);
  const store::Brand brand = as_of.brand(context, session);
  const bool is_classic = rules_of(context, brand) == cli::Rules::kClassic;
  return app::whitespace_in_store(session, brand.id, options,
                                  {.now = as_of.now(context),
                                   .rules = is_classic ? "classic" : "robust",
                                   .is_dry_run = as_of.writes_nothing(context),
                                   .known_at = store::KnownAt(as_of.time())});
}

}  // namespace

cli::Command whitespace() {
  struct Options {
    std::optional<std::string> input;
    learning::WhitespaceOptions whitespace;
    AsOfOption as_of;
  };
  const auto options = std::make_shared<Options>();
  cli::Command command("whitespace", "pairs of elements that promise and were hardly tried");
  command.schema = "whitespace/v1";
  command.writes = true;
  command.details =
      "Pairs of tag values of two dimensions that both do better than one half, were used fewer "
      "than five times and are not in conflict, by their potential: the mean of the two, plus what "
      "they are known to gain together, plus up to 0.15 for being new. The 20 best are shown with "
      "a 95 % interval from the uncertainty of both means.\n\n"
      "On the store the brand's element scores and uses are taken, and what is proposed is kept: "
      "its status survives every run, and five uses make it tested. --input takes one JSON "
      "document instead, with elements (dimension, value, alpha, beta), interactions (a, b, "
      "effect, direction), usage (a, b, times_used) and competitors (a, b, times_seen), each of "
      "which may be absent; a pair may be given in either order.";
  command.value("--input", options->input, "FILE", "elements and pairs; - is standard input");
  command.flag("--optimistic", options->whitespace.is_optimistic,
               "order by the upper bound of the interval: what might be best, not what is likely");
  options->as_of.add_to(command);
  command.examples = {
      {"adgenome whitespace --brand demo-brand", "what to try next"},
      {"adgenome whitespace --input elements.json --optimistic --format json | jq '.candidates[0]'",
       "the pair that might be best of all"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    options->as_of.need_store(options->input.has_value());
    return {.document = options->input
                            ? app::whitespace_from_input(*options->input, context.options().brand,
                                                         options->whitespace)
                            : from_store(context, options->whitespace, options->as_of),
            .list = "candidates",
            .columns = {"rank", "a.dimension", "a.value", "b.dimension", "b.value", "potential",
                        "usage", "competition", "status"}};
  };
  return command;
}

}  // namespace adgenome::commands
