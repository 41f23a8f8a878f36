#include "commands.hpp"
#include "experiment_parts.hpp"

namespace adgenome::commands {

cli::Command experiment() {
  cli::Command command("experiment", "A/B tests of how ads are made and of ads");
  command.examples = {
      {"adgenome experiment analyze --input outcomes.jsonl", "every arm against \"control\""},
      {"adgenome experiment analyze --input outcomes.jsonl --only mann_whitney,bayes --format csv",
       "two parts of it, one variant a line"}};
  command.children = {experiment_analyze(), experiment_power()};
  return command;
}

}  // namespace adgenome::commands
