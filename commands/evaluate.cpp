#include <adgenome/app/evaluate.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

constexpr const char* kDetails =
    "Estimates what a policy would have earned from selections that another one drew, by the "
    "probabilities that were written down with them. Three estimates: inverse propensity (ips), "
    "self-normalised (snips), and doubly robust (dr) where a reward model is given; the "
    "selection is the unit, and several draws of one selection are weighed in their order.\n\n"
    "On the store, --policy is a preset or one of the brand's weight sets, and every recorded "
    "selection counts that kept its pool and whose first draw has a reward. A gate that the preset "
    "itself asks for is applied to those pools; what they do not tell of it is a warning.\n\n"
    "--input takes one drawn template a row: reward (null while it is not known), propensity "
    "and target_propensity, and selection_id, draw and draw_probability where a selection drew "
    "several, model_logged and model_target where a model predicts the reward of the template "
    "drawn and of the target. With --compare, target_propensity is an object of policy to "
    "probability.\n\n"
    "Look at effective_sample_size before the value: where the policy would have drawn other "
    "templates than were drawn, the logs say little, and a warning says so.";

struct Options {
  std::optional<std::string> input;
  std::optional<std::string> policy;
  std::vector<std::string> compare;
  std::optional<double> clip;
  std::string interval = "bootstrap";
  RowOptions rows;
};

app::EvaluateOptions evaluate_options(const Options& given) {
  app::EvaluateOptions options{.policy = given.policy};
  options.estimation = {.interval = given.interval == "bootstrap"
                                        ? stats::IntervalMethod::kBootstrap
                                        : stats::IntervalMethod::kEmpiricalBernstein,
                        .clip = given.clip};
  if (given.compare.empty()) return options;
  if (given.compare.size() != 2 || given.compare[0] == given.compare[1]) {
    throw core::UsageError("--compare takes two policies, as in --compare smart_select,mine.json");
  }
  options.compare = {given.compare[0], given.compare[1]};
  return options;
}

core::Json from_input(const Options& given, const cli::Context& context) {
  const app::EvaluateOptions wanted = evaluate_options(given);
  core::Rejects rejects = given.rows.collector();
  const auto progress = context.progress("draws", 0);
  core::Json document =
      app::evaluate_input(*given.input, wanted, rejects, [&] { progress->advance(); });
  given.rows.show(rejects, context);
  return document;
}

core::Json from_store(const Options& given, cli::Context& context) {
  if (given.rows.rejects || given.rows.strict) {
    throw core::UsageError("--rejects and --strict are for --input");
  }
  if (!given.policy && given.compare.empty()) {
    throw core::UsageError("no policy to evaluate",
                           "name one with --policy, or give logged draws with --input");
  }
  const app::EvaluateOptions wanted = evaluate_options(given);
  store::Session session = open_store(context);
  return app::evaluate_in_store(session, brand_of(context, session), wanted, context.now());
}

}  // namespace

cli::Command evaluate() {
  const auto options = std::make_shared<Options>();
  cli::Command command("evaluate", "what a preset would have earned, from logged selections");
  command.schema = "evaluation/v1";
  command.details = kDetails;
  command.value("--input", options->input, "FILE|-", "logged draws; - is standard input");
  command.value("--policy", options->policy, "PRESET|WEIGHTSET",
                "the policy in question: a preset, a file or a weight set");
  command.list("--compare", options->compare, "A,B", "the difference of A to B, with its interval");
  command.value("--clip", options->clip, "X", "cut ratios of probabilities to X", 1e-9, 1e18)
      .shown_default("they are not cut");
  command.value("--interval", options->interval, "METHOD", "how the 95 % intervals are computed")
      .choice({"bootstrap", "empirical_bernstein"});
  options->rows.add_to(command);
  command.examples = {
      {"adgenome evaluate --policy roll_the_dice --compare roll_the_dice,smart_select",
       "what another preset would have earned, and how far it is from this one"},
      {"adgenome evaluate --input draws.jsonl", "what the target would have earned"},
      {"adgenome evaluate --input draws.jsonl --clip 20 --interval empirical_bernstein",
       "with ratios of at most 20, and intervals that hold at any size"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    core::Json document =
        options->input ? from_input(*options, context) : from_store(*options, context);
    for (const core::Json& warning : document["warnings"]) {
      context.warn(warning.get<std::string>());
    }
    return {.document = std::move(document)};
  };
  return command;
}

}  // namespace adgenome::commands
