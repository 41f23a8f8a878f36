#include <adgenome/app/whitespace.hpp>
#include <memory>

#include "commands.hpp"

namespace adgenome::commands {

cli::Command whitespace() {
  struct Options {
    std::string input;
    learning::WhitespaceOptions whitespace;
  };
  const auto options = std::make_shared<Options>();
  cli::Command command("whitespace", "pairs of elements that promise and were hardly tried");
  command.schema = "whitespace/v1";
  command.details =
      "Pairs of tag values of two dimensions that both do better than one half, were used fewer "
      "than five times and are not in conflict, by their potential: the mean of the two, plus what "
      "they are known to gain together, plus up to 0.15 for being new. The 20 best are shown with "
      "a 95 % interval from the uncertainty of both means.\n\n"
      "--input takes one JSON document with elements (dimension, value, alpha, beta), interactions "
      "(a, b, effect, direction), usage (a, b, times_used) and competitors (a, b, times_seen), "
      "each of which may be absent; a pair may be given in either order.";
  command.value("--input", options->input, "FILE", "elements and pairs; - is standard input")
      .required();
  command.flag("--optimistic", options->whitespace.is_optimistic,
               "order by the upper bound of the interval: what might be best, not what is likely");
  command.examples = {
      {"adgenome whitespace --input elements.json", "what to try next"},
      {"adgenome whitespace --input elements.json --optimistic --format json | jq '.candidates[0]'",
       "the pair that might be best of all"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    return {.document = app::whitespace_from_input(options->input, context.options().brand,
                                                   options->whitespace),
            .list = "candidates",
            .columns = {"rank", "a.dimension", "a.value", "b.dimension", "b.value", "potential",
                        "usage", "competition", "status"}};
  };
  return command;
}

}  // namespace adgenome::commands
