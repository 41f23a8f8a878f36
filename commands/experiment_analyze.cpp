#include <adgenome/app/experiment_analysis.hpp>
#include <algorithm>
#include <memory>

#include "experiment_parts.hpp"
#include "row_options.hpp"

namespace adgenome::commands {
namespace {

struct AnalyzeArguments {
  std::optional<std::string> id;
  std::optional<std::string> input;
  std::string kind;
  std::string method = "auto";
  std::string metric = "link_ctr";
  std::vector<std::string> only;
  AsOfOption as_of;
  RowOptions rows;
  experiments::AnalysisOptions options;
};

stats::RankMethod method_of(const std::string& name) {
  if (name == "exact") return stats::RankMethod::kExact;
  if (name == "asymptotic") return stats::RankMethod::kAsymptotic;
  return stats::RankMethod::kAuto;
}

experiments::Parts parts_of(const std::vector<std::string>& only) {
  if (only.empty()) return {};
  const auto has = [&](const char* part) {
    return std::find(only.begin(), only.end(), part) != only.end();
  };
  return {.mann_whitney = has("mann_whitney") || has("hodges_lehmann"),
          .unlimited_hodges_lehmann = has("hodges_lehmann"),
          .brunner_munzel = has("brunner_munzel"),
          .cliffs_delta = has("cliffs_delta"),
          .proportions = has("proportions"),
          .means = has("means"),
          .bayes = has("bayes"),
          .cluster = has("cluster"),
          .sequential = has("sequential")};
}

/// What a stored experiment was planned with cannot be said anew at a look.
void refuse_planned(const AnalyzeArguments& given) {
  const experiments::AnalysisOptions usual;
  const experiments::AnalysisOptions& options = given.options;
  const std::pair<bool, const char*> planned[] = {
      {options.control != usual.control, "--control"},
      {!given.kind.empty(), "--kind"},
      {given.metric != name_of(usual.metric), "--metric"},
      {options.min_sample.has_value(), "--min-sample"},
      {options.alpha != usual.alpha, "--alpha"},
      {options.planned_n.has_value(), "--planned-n"},
      {options.baseline.has_value(), "--baseline"},
      {options.split.has_value(), "--split"},
      {given.rows.rejects.has_value(), "--rejects"},
      {given.rows.strict, "--strict"}};
  for (const auto& [is_given, name] : planned) {
    if (!is_given) continue;
    throw core::UsageError(std::string(name) + " is for rows (--input)",
                           "of an experiment of the store it was said when that was created");
  }
}

void add_options(cli::Command& command, AnalyzeArguments& given) {
  experiments::AnalysisOptions& options = given.options;
  command.positional("ID", given.id, "an experiment of the store");
  command.value("--input", given.input, "FILE|-",
                "rows instead of the store, as JSONL or one list; - is standard input");
  command.value("--control", options.control, "NAME", "the arm that the others are held to");
  command
      .value("--kind", given.kind, "KIND",
             "what the rows are outcomes of; not given: ads where they carry day")
      .choice({"generation", "ads"});
  command
      .value("--metric", given.metric, "NAME",
             "of rows of days: clicks of impressions, conversions of clicks, conversions for "
             "spend, value for spend, clicks for spend")
      .choice({"link_ctr", "conversion_rate", "cpa", "roas", "clicks_per_spend"});
  command
      .value("--min-sample", options.min_sample, "N",
             "units that every arm needs: runs where rows have a cluster, impressions of days", 1)
      .shown_default("20, of days 1000");
  command.value("--alpha", options.alpha, "X",
                "error that a decision may have; intervals cover 1 - alpha", 1e-6, 0.5);
  command.value("--planned-n", options.planned_n, "N",
                "units an arm that were planned: turns the sequential test on", 1);
  command.value("--baseline", options.baseline, "RATE", "the control's rate that was planned with",
                1e-9, 1 - 1e-9);
  command.value("--split", options.split, "X",
                "share of units that the variants should have got: turns the ratio check on", 1e-6,
                1 - 1e-6);
  command.value("--srm-min-deviation", options.srm_min_deviation, "X",
                "part of a share that may be missing up to 100,000 units", 0.0, 1.0);
  command.value("--non-inferiority", options.non_inferiority, "X",
                "test instead that a variant is at least X times the control", 0.01, 2.0);
  command.value("--non-inferiority-confidence", options.non_inferiority_confidence, "X",
                "one-sided", 0.5, 0.999);
  command.value("--monte-carlo", options.monte_carlo, "N",
                "draws that P(best) is checked by; 0 is none", 0, 100'000'000);
  command.value("--method", given.method, "METHOD", "how Mann-Whitney is computed")
      .choice({"auto", "exact", "asymptotic"});
  command
      .list("--only", given.only, "PARTS",
            "compute these alone; hodges_lehmann then for arms of any size")
      .choice({"mann_whitney", "hodges_lehmann", "brunner_munzel", "cliffs_delta", "proportions",
               "means", "bayes", "cluster", "sequential"});
  given.as_of.add_to(command);
  given.rows.add_to(command);
}

}  // namespace

cli::Command experiment_analyze() {
  auto given = std::make_shared<AnalyzeArguments>();
  cli::Command command("analyze", "compare the arms of an experiment and say which one is better");
  command.schema = "analysis/v1";
  command.details =
      "Reads rows {\"arm\", \"value\"[, \"count\"][, \"cluster\"][, \"covariate\"]}, where count "
      "says how often the value occurred, and compares every arm to the control: Mann-Whitney "
      "(exact up to 60 values, also with ties), Brunner-Munzel, Hodges-Lehmann shift, rates with "
      "Newcombe interval where all values are 0 or 1 and Welch's t where they are not or where "
      "they have a covariate, and P(better), P(best) and expected loss by quadrature.\n\n"
      "Rows with a cluster (the run that an ad was made in) are judged by a permutation test over "
      "clusters: ads that were made together are not units of their own, and tests that take them "
      "so are marked naive. Rows without are judged by Mann-Whitney, as are all rows under --rules "
      "classic. A winner needs the minimum sample in every arm and p below alpha; with several "
      "variants the Benjamini-Hochberg q takes the place of p.\n\n"
      "Rows of days {\"arm\", \"day\", \"numerator\", \"denominator\"} are judged by their sums, "
      "with the scatter of the days taken in, at days 7, 10 and 14 only; for cpa they hold "
      "conversions and spend, so that more is better. Under --rules classic by P(best) over 0.90, "
      "with how often that names a winner among equal ads. Days may name their \"metric\": "
      "--metric "
      "decides, the others are compared beside it, and the q-values are over arms and metrics. "
      "Values are of one metric a call; where that is cpa or roas they are money, of which the "
      "sequential test takes no more than the pooled 99th percentile.\n\n"
      "With an ID the experiment of the store is looked at. Looks are counted: from the second one "
      "before the planned sample the sequential test decides, which may be looked at at any time; "
      "a look at what was seen before is not counted again. Of ads every metric that has events "
      "is compared, and the primary one decides. --as-of shows what a look at that time would have "
      "shown, also of an experiment that is over by now; it is not counted.\n\n"
      "Bad rows are left out and counted. What could not be computed is null, and not_computed "
      "says why.";
  add_options(command, *given);
  command.writes = true;
  command.examples = {
      {"adgenome experiment analyze EXPERIMENT", "one look at an experiment of the store"},
      {"adgenome experiment analyze --input outcomes.jsonl --control old_prompt",
       "which prompt version has more ads approved"},
      {"printf '%s\\n' '{\"arm\":\"control\",\"value\":1,\"count\":120}' "
       "'{\"arm\":\"control\",\"value\":0,\"count\":880}' "
       "'{\"arm\":\"b\",\"value\":1,\"count\":160}' '{\"arm\":\"b\",\"value\":0,\"count\":840}' | "
       "adgenome experiment analyze --input - --format json | jq .reason",
       "counted outcomes, the decision in one sentence"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    experiments::AnalysisOptions options = given->options;
    options.method = method_of(given->method);
    options.parts = parts_of(given->only);
    options.metric = experiments::metric_named(given->metric);
    if (context.seed_is_given()) options.seed = context.seed();
    if (given->id.has_value() == given->input.has_value()) {
      throw core::UsageError("give the ID of an experiment, or --input");
    }
    if (given->id) {
      refuse_planned(*given);
      return analyze_stored(*given->id, options, given->as_of, context);
    }
    given->as_of.need_store(true);
    options.is_classic = context.rules() == cli::Rules::kClassic;
    core::Rejects rejects = given->rows.collector();
    core::Json document =
        app::analyze_experiment_rows(*given->input, given->kind, rejects, options);
    given->rows.show(rejects, context);
    return analysis_output(std::move(document));
  };
  return command;
}

cli::Output analysis_output(core::Json document) {
  return {.document = std::move(document),
          .list = "comparisons",
          .columns = {"arm", "n_control", "n_variant", "effect_size", "mann_whitney.p_value",
                      "multiple.q_value", "bayes.p_better"}};
}

}  // namespace adgenome::commands
