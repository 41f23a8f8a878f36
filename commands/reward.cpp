#include <adgenome/app/reward.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct RewardArguments {
  std::optional<std::string> input;
  RowOptions rows;
  AsOfOption as_of;
  bool states = false;
  bool lag_correct = false;
  std::optional<std::string> standardise;
};

app::Report report_of(const RewardArguments& arguments, cli::Context& context) {
  arguments.as_of.need_store(arguments.input.has_value());
  if (arguments.input == "-" && arguments.standardise == "-") {
    throw core::UsageError("standard input is given to --input and to --standardise", "",
                           "option --standardise");
  }
  app::RewardOptions options = {.now = arguments.as_of.now(context),
                                .with_states = arguments.states,
                                .is_dry_run = arguments.as_of.writes_nothing(context),
                                .rules = learning_rules(context.rules()),
                                .is_lag_corrected = arguments.lag_correct,
                                .breakdowns = arguments.standardise,
                                .known_at = store::KnownAt(arguments.as_of.time())};
  core::Rejects rejects = arguments.rows.collector();
  if (arguments.input) {
    app::Report report = app::rewards_from_stream(*arguments.input, rejects, options);
    arguments.rows.show(rejects, context);
    return report;
  }
  store::Session session = open_store(context);
  const store::Brand brand = arguments.as_of.brand(context, session);
  options.rules = learning_rules(rules_of(context, brand));
  app::Report report = app::rewards_in_store(session, brand, rejects, options);
  arguments.rows.show(rejects, context);
  return report;
}

}  // namespace

cli::Command reward() {
  auto arguments = std::make_shared<RewardArguments>();
  cli::Command command("reward", "turn what ads delivered into rewards between 0 and 1");
  command.schema = "reward/v1";
  command.details =
      "Click rate, conversion rate and return on ad spend come from sums, are shrunk to the "
      "brand's own rates, placed in the quartiles of its ads that were mature when the quarter "
      "began, and weighed by the campaign's objective. A component counts once its ad is old "
      "enough (3, 7 and 10 days from the first delivery) and there is evidence (1,000 impressions "
      "and 10 expected clicks, 3 expected conversions, 3 expected orders); an ad once half of the "
      "weight that its account can deliver is there. Classic rules take raw rates from 500 "
      "impressions on, place them linearly between the quartiles of the ads that are mature now, "
      "and count every reward fully.\n"
      "--lag-correct estimates what maturing components will be, from the brand's own delay curve: "
      "how the figures of a day grew when they were learned anew (rows of --input say so with "
      "learned_at). Such rewards are marked as estimated and not kept.\n"
      "--standardise takes rows of a breakdown (ad_id or platform_ad_id, placement, age, country, "
      "impressions, link_clicks or clicks) and weighs each ad's click rates by the brand's own "
      "mix; "
      "an ad's cells under 200 impressions are pooled.\n"
      "A brand's own weights by objective stand in its setting objective_weights. The settings "
      "maturity.* of an account, else of its brand, replace single days and minimums; thresholds "
      "lists what differs. Ads that run in several accounts follow the brand.\n"
      "--as-of runs on what was known at a time: values, mappings and objectives that were learned "
      "later are not seen, nor are rewards that were made then or later, so that the run of that "
      "time is shown again as it was.";
  command.value("--input", arguments->input, "FILE",
                "performance rows of one brand instead of the store, JSONL or one JSON array; - "
                "is standard input");
  command.flag("--states", arguments->states, "list every ad with its state, rewarded or not");
  command.flag("--lag-correct", arguments->lag_correct,
               "estimate components that still mature from how figures grew before");
  command.value("--standardise", arguments->standardise, "FILE",
                "breakdown rows to compare click rates over the brand's mix of places and people");
  arguments->as_of.add_to(command);
  arguments->rows.add_to(command);
  command.writes = true;
  command.examples = {
      {"adgenome reward --brand demo",
       "rewards of all mature ads; those that late data changed are revised"},
      {"adgenome reward --as-of 2026-11-02T06:00:00Z",
       "what the run of that morning saw, whatever was corrected since"},
      {"adgenome reward --input performance.jsonl --now 2026-11-20",
       "the rewards of every ad that is mature on that day"},
      {"adgenome reward --lag-correct --states --standardise breakdown.jsonl",
       "what young ads will come to, and click rates as if all had been shown to the same people"},
      {"adgenome reward --input - --states --format jsonl < performance.jsonl | jq -r '[.ad_id, "
       ".state, .reason] | @tsv'",
       "which ads still wait, and for what"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    app::Report report = report_of(*arguments, context);
    for (const std::string& note : report.notes) context.warn(note);
    std::vector<std::string> columns = {"ad_id",     "reward", "reward_sd", "weight",    "coverage",
                                        "objective", "spend",  "currency",  "matured_at"};
    if (arguments->states) columns.insert(columns.begin() + 1, {"state", "reason"});
    return {
        .document = std::move(report.document), .list = "rewards", .columns = std::move(columns)};
  };
  return command;
}

}  // namespace adgenome::commands
