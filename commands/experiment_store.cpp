#include <adgenome/app/experiments.hpp>
#include <memory>

#include "experiment_parts.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

/// A store with the brand that an experiment belongs to.
struct OpenBrand {
  AsOfOption as_of;
  store::Session session;
  store::Brand brand;

  explicit OpenBrand(const cli::Context& context, const AsOfOption& known_at = {})
      : as_of(known_at), session(open_store(context)), brand(as_of.brand(context, session)) {}

  app::ExperimentRunner runner(const cli::Context& context) {
    return {.session = session,
            .brand = brand,
            .now = as_of.now(context),
            .is_dry_run = as_of.writes_nothing(context),
            .is_classic = rules_of(context, brand) == cli::Rules::kClassic,
            .seed = context.seed_is_given() ? context.seed() : 0,
            .known_at = store::KnownAt(as_of.time())};
  }
};

/// A command that takes an id and one step of the experiment's life.
cli::Command step(const std::string& name, const std::string& summary, const std::string& details,
                  const std::vector<cli::Example>& examples,
                  core::Json (*run)(const app::ExperimentRunner&, const std::string&)) {
  auto id = std::make_shared<std::string>();
  cli::Command command(name, summary);
  command.schema = "experiment/v1";
  command.details = details;
  command.positional("ID", *id, "the experiment");
  command.writes = true;
  command.examples = examples;
  command.run = [id, run](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    return {.document = run(open.runner(context), *id)};
  };
  return command;
}

}  // namespace

cli::Output analyze_stored(const std::string& id, const experiments::AnalysisOptions& asked,
                           const AsOfOption& as_of, cli::Context& context) {
  OpenBrand open(context, as_of);
  return analysis_output(app::analyze_experiment(open.runner(context), id, asked));
}

namespace {

struct CreateArguments {
  app::NewExperiment wanted;  ///< but for what follows
  std::vector<std::string> arms;
  std::optional<std::string> id;
  // Of one kind alone.
  std::optional<double> split;
  std::optional<std::string> assignment;
  std::optional<std::string> metric;
  std::optional<std::int64_t> days;
  std::optional<double> effect;
};

/// What would say nothing of an experiment of this kind is refused.
void refuse_other_kind(const CreateArguments& given) {
  const app::NewExperiment& wanted = given.wanted;
  const struct {
    const char* kind;
    bool is_given;
    const char* name;
  } options[] = {{"generation", given.split.has_value(), "--split"},
                 {"ads", wanted.test_variable.has_value(), "--test-variable"},
                 {"ads", given.assignment.has_value(), "--assignment"},
                 {"ads", given.metric.has_value(), "--metric"},
                 {"ads", wanted.daily_budget.has_value(), "--daily-budget"},
                 {"ads", wanted.currency.has_value(), "--currency"},
                 {"ads", given.days.has_value(), "--days"},
                 {"ads", given.effect.has_value(), "--effect"}};
  for (const auto& option : options) {
    if (!option.is_given || wanted.kind == option.kind) continue;
    throw core::UsageError(std::string(option.name) + " is of experiments of kind " + option.kind +
                           ", and this one is of kind " + wanted.kind);
  }
}

app::NewExperiment wanted_by(const CreateArguments& given) {
  refuse_other_kind(given);
  app::NewExperiment wanted = given.wanted;
  wanted.split = given.split.value_or(wanted.split);
  wanted.assignment = given.assignment.value_or(wanted.assignment);
  wanted.metric = given.metric.value_or(wanted.metric);
  wanted.days = given.days.value_or(wanted.days);
  wanted.effect = given.effect.value_or(wanted.effect);
  for (const std::string& arm : given.arms) {
    wanted.arms.push_back(cli::name_and_value(arm, "--arm"));
  }
  return wanted;
}

}  // namespace

