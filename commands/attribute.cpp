#include <adgenome/app/attribute.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

/// The same permutations at every run, so that a repeat changes nothing.
constexpr std::uint64_t kSeed = 1;

struct AttributeArguments {
  std::optional<std::string> input;
  std::vector<std::string> strata;
  std::string cluster;
  std::string outcome;
  AsOfOption as_of;
  RowOptions rows;
};

app::Report report_of(const AttributeArguments& arguments, cli::Context& context) {
  arguments.as_of.need_store(arguments.input.has_value());
  app::AttributeOptions options = {.now = arguments.as_of.now(context),
                                   .is_classic = context.rules() == cli::Rules::kClassic,
                                   .seed = context.seed_is_given() ? context.seed() : kSeed,
                                   .strata = arguments.strata,
                                   .cluster = arguments.cluster,
                                   .outcome = arguments.outcome,
                                   .known_at = store::KnownAt(arguments.as_of.time())};
  if (arguments.input) {
    if (!options.outcome.empty()) {
      throw core::UsageError("--outcome is for the store: rows of --input hold their successes", "",
                             "option --outcome");
    }
    core::Rejects rejects = arguments.rows.collector();
    app::Report report = app::attribution_from_stream(*arguments.input, rejects, options);
    arguments.rows.show(rejects, context);
    return report;
  }
  if (!options.cluster.empty() && options.cluster != "run" && options.cluster != "ad" &&
      options.cluster != "batch") {
    throw core::UsageError(
        "--cluster must be one of run, ad, batch on the store, not \"" + options.cluster + "\"", "",
        "option --cluster");
  }
  store::Session session = open_store(context);
  const store::Brand brand = arguments.as_of.brand(context, session);
  options.is_classic = rules_of(context, brand) == cli::Rules::kClassic;
  return app::attribution_in_store(session, brand, options);
}

}  // namespace

cli::Command attribute() {
  auto arguments = std::make_shared<AttributeArguments>();
  cli::Command command("attribute", "compare every element with the rest among ads of like kind");
  command.schema = "attribution/v1";
  command.details =
      "Every value of every dimension is held against all other values of the dimension within "
      "strata (Mantel-Haenszel), so that an element does not look good because it ran where all "
      "ads do well; simpsons_paradox says where the crude figure points the other way. Ads that "
      "were made in one run do alike: the run is the unit, by delete-one-run jackknife and by "
      "permuting whole runs, and an element is reported where q over all elements is under 0.05, "
      "five runs stand on each side, three strata compare the two, and two thirds of the weight "
      "point the same way. What impressions taken as independent would say stands beside it as "
      "naive; --rules classic reports by that.\n\n"
      "Strata are awareness stage, audience (persona, else ad set) and objective, with the month "
      "of launch; under classic rules, but of rewards, with the quartile of the week's spend and "
      "the week. "
      "--strata names others: platform, product, adset, campaign, launch_quarter, "
      "impressions_bucket, frequency_bucket, age_weeks or any dimension of tags. Elements of a "
      "dimension that is itself a stratum are compared within the other strata (strata_left_out). "
      "Elements that never occur apart are named together as confounded_with.\n\n"
      "--input reads rows {\"tags\": {dimension: value}, \"strata\": {name: value}, \"cluster\", "
      "\"successes\", \"trials\"}, any number of them in one pass. Without clusters only the naive "
      "judgement is given; where some rows have one, those without are left out, with a warning. "
      "What is found is a correlation: experiments settle causes.";
  command.value("--input", arguments->input, "FILE",
                "rows instead of the store, JSONL or one JSON array; - is standard input");
  command.list("--strata", arguments->strata, "NAMES", "compare within these instead");
  command.value("--cluster", arguments->cluster, "FIELD",
                "what is one unit: of the store run (default), ad or batch; of rows the field that "
                "says it (default cluster)");
  command
      .value("--outcome", arguments->outcome, "OUTCOME",
             "clicks of impressions, or ads with a reward over one half (default: clicks where the "
             "brand has them)")
      .choice({"clicks", "rewards"});
  arguments->as_of.add_to(command);
  arguments->rows.add_to(command);
  command.examples = {
      {"adgenome attribute --brand demo",
       "which elements make a difference, and which only seem to"},
      {"adgenome attribute --brand demo --format json | jq -r '.elements[] | select(.reported) | "
       "[.dimension, .value, .odds_ratio] | @tsv'",
       "only those that stand up to scrutiny"},
      {"zstd -dc events.jsonl.zst | adgenome attribute --input - --strata placement,week",
       "any number of rows at the end of a pipe"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    app::Report report = report_of(*arguments, context);
    for (const std::string& note : report.notes) context.warn(note);
    return {.document = std::move(report.document),
            .list = "elements",
            .columns = {"dimension", "value", "odds_ratio", "interval", "q", "clusters_with",
                        "strata", "simpsons_paradox", "reported", "reason"}};
  };
  return command;
}

}  // namespace adgenome::commands
