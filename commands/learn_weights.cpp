#include <adgenome/app/learn_weights.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

constexpr const char* kDetails =
    "Every selection item whose reward is known teaches two learners. Method linear regresses "
    "rewards on scores, all scorers at once, and gives weight to those with a positive effect; "
    "method beta credits the scorers that contributed most to the choice. --method says which of "
    "them moves the weights. Below 30 snapshots the static weights hold (cold), from 100 on the "
    "learned ones (hot), in between a blend (warm); a weight stays within 0.1 and 2.0 and moves by "
    "at most 0.15 an update.\n\n"
    "On the store every selection item whose ads have final rewards is learned once, revised "
    "rewards are corrected, and the new weights are kept as a challenger. --input takes snapshots "
    "instead, JSONL or one list: weights_used and scores by scorer, reward and propensity, "
    "weight where a reward counts for less than 1, and drawn_at (a time) under --half-life. No "
    "store is opened then; --posteriors goes on from an earlier output.\n\n"
    "Two gates say whether the challenger is better than the champion (at first the preset's own "
    "weights): posterior, the probability by the model of linear over the pools of the last 12 "
    "weeks (0.95, an expected gain of 0.002 and 100 snapshots); prequential, a sequential test in "
    "which each new snapshot is judged by what was known before it (from 50 snapshots on).";

struct Options {
  std::optional<std::string> input;
  std::optional<std::string> posteriors;
  std::optional<std::string> static_file;
  std::optional<std::string> method;
  AsOfOption as_of;
  std::optional<double> half_life;
  std::string gate = "posterior";
  bool promotes_if_better = false;
  RowOptions rows;
};

app::LearnWeightsOptions learning_options(const Options& options, cli::Rules rules) {
  const bool is_classic = rules == cli::Rules::kClassic;
  const std::string method = options.method.value_or(is_classic ? "beta" : "linear");
  return {
      .method = method == "beta" ? learning::WeightMethod::kBeta : learning::WeightMethod::kLinear,
      .static_file = options.static_file,
      .half_life_weeks = options.half_life};
}

core::Json from_input(const Options& options, const cli::Context& context) {
  if (options.promotes_if_better) {
    throw core::UsageError("--promote-if-better needs the store: a file has no champion");
  }
  if (options.half_life && options.posteriors) {
    throw core::UsageError("--half-life cannot go on from --posteriors",
                           "earlier sums do not say how old they are: give all snapshots");
  }
  core::Rejects rejects = options.rows.collector();
  const auto progress = context.progress("snapshots", 0);
  core::Json document =
      app::learn_weights_from_input({.path = *options.input,
                                     .posteriors = options.posteriors,
                                     .brand_id = context.options().brand,
                                     .on_row = [&progress] { progress->advance(); },
                                     .now = context.now()},
                                    learning_options(options, context.rules()), rejects);
  options.rows.show(rejects, context);
  return document;
}

core::Json from_store(const Options& options, cli::Context& context) {
  if (options.posteriors || options.rows.rejects || options.rows.strict) {
    throw core::UsageError("--posteriors, --rejects and --strict are for --input",
                           "the store keeps what was learned");
  }
  store::Session session = open_store(context);
  const store::Brand brand = options.as_of.brand(context, session);
  return app::learn_weights_in_store(
      session, brand, learning_options(options, rules_of(context, brand)),
      {.now = options.as_of.now(context),
       .weight_set_id = context.ids().next(),
       .is_dry_run = options.as_of.writes_nothing(context),
       .known_at = store::KnownAt(options.as_of.time()),
       .gate = options.gate == "prequential" ? learning::Gate::kPrequential
                                             : learning::Gate::kPosterior,
       .promotes_if_better = options.promotes_if_better});
}

}  // namespace

cli::Command learn_weights() {
  const auto options = std::make_shared<Options>();
  cli::Command command("learn-weights", "learn the weights of the scorers from rewards");
  command.schema = "weights/v1";
  command.details = kDetails;
  command.writes = true;
  command.value("--input", options->input, "FILE", "snapshots; - is standard input");
  command.value("--method", options->method, "NAME", "which learner moves the weights")
      .choice({"linear", "beta"})
      .shown_default("linear; beta under classic rules");
  command
      .value("--static", options->static_file, "FILE",
             "the weights to start from: a preset, or a map of scorer to weight")
      .shown_default("smart_select");
  command.value("--posteriors", options->posteriors, "FILE", "an earlier output to go on from");
  options->as_of.add_to(command);
  command.value("--half-life", options->half_life, "WEEKS",
                "let a snapshot count for half after so many weeks (method linear)", 0.01, 10'000);
  command.flag("--promote-if-better", options->promotes_if_better,
               "make the new weights the champion where the gate fires");
  command.value("--gate", options->gate, "NAME", "which gate decides; both are printed")
      .choice({"posterior", "prequential"});
  options->rows.add_to(command);
  command.examples = {
      {"adgenome learn-weights --brand demo-brand --dry-run",
       "what the rewards since the last time would change"},
      {"adgenome learn-weights --promote-if-better", "learn, and use it where it is surely better"},
      {"adgenome learn-weights --input snapshots.jsonl > weights.json",
       "what the scorers should weigh, from a file"},
      {"adgenome learn-weights --input new.jsonl --posteriors weights.json --format table",
       "go on from there with what came in since"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    options->as_of.need_store(options->input.has_value());
    core::Json document =
        options->input ? from_input(*options, context) : from_store(*options, context);
    for (const core::Json& warning : document["warnings"]) {
      context.warn(warning.get<std::string>());
    }
    return {.document = std::move(document),
            .list = "scorers",
            .columns = {"scorer", "phase", "observations", "posterior_mean", "effect",
                        "static_weight", "previous_weight", "effective_weight", "limited_by"}};
  };
  return command;
}

}  // namespace adgenome::commands
