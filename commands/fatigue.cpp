#include <adgenome/app/fatigue.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "as_of_option.hpp"
#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct FatigueArguments {
  std::optional<std::string> input;
  std::string by = "ad";
  std::vector<std::string> dimensions;
  bool fit = false;
  bool remediate = false;
  AsOfOption as_of;
  RowOptions rows;
};

app::FatigueRun run_of(const FatigueArguments& arguments, const cli::Context& context) {
  app::FatigueRun run{.now = arguments.as_of.now(context),
                      .is_classic = context.rules() == cli::Rules::kClassic,
                      .is_fitted = arguments.fit,
                      .with_proposals = arguments.remediate,
                      .combination = {},
                      .known_at = store::KnownAt(arguments.as_of.time())};
  if (arguments.by != "combo") {
    if (!arguments.dimensions.empty()) {
      throw core::UsageError("--dimensions says which combinations are judged", "add --by combo",
                             "option --dimensions");
    }
    return run;
  }
  if (arguments.input) {
    throw core::UsageError("--by combo is for the store: performance rows hold no element tags", "",
                           "option --by");
  }
  run.combination = arguments.dimensions;
  if (run.combination.empty()) run.combination = {"template_category", "awareness_stage"};
  return run;
}

app::Report report_of(const FatigueArguments& arguments, cli::Context& context) {
  arguments.as_of.need_store(arguments.input.has_value());
  app::FatigueRun run = run_of(arguments, context);
  if (arguments.input) {
    core::Rejects rejects = arguments.rows.collector();
    app::Report report = app::fatigue_from_stream(*arguments.input, rejects, run);
    arguments.rows.show(rejects, context);
    return report;
  }
  store::Session session = open_store(context);
  const store::Brand brand = arguments.as_of.brand(context, session);
  run.is_classic = rules_of(context, brand) == cli::Rules::kClassic;
  return app::fatigue_in_store(session, brand, run);
}

}  // namespace

cli::Command fatigue() {
  auto arguments = std::make_shared<FatigueArguments>();
  cli::Command command("fatigue", "tell which running ads are worn out, and how sure that is");
  command.schema = "fatigue/v1";
  command.details =
      "Weeks are counted back from the last day with performance. Levels: watch (watch closely), "
      "moderate (replace within a week), high (replace soon), critical (pause now); the worst rule "
      "that fired decides. Frequency within the week: 3, 5, 8, 12. Click rate lost: 20 % moderate, "
      "40 % critical. CPM gained: 30 % moderate, 50 % critical. Click rate down by over 15 % "
      "within a week at a frequency over 4: high. The settings fatigue.* of an account, else of "
      "its "
      "brand, replace single ones of these; thresholds lists what differs.\n\n"
      "The last two calendar weeks are held against all earlier ones, less what moved the whole "
      "account that week, with the account's own overdispersion; a rule fires at q < 0.1 over the "
      "account's ads (of fewer than 20 at q < 0.1 (ads / 20)^2, shown as probability_limit), so "
      "that at most one in a hundred ads and weeks is warned of wrongly. --rules "
      "classic takes the ad's best week and p < 0.05, and warns of many ads that are only "
      "unlucky.\n\n"
      "Reach of single days does not add up: without a row that spans the week the frequency is "
      "known between two bounds, rules use the lower one and say unknown where it matters. --fit "
      "looks for an exponential decay of the click rate with impressions and tells the day on "
      "which it falls under the lower quartile of the account. --remediate prints what could be "
      "done; nothing is stored or sent.";
  command.value("--input", arguments->input, "FILE",
                "performance rows of one brand instead of the store, JSONL or one JSON array; - "
                "is standard input");
  command
      .value("--by", arguments->by, "WHAT",
             "judge single platform ads, or all ads of a combination of elements")
      .choice({"ad", "combo"});
  command.list("--dimensions", arguments->dimensions, "NAMES", "which elements make a combination")
      .shown_default("template_category,awareness_stage");
  command.flag("--fit", arguments->fit, "look for a decay and predict where it leads");
  command.flag("--remediate", arguments->remediate,
               "propose a pause, less budget and refreshed ads; printed only");
  arguments->as_of.add_to(command);
  arguments->rows.add_to(command);
  command.examples = {
      {"adgenome fatigue --brand demo --fit", "every running ad, the most worn out first"},
      {"adgenome fatigue --input performance.jsonl --now 2026-11-20 --remediate --format json | jq "
       "'.proposals'",
       "what could be done about worn out ads"},
      {"adgenome fatigue --by combo --dimensions hook_type,template_category",
       "whether a combination of elements wears out across its ads"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    app::Report report = report_of(*arguments, context);
    for (const std::string& note : report.notes) context.warn(note);
    std::vector<std::string> columns = {"platform_ad_id", "ad_id",         "level",
                                        "ctr.change",     "ctr.q",         "cpm.change",
                                        "confidence",     "recommendation"};
    if (arguments->by == "combo") columns.erase(columns.begin(), columns.begin() + 2);
    if (arguments->by == "combo") columns.insert(columns.begin(), "combination");
    return {.document = std::move(report.document), .list = "ads", .columns = std::move(columns)};
  };
  return command;
}

}  // namespace adgenome::commands
