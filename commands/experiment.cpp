#include <adgenome/app/experiment_analysis.hpp>
#include <algorithm>
#include <memory>

#include "commands.hpp"
#include "row_options.hpp"

namespace adgenome::commands {
namespace {

struct AnalyzeArguments {
  std::string input;
  std::string kind = "generation";
  std::string method = "auto";
  std::vector<std::string> only;
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
          .bayes = has("bayes")};
}

cli::Command analyze() {
  auto given = std::make_shared<AnalyzeArguments>();
  cli::Command command("analyze", "compare the arms of an experiment and say which one is better");
  command.schema = "analysis/v1";
  command.details =
      "Reads rows {\"arm\", \"value\"[, \"count\"]}, where count says how often the value "
      "occurred, and compares every arm to the control: Mann-Whitney (exact up to 60 values, also "
      "with ties), Brunner-Munzel, Hodges-Lehmann shift, rates with Newcombe interval where all "
      "values are 0 or 1 and Welch's t where they are not, and P(better), P(best) and expected "
      "loss by quadrature.\n\n"
      "A winner needs the minimum sample in every arm and p below alpha by Mann-Whitney; with "
      "several variants the Benjamini-Hochberg q takes the place of p. Every value counts as a "
      "unit of its own: ads that were made together are not, and make the test too sure.\n\n"
      "Bad rows are left out and counted. What could not be computed is null, and not_computed "
      "says why.";
  command.value("--input", given->input, "FILE|-", "rows as JSONL or one list; - is standard input")
      .required();
  command.value("--control", given->options.control, "NAME", "the arm that the others are held to");
  command.value("--kind", given->kind, "KIND", "what the rows are outcomes of")
      .choice({"generation"});
  command.value("--min-sample", given->options.min_sample, "N", "values that every arm needs", 1);
  command.value("--alpha", given->options.alpha, "X",
                "error that a decision may have; intervals cover 1 - alpha", 1e-6, 0.5);
  command.value("--method", given->method, "METHOD", "how Mann-Whitney is computed")
      .choice({"auto", "exact", "asymptotic"});
  command
      .list("--only", given->only, "PARTS",
            "compute these alone; hodges_lehmann then for arms of any size")
      .choice({"mann_whitney", "hodges_lehmann", "brunner_munzel", "cliffs_delta", "proportions",
               "means", "bayes"});
  given->rows.add_to(command);
  command.examples = {
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
    core::Rejects rejects = given->rows.collector();
    core::Json document = app::analyze_experiment_rows(given->input, rejects, options);
    given->rows.show(rejects, context);
    return {.document = std::move(document),
            .list = "comparisons",
            .columns = {"arm", "n_control", "n_variant", "effect_size", "mann_whitney.p_value",
                        "multiple.q_value", "bayes.p_better"}};
  };
  return command;
}

}  // namespace

cli::Command experiment() {
  cli::Command command("experiment", "A/B tests of how ads are made and of ads");
  command.examples = {
      {"adgenome experiment analyze --input outcomes.jsonl", "every arm against \"control\""},
      {"adgenome experiment analyze --input outcomes.jsonl --only mann_whitney,bayes --format csv",
       "two parts of it, one variant a line"}};
  command.children = {analyze()};
  return command;
}

}  // namespace adgenome::commands