cli::Command experiment_create() {
  auto given = std::make_shared<CreateArguments>();
  app::NewExperiment& wanted = given->wanted;
  cli::Command command("create", "plan an experiment: its arms, its size and what is tested");
  command.schema = "experiment/v1";
  command.details =
      "A generation experiment has two arms, each a config that counts before the options of "
      "generate "
      "and review while it is active: prompt_version, provider, content_source (hooks, recreate, "
      "belief, angles), layouts and color_modes (lists of names), elements (sample, best, given), "
      "congruence_threshold (0 to 1), quality_config (a version of calibrate list, its name, or an "
      "object of single numbers), retry (rounds of review). An ad experiment has 2 to 4 ads that "
      "differ in "
      "one element.\n\n"
      "Where the brand's past says what its clicks, conversions or their value cost, a test whose "
      "budget cannot find the lift of --effect in its metric is refused, with what is missing "
      "(--force insists); of cpa the lift is that of conversions for the same money.\n\n"
      "Asking again for an experiment that is there, under the same --id or with the same --seed "
      "and --now, changes nothing and prints it as it is today.";
  command.value("--kind", wanted.kind, "KIND", "ways of making ads, or ads")
      .choice({"generation", "ads"});
  command.value("--name", wanted.name, "TEXT", "what people call it").required();
  command.value("--hypothesis", wanted.hypothesis, "TEXT", "what is expected, and why");
  command
      .repeated("--arm", given->arms, "NAME=X", "an arm: a config as JSON or @FILE; of ads an id")
      .required();
  command.value("--control", wanted.control, "NAME", "the arm that the others are held to");
  command
      .value("--split", given->split, "X", "share of the variant, of a generation experiment",
             0.0001, 0.9999)
      .shown_default("0.5");
  command.value("--min-sample", wanted.min_sample, "N", "runs an arm, impressions of ads", 1)
      .shown_default("20, of ads 1000 and what power gives");
  command
      .value("--planned-n", wanted.planned_n, "N",
             "runs an arm that are planned, impressions of ads", 1)
      .shown_default("--min-sample, of ads what power gives");
  command.value("--baseline", wanted.baseline, "RATE", "the control's rate", 1e-9, 1 - 1e-9);
  command.value("--test-variable", wanted.test_variable, "NAME",
                "the element that the ads differ in");
  command
      .value("--assignment", given->assignment, "HOW",
             "the platform's own split, or ad sets of equal budget")
      .choice({"platform_split", "separate_ad_sets"})
      .shown_default("platform_split");
  command
      .value(
          "--metric", given->metric, "NAME",
          "what decides; robust rules compare arms of equal budgets by what the money buys of it")
      .choice({"link_ctr", "conversion_rate", "cpa", "roas"})
      .shown_default("link_ctr");
  command.value("--daily-budget", wanted.daily_budget, "AMOUNT", "of an arm", 0.01, 1e9);
  command.value("--currency", wanted.currency, "CODE", "of --daily-budget");
  command.value("--days", given->days, "N", "that ads run", 7, 14).shown_default("14");
  command
      .value("--effect", given->effect, "X", "relative lift that a test of ads has to find", 0.001,
             10.0)
      .shown_default("0.2");
  command.flag("--force", wanted.is_forced, "insist on a budget that is too small");
  command.value("--id", given->id, "ID", "an id of your own");
  command.writes = true;
  command.examples = {
      {"adgenome experiment create --name \"benefit first\" --arm 'control={\"prompt_version\":"
       "\"1\"}' --arm 'benefits={\"prompt_version\":\"benefit-first\"}'",
       "two prompt versions, half of the runs each"},
      {"adgenome experiment create --kind ads --name \"question or number\" --arm control=AD1 "
       "--arm "
       "number=AD2 --daily-budget 40 --currency EUR",
       "two ads that differ in one element"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    app::NewExperiment full = wanted_by(*given);
    OpenBrand open(context);
    full.id = given->id ? *given->id : context.ids().next();
    app::CreatedExperiment created = app::create_experiment(open.runner(context), full);
    if (created.warning) context.warn(*created.warning);
    created.document["unchanged"] = created.is_unchanged;
    return {.document = std::move(created.document)};
  };
  return command;
}

cli::Command experiment_activate() {
  struct Arguments {
    std::string id;
    bool as_text = false;
  };
  auto given = std::make_shared<Arguments>();
  cli::Command command("activate", "start an experiment");
  command.schema = "experiment/v1";
  command.details =
      "Of a generation experiment: from now on every run of generate is given an arm; a brand has "
      "one at a time. Of an ad experiment: prints the sheet by which it is set up on the platform, "
      "one ad set an arm, one ad an ad set, everything else identical.";
  command.positional("ID", given->id, "the experiment");
  command.flag("--text", given->as_text, "the sheet for people instead of JSON");
  command.writes = true;
  command.examples = {{"adgenome experiment activate EXPERIMENT", "start it"},
                      {"adgenome experiment activate EXPERIMENT --text",
                       "the sheet to set an ad experiment up by"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    core::Json document = app::activate_experiment(open.runner(context), given->id);
    if (given->as_text && !document.at("deployment").is_null()) {
      return {.text = app::deployment_text(document)};
    }
    return {.document = std::move(document)};
  };
  return command;
}

cli::Command experiment_link() {
  struct Arguments {
    std::string id;
    std::string arm;
    std::string platform = "meta";
    std::string adset;
    std::string ad;
  };
  auto given = std::make_shared<Arguments>();
  cli::Command command("link", "say which ad set on the platform is an arm's");
  command.schema = "experiment/v1";
  command.details =
      "An ad set belongs to one arm only, until that experiment is completed or cancelled. Once "
      "every arm is linked and has impressions the experiment runs, from the day on which the last "
      "of them had its first; what an ad set delivered to an earlier experiment does not count.";
  command.positional("ID", given->id, "the experiment");
  command.value("--arm", given->arm, "NAME", "the arm").required();
  command.value("--adset", given->adset, "ID", "the ad set").required();
  command.value("--ad", given->ad, "ID", "the ad in it, where it has several");
  command.value("--platform", given->platform, "NAME", "where it is");
  command.writes = true;
  command.examples = {
      {"adgenome experiment link EXPERIMENT --arm control --adset 120330001", "bind an arm"},
      {"adgenome experiment link EXPERIMENT --arm b --adset 120330002 --ad 990001",
       "count one ad of the ad set only"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    return {.document = app::link_experiment(open.runner(context), given->id, given->arm,
                                             given->platform, given->adset, given->ad)};
  };
  return command;
}

cli::Command experiment_assign() {
  struct Arguments {
    std::optional<std::string> id;
    std::string seed_key;
  };
  auto given = std::make_shared<Arguments>();
  cli::Command command("assign", "print the arm that a key belongs to");
  command.schema = "assignment/v1";
  command.details =
      "By the SHA-256 of the key and the experiment's id: the same key always gets the same arm, "
      "on "
      "every machine.";
  command.positional("ID", given->id, "the experiment; not given: the brand's active one");
  command.value("--seed-key", given->seed_key, "KEY", "what is assigned").required();
  command.examples = {
      {"adgenome experiment assign --seed-key 5f2a", "by the active experiment"},
      {"adgenome experiment assign EXPERIMENT --seed-key 5f2a --format json | jq -r .arm",
       "the arm alone"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    return {.document = app::assign_arm(open.runner(context), given->id, given->seed_key)};
  };
  return command;
}

cli::Command experiment_record() {
  struct Arguments {
    std::string id;
    std::optional<std::string> input;
    app::RecordedRun run;
    std::optional<std::string> ad_run_id;
    std::optional<std::string> seed_key;
    RowOptions rows;
  };
  auto given = std::make_shared<Arguments>();
  cli::Command command("record", "store runs with the arm that they were made under");
  command.schema = "experiment_runs/v1";
  command.details =
      "The arm follows from the seed key. What became of a run's ads is taken from the store, as "
      "people decide now; --ads and --approved are for runs whose ads are not in it. The same run "
      "again changes nothing.";
  command.positional("ID", given->id, "the experiment");
  command.value("--run", given->ad_run_id, "ID", "the run");
  command.value("--seed-key", given->seed_key, "KEY", "what it was assigned by");
  command.value("--arm", given->run.arm, "NAME", "refused where the key gives another one");
  command.value("--ads", given->run.ads, "N", "ads that were decided on", 0);
  command.value("--approved", given->run.approved, "N", "of these", 0);
  command.value("--input", given->input, "FILE|-",
                "rows {\"ad_run_id\", \"seed_key\"[, \"arm\"][, \"ads\", \"approved\"]}");
  given->rows.add_to(command);
  command.writes = true;
  command.examples = {
      {"adgenome experiment record EXPERIMENT --run RUN --seed-key 5f2a --ads 5 --approved 3",
       "one run and its outcome"},
      {"adgenome experiment record EXPERIMENT --input runs.jsonl", "many"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    core::Rejects rejects = given->rows.collector();
    if (given->input) {
      OpenBrand open(context);
      core::Json document =
          app::record_runs(open.runner(context), given->id, *given->input, rejects);
      given->rows.show(rejects, context);
      return {.document = std::move(document)};
    }
    if (!given->ad_run_id || !given->seed_key) {
      throw core::UsageError("give --run and --seed-key, or --input");
    }
    app::RecordedRun run = given->run;
    run.ad_run_id = *given->ad_run_id;
    run.seed_key = *given->seed_key;
    OpenBrand open(context);
    return {.document = app::record_run(open.runner(context), given->id, run)};
  };
  return command;
}

cli::Command experiment_monitor() {
  cli::Command command("monitor", "look at everything that runs, and conclude what is settled");
  command.schema = "experiment_changes/v1";
  command.default_format = "jsonl";
  command.details =
      "For cron: one line for each experiment whose state or decision changed; state_before is "
      "what show says of it until then. Data that were looked at before are no look again.";
  command.writes = true;
  command.examples = {{"adgenome experiment monitor", "once a day"},
                      {"adgenome experiment monitor --dry-run | jq -r .reason",
                       "what it would say, without a look being counted"}};
  command.run = [](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    return {.document = app::monitor_experiments(open.runner(context)),
            .list = "changes",
            .columns = {"experiment_id", "state", "decision", "winner", "reason"}};
  };
  return command;
}

cli::Command experiment_conclude() {
  return step("conclude", "end an experiment and keep what it found",
              "Stores the decision, the analysis and the effects, raw and drawn towards what "
              "effects usually are. Five matched pairs of ads about one element, from this and "
              "earlier experiments, settle what the element does (experiment effects).",
              {{"adgenome experiment conclude EXPERIMENT", "end it as it stands"},
               {"adgenome experiment conclude EXPERIMENT --dry-run --format json | jq .decision",
                "what it would decide"}},
              app::conclude_experiment);
}

cli::Command experiment_cancel() {
  return step("cancel", "end an experiment without a result",
              "Its ad sets can be linked to another one; of a generation experiment, the brand can "
              "activate the next.",
              {{"adgenome experiment cancel EXPERIMENT", "give it up"},
               {"adgenome experiment cancel EXPERIMENT --dry-run", "whether it can be"}},
              app::cancel_experiment);
}

cli::Command experiment_show() {
  cli::Command command = step(
      "show", "print an experiment with its arms", "With its state as it is today.",
      {{"adgenome experiment show EXPERIMENT", "all of it"},
       {"adgenome experiment show EXPERIMENT --format json | jq .deployment", "the sheet again"}},
      app::show_experiment);
  command.writes = false;
  return command;
}

cli::Command experiment_list() {
  auto state = std::make_shared<std::optional<std::string>>();
  cli::Command command("list", "print the brand's experiments, newest first");
  command.schema = "experiments/v1";
  command.details = "With their states as they are today.";
  command.value("--state", *state, "STATE", "only those")
      .choice({"draft", "active", "deploying", "running", "analyzing", "completed", "cancelled"});
  command.examples = {
      {"adgenome experiment list", "all"},
      {"adgenome experiment list --state completed --format csv", "what is over, one a line"}};
  command.run = [state](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    return {.document = app::list_experiments(open.runner(context), *state),
            .list = "items",
            .columns = {"id", "kind", "name", "state", "decision", "winner"}};
  };
  return command;
}

cli::Command experiment_compare() {
  struct Arguments {
    app::PastComparison wanted;
    AsOfOption as_of;
  };
  auto given = std::make_shared<Arguments>();
  app::PastComparison& wanted = given->wanted;
  cli::Command command("compare", "compare past ads by what made them");
  command.schema = "analysis/v1";
  command.details =
      "Within templates that several of them used, by runs. This is correlation: nothing assigned "
      "these ads at random. A result is named from 100 ads a side for approval, from 50 with seven "
      "days each for link_ctr.";
  command.value("--by", wanted.by, "NAME", "what differs")
      .required()
      .choice({"prompt_version", "pipeline_version", "provider"});
  command.value("--metric", wanted.metric, "NAME", "what is compared")
      .choice({"approval", "link_ctr"});
  command.value("--control", wanted.control, "NAME",
                "what the others are held to; not given: the one with most ads");
  command.value("--non-inferiority", wanted.non_inferiority, "X",
                "test instead that the others are at least X times the control", 0.01, 2.0);
  given->as_of.add_to(command);
  command.examples = {
      {"adgenome experiment compare --by prompt_version", "which prompt had more ads approved"},
      {"adgenome experiment compare --by provider --metric link_ctr --non-inferiority 0.9",
       "whether another provider does about as well"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    OpenBrand open(context, given->as_of);
    return analysis_output(app::compare_past(open.runner(context), given->wanted));
  };
  return command;
}

cli::Command experiment_effects() {
  cli::Command command("effects", "print what experiments settled about elements of ads");
  command.schema = "causal_effects/v1";
  command.details =
      "An element's effect is the random-effects mean of the log ratios of at least five matched "
      "pairs of ads (Paule-Mandel, Hartung-Knapp).";
  command.examples = {{"adgenome experiment effects", "all that is settled"},
                      {"adgenome experiment effects --format csv", "for a sheet"}};
  command.run = [](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    return {.document = app::experiment_effects(open.runner(context)),
            .list = "effects",
            .columns = {"dimension", "value", "compared_with", "metric", "effect", "interval",
                        "pairs", "evidence"}};
  };
  return command;
}

cli::Command experiment_aa() {
  auto repeats = std::make_shared<std::int64_t>(1000);
  cli::Command command("aa", "split the brand's own past at random and count false alarms");
  command.schema = "aa/v1";
  command.details =
      "Half of the runs, or ads with all of their days, against the other half, over and over: "
      "nothing differs, so a test at 5 % may find something in 5 % of the splits. Tests that take "
      "each ad as a unit of its own err more often where the ads of a run are alike; the ones that "
      "decide do not.";
  command.value("--repeats", *repeats, "N", "splits", 1, 1'000'000);
  command.examples = {{"adgenome experiment aa --repeats 2000", "how often the tests cry wolf"},
                      {"adgenome experiment aa --format json | jq .worst_rate",
                       "of the tests that decide, the one that errs most"}};
  command.run = [repeats](cli::Context& context) -> cli::Output {
    OpenBrand open(context);
    app::ExperimentRunner runner = open.runner(context);
    runner.seed = context.seed();
    return {.document = app::test_on_itself(runner, *repeats),
            .list = "tests",
            .columns = {"test", "metric", "unit", "units", "decides", "rate", "interval"}};
  };
  return command;
}

}  // namespace adgenome::commands
