#include <adgenome/app/experiment_power.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "experiment_parts.hpp"
#include "support.hpp"

namespace adgenome::commands {

cli::Command experiment_power() {
  auto given = std::make_shared<app::PowerRequest>();
  cli::Command command("power", "plan an experiment: size, effect or power from the other two");
  command.schema = "power/v1";
  command.details =
      "Two of --effect, --sample and --power give the third; power is 0.8 where only one is given. "
      "Two rates are counted out over all outcomes below 1,000 units an arm and taken as normal "
      "above, means are Student's t, ranks are Noether's. Clusters and the scatter of days make "
      "units count for less.\n\n"
      "With --brand, what is not given comes from the brand's own past: the link CTR and its "
      "scatter from day to day, how alike the ads of a run are, impressions a day and CPM, and so "
      "the days and the money that the experiment takes; for --metric approval the share of ads "
      "that were approved, the size of runs and how alike their ads are.";
  command.value("--test", given->test, "NAME", "what the arms will be compared by")
      .choice({"proportions", "means", "mann_whitney"});
  command
      .value("--metric", given->metric, "NAME",
             "with --brand, which rate: clicks of impressions, or approval of ads made in runs")
      .choice({"link_ctr", "approval"});
  command.value("--baseline", given->baseline, "RATE", "the control's rate", 1e-9, 1 - 1e-9);
  command.value("--effect", given->effect, "X",
                "relative lift of a rate, difference in standard deviations, or P(variant > "
                "control) of mann_whitney");
  command.value("--sample", given->sample, "N", "units an arm", 1, 1'000'000'000'000);
  command.value("--power", given->power, "X", "chance that the effect is found", 0.01, 0.9999)
      .shown_default("0.8");
  command.value("--alpha", given->alpha, "X", "two-sided error of all comparisons together", 1e-6,
                0.5);
  command.value("--arms", given->arms, "N", "with the control", 2, 1000);
  command.value("--correction", given->correction, "NAME", "of several variants")
      .choice({"bonferroni", "dunnett"});
  command.value("--icc", given->icc, "X", "how alike the units of a cluster are", 0.0, 1.0);
  command.value("--cluster-size", given->cluster_size, "N", "units made together", 1.0, 1e9);
  command.value("--dispersion", given->dispersion, "X",
                "times that days scatter more than counts would", 1.0, 1e6);
  command.value("--daily-impressions", given->daily_impressions, "N", "of an arm", 1.0, 1e12);
  command.value("--cpm", given->cpm, "AMOUNT", "price of 1,000 impressions", 0.0, 1e9);
  command.value("--currency", given->currency, "CODE", "of --cpm");
  command.examples = {
      {"adgenome experiment power --baseline 0.012 --effect 0.15",
       "impressions an arm that find a CTR 15 % higher in four of five tests"},
      {"adgenome experiment power --test proportions --baseline 0.6 --sample 200 --cluster-size 5 "
       "--icc 0.2 --format json | jq .effect",
       "the lift of an approval rate that 200 ads an arm, made in runs of 5, can show"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    std::optional<app::BrandHistory> history;
    if (context.options().brand) {
      store::Session session = open_store(context);
      const store::Brand brand = brand_of(context, session);
      history = app::brand_history(session, brand.id, context.now());
    }
    return {.document = app::plan_experiment(*given, history)};
  };
  return command;
}

}  // namespace adgenome::commands
