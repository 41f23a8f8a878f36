#include <adgenome/app/interactions.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

/// The same resamples at every run, so that a repeat changes nothing.
constexpr std::uint64_t kSeed = 1;

struct InteractionArguments {
  std::optional<std::string> input;
  bool all = false;
  AsOfOption as_of;
  RowOptions rows;
};

app::Report report_of(const InteractionArguments& arguments, cli::Context& context) {
  const AsOfOption& as_of = arguments.as_of;
  as_of.need_store(arguments.input.has_value());
  app::InteractionOptions options = {.now = as_of.now(context),
                                     .is_classic = context.rules() == cli::Rules::kClassic,
                                     .seed = context.seed_is_given() ? context.seed() : kSeed,
                                     .is_all = arguments.all,
                                     .is_dry_run = as_of.writes_nothing(context),
                                     .known_at = store::KnownAt(as_of.time())};
  if (arguments.input) {
    core::Rejects rejects = arguments.rows.collector();
    app::Report report = app::interactions_from_stream(*arguments.input, rejects, options);
    arguments.rows.show(rejects, context);
    return report;
  }
  store::Session session = open_store(context);
  const store::Brand brand = as_of.brand(context, session);
  options.is_classic = rules_of(context, brand) == cli::Rules::kClassic;
  return app::interactions_in_store(session, brand, options);
}

}  // namespace

cli::Command interactions() {
  auto arguments = std::make_shared<InteractionArguments>();
  cli::Command command("interactions", "find elements that gain or lose by being together");
  command.schema = "interactions/v1";
  command.details =
      "For every pair of values of two dimensions: what its ads earn beyond what the two values "
      "would earn side by side. Pairs of at least 8 ads of 4 runs, whose values also occur apart, "
      "are held against an additive "
      "model of all dimensions and resampled by whole runs, because the ads of a run do alike; "
      "--rules classic takes pairs of 5 ads, mean(A) mean(B) / mean(all) and single ads. A pair "
      "is a synergy or a conflict where q over the pairs is under 0.1 and the 95 % interval is "
      "clear of 0.\n\n"
      "The 15 largest are shown and, on the store, kept: whitespace and the genome's context read "
      "them. A brand that shares and has fewer than 5 pairs of its own also sees those of the "
      "sharing brands of its organization, each by how alike the brands are: advice, never a "
      "filter.";
  command.value(
      "--input", arguments->input, "FILE",
      "rows {\"ad_id\", \"run\", \"tags\": {}, \"reward\", \"weight\"} of one brand instead "
      "of the store, JSONL or one JSON array; - is standard input");
  command.flag("--all", arguments->all, "every pair, not the 15 largest alone");
  arguments->as_of.add_to(command);
  arguments->rows.add_to(command);
  command.writes = true;
  command.examples = {{"adgenome interactions --brand demo", "pairs that gain or lose together"},
                      {"adgenome interactions --input rewarded.jsonl --all --format json | jq "
                       "'.interactions[] | select(.direction == \"conflict\")'",
                       "what not to combine"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    app::Report report = report_of(*arguments, context);
    return {.document = std::move(report.document),
            .list = "interactions",
            .columns = {"a.dimension", "a.value", "b.dimension", "b.value", "effect", "interval",
                        "q", "ads", "direction", "borrowed"}};
  };
  return command;
}

}  // namespace adgenome::commands
