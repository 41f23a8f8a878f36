#include "commands.hpp"
#include "experiment_parts.hpp"

namespace adgenome::commands {

cli::Command experiment() {
  cli::Command command("experiment", "A/B tests of how ads are made and of ads");
  command.examples = {
      {"adgenome experiment analyze --input outcomes.jsonl", "every arm against \"control\""},
      {"adgenome experiment analyze --input outcomes.jsonl --only mann_whitney,bayes --format csv",
       "two parts of it, one variant a line"}};
  command.children = {experiment_create(),  experiment_activate(), experiment_link(),
                      experiment_assign(),  experiment_record(),   experiment_analyze(),
                      experiment_monitor(), experiment_conclude(), experiment_cancel(),
                      experiment_list(),    experiment_show(),     experiment_power(),
                      experiment_aa(),      experiment_compare(),  experiment_effects()};
  return command;
}

}  // namespace adgenome::commands
