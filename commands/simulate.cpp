#include <adgenome/app/simulate.hpp>
#include <memory>

#include "commands.hpp"

namespace adgenome::commands {
namespace {

constexpr const char* kDetails =
    "Plays selection, ads, noisy and late rewards, and learning forward in worlds whose truth is "
    "known, by the scorers, the draw and the learners that are used on real ads. Policies: static "
    "(the preset's own weights), uniform, beta and linear (learned weights, used as they are "
    "learned), gated (linear, used where the posterior gate promotes it) and oracle (the truth as "
    "weights).\n\n"
    "regret is what a template drawn earned less than under the oracle, captured the share of the "
    "oracle's advantage over static that was reached in the last four weeks, gain the reward "
    "relative to static, promoted the share of repetitions in which a gate promoted anything; "
    "intervals are 95 % over repetitions.\n\n"
    "A world file is one object or a list: name, templates, selections_a_week, count, base_reward, "
    "noise, longest_delay_weeks, and effects by scorer, or matter (so many scorers have effect, "
    "others in each repetition) and drift_weeks (others after so many weeks). The default worlds "
    "are two_matter, none_matters and tastes_drift.";

}  // namespace

cli::Command simulate() {
  auto given = std::make_shared<app::SimulateOptions>();
  cli::Command command("simulate", "try a preset or a learning method in worlds with known truth");
  command.schema = "simulation/v1";
  command.details = kDetails;
  command.value("--world", given->world, "FILE|default", "the worlds to play in");
  command.list("--policy", given->policies, "NAME...", "who selects").shown_default("all of them");
  command.value("--preset", given->preset, "NAME|FILE", "what learning starts from");
  command.value("--weeks", given->weeks, "N", "how long", 1, 5200);
  command.value("--repetitions", given->repetitions, "N", "how often, each with another seed", 1,
                1'000'000);
  command.value("--half-life", given->half_life_weeks, "WEEKS",
                "let linear and gated forget: a snapshot counts for half after so many weeks", 0.01,
                10'000);
  command.examples = {
      {"adgenome simulate --seed 1 --repetitions 10 --format table",
       "what learning brings, and what it costs where there is nothing to learn"},
      {"adgenome simulate --world world.json --policy static,linear --weeks 52 --seed 1",
       "a world of your own for a year"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    app::SimulateOptions options = *given;
    options.seed = context.seed();
    const auto progress = context.progress("repetitions", 0);
    return {.document = app::simulate_worlds(options, core::Workers::of_this_machine(),
                                             [&](std::int64_t done) { progress->advance(done); }),
            .list = "results",
            .columns = {"world", "policy", "reward", "regret", "regret_interval", "captured",
                        "captured_interval", "gain", "promoted"}};
  };
  return command;
}

}  // namespace adgenome::commands
