#include <adgenome/store/experiments.hpp>

#include "known_verdict.hpp"

namespace adgenome::store {
namespace {

constexpr std::string_view kExperimentColumns =
    "SELECT id, kind, name, hypothesis, state, control_arm, split, min_sample, planned_sample, "
    "baseline, test_variable, hold_constant, assignment, primary_metric, daily_budget_micros, "
    "currency, days, created_at, activated_at, running_from, ended_at, decision, winner, "
    "conclusion, request FROM experiments ";

Experiment experiment_of(const Row& row) {
  return {.id = row.text(0),
          .kind = row.text(1),
          .name = row.text(2),
          .hypothesis = row.optional_text(3),
          .state = row.text(4),
          .control_arm = row.text(5),
          .split = row.optional_real(6),
          .min_sample = row.integer(7),
          .planned_sample = row.optional_integer(8),
          .baseline = row.optional_real(9),
          .test_variable = row.optional_text(10),
          .hold_constant = row.json(11),
          .assignment = row.optional_text(12),
          .primary_metric = row.optional_text(13),
          .daily_budget_micros = row.optional_integer(14),
          .currency = row.optional_text(15),
          .days = row.optional_integer(16),
          .created_at = row.time(17),
          .activated_at = row.optional_time(18),
          .running_from = row.is_null(19) ? std::nullopt : std::optional(row.day(19)),
          .ended_at = row.optional_time(20),
          .decision = row.optional_text(21),
          .winner = row.optional_text(22),
          .conclusion = row.is_null(23) ? core::Json() : row.json(23),
          .request = row.is_null(24) ? core::Json() : row.json(24)};
}

std::vector<Experiment> experiments_where(Session& session, const std::string& condition,
                                          const std::vector<Value>& parameters) {
  std::vector<Experiment> list;
  session.query(std::string(kExperimentColumns) + condition, parameters,
                [&](const Row& row) { list.push_back(experiment_of(row)); });
  return list;
}

std::optional<Experiment> first_of(std::vector<Experiment> list) {
  return list.empty() ? std::nullopt : std::optional(std::move(list.front()));
}

Value day_value(const std::optional<core::Day>& day) {
  return day ? Value(core::format_day(*day)) : Value();
}

Value json_or_null(const core::Json& document) {
  return document.is_null() ? Value() : json_value(document);
}

}  // namespace

void insert_experiment(Session& session, const std::string& brand_id, const Experiment& experiment,
                       const std::vector<ExperimentArm>& arms) {
  session.execute(
      "INSERT INTO experiments (brand_id, id, kind, name, hypothesis, state, control_arm, split, "
      "min_sample, planned_sample, baseline, test_variable, hold_constant, assignment, "
      "primary_metric, daily_budget_micros, currency, days, created_at, request) VALUES ($1, $2, "
      "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
      {brand_id,
       experiment.id,
       experiment.kind,
       experiment.name,
       or_null(experiment.hypothesis),
       experiment.state,
       experiment.control_arm,
       or_null(experiment.split),
       experiment.min_sample,
       or_null(experiment.planned_sample),
       or_null(experiment.baseline),
       or_null(experiment.test_variable),
       json_value(experiment.hold_constant),
       or_null(experiment.assignment),
       or_null(experiment.primary_metric),
       or_null(experiment.daily_budget_micros),
       or_null(experiment.currency),
       or_null(experiment.days),
       experiment.created_at,
       json_or_null(experiment.request)});
  for (const ExperimentArm& arm : arms) {
    session.execute(
        "INSERT INTO experiment_arms (brand_id, experiment_id, arm, position, config, ad_id) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {brand_id, experiment.id, arm.arm, arm.position, json_value(arm.config), arm.ad_id});
  }
}

std::optional<Experiment> find_experiment(Session& session, const std::string& brand_id,
                                          const std::string& id) {
  return first_of(experiments_where(session, "WHERE brand_id = $1 AND id = $2", {brand_id, id}));
}

std::vector<Experiment> experiments(Session& session, const std::string& brand_id) {
  return experiments_where(session, "WHERE brand_id = $1 ORDER BY created_at DESC, id DESC",
                           {brand_id});
}

std::optional<Experiment> active_generation_experiment(Session& session,
                                                       const std::string& brand_id) {
  return first_of(experiments_where(
      session, "WHERE brand_id = $1 AND kind = 'generation' AND state = 'active'", {brand_id}));
}

std::vector<ExperimentArm> experiment_arms(Session& session, const std::string& brand_id,
                                           const std::string& id, core::Time known_at) {
  std::vector<ExperimentArm> arms;
  session.query(
      "SELECT arm, position, config, ad_id, CASE WHEN linked_at <= $3 THEN platform ELSE '' END, "
      "  CASE WHEN linked_at <= $3 THEN adset_id ELSE '' END, "
      "  CASE WHEN linked_at <= $3 THEN platform_ad_id ELSE '' END, "
      "  CASE WHEN linked_at <= $3 THEN linked_at END "
      "FROM experiment_arms WHERE brand_id = $1 AND experiment_id = $2 ORDER BY position",
      {brand_id, id, known_at}, [&](const Row& row) {
        arms.push_back({.arm = row.text(0),
                        .position = row.integer(1),
                        .config = row.json(2),
                        .ad_id = row.text(3),
                        .platform = row.text(4),
                        .adset_id = row.text(5),
                        .platform_ad_id = row.text(6),
                        .linked_at = row.optional_time(7)});
      });
  return arms;
}

void update_experiment(Session& session, const std::string& brand_id,
                       const Experiment& experiment) {
  session.execute(
      "UPDATE experiments SET state = $3, activated_at = $4, running_from = $5, ended_at = $6, "
      "decision = $7, winner = $8, conclusion = $9 WHERE brand_id = $1 AND id = $2",
      {brand_id, experiment.id, experiment.state, or_null(experiment.activated_at),
       day_value(experiment.running_from), or_null(experiment.ended_at),
       or_null(experiment.decision), or_null(experiment.winner),
       json_or_null(experiment.conclusion)});
  if (!experiment.ended_at) return;
  session.execute(
      "UPDATE experiment_arms SET released_at = $3 WHERE brand_id = $1 AND experiment_id = $2",
      {brand_id, experiment.id, *experiment.ended_at});
}

void link_arm(Session& session, const std::string& brand_id, const std::string& id,
              const ExperimentArm& arm) {
  session.execute(
      "UPDATE experiment_arms SET platform = $4, adset_id = $5, platform_ad_id = $6, "
      "linked_at = $7 WHERE brand_id = $1 AND experiment_id = $2 AND arm = $3",
      {brand_id, id, arm.arm, arm.platform, arm.adset_id, arm.platform_ad_id,
       or_null(arm.linked_at)});
}

std::optional<std::pair<std::string, std::string>> arm_of_ad_set(Session& session,
                                                                 const std::string& brand_id,
                                                                 const std::string& platform,
                                                                 const std::string& adset_id) {
  std::optional<std::pair<std::string, std::string>> found;
  session.query(
      "SELECT experiment_id, arm FROM experiment_arms "
      "WHERE brand_id = $1 AND platform = $2 AND adset_id = $3 AND released_at IS NULL",
      {brand_id, platform, adset_id},
      [&](const Row& row) { found = std::pair(row.text(0), row.text(1)); });
  return found;
}

std::map<std::string, core::Time> ad_sets_free_since(Session& session, const std::string& brand_id,
                                                     const std::string& id, core::Time known_at) {
  std::map<std::string, core::Time> since;
  session.query(
      "SELECT e.arm, MAX(o.released_at) FROM experiment_arms e "
      "JOIN experiment_arms o ON o.brand_id = $1 AND o.platform = e.platform "
      "  AND o.adset_id = e.adset_id AND o.experiment_id <> e.experiment_id "
      "WHERE e.brand_id = $1 AND e.experiment_id = $2 AND e.adset_id <> '' "
      "  AND o.released_at <= $3 GROUP BY e.arm",
      {brand_id, id, known_at}, [&](const Row& row) { since.emplace(row.text(0), row.time(1)); });
  return since;
}

std::vector<ExperimentRun> experiment_runs(Session& session, const std::string& brand_id,
                                           const std::string& id, core::Time known_at) {
  std::vector<ExperimentRun> runs;
  session.query(
      "SELECT ad_run_id, arm, seed_key, CASE WHEN recorded_at <= $3 THEN ads END, "
      "  CASE WHEN recorded_at <= $3 THEN approved END FROM experiment_runs "
      "WHERE brand_id = $1 AND experiment_id = $2 AND assigned_at <= $3 ORDER BY ad_run_id",
      {brand_id, id, known_at}, [&](const Row& row) {
        runs.push_back({.ad_run_id = row.text(0),
                        .arm = row.text(1),
                        .seed_key = row.text(2),
                        .ads = row.optional_integer(3),
                        .approved = row.optional_integer(4)});
      });
  return runs;
}

void put_experiment_run(Session& session, const std::string& brand_id, const std::string& id,
                        const ExperimentRun& run, core::Time now) {
  session.execute(
      "INSERT INTO experiment_runs (brand_id, experiment_id, ad_run_id, arm, seed_key, "
      "assigned_at, ads, approved, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
      "ON CONFLICT (brand_id, experiment_id, ad_run_id) DO UPDATE SET ads = excluded.ads, "
      "approved = excluded.approved, recorded_at = excluded.recorded_at",
      {brand_id, id, run.ad_run_id, run.arm, run.seed_key, now, or_null(run.ads),
       or_null(run.approved), run.ads ? Value(now) : Value()});
}

std::vector<RunOutcome> run_outcomes(Session& session, const std::string& brand_id,
                                     const std::string& id, core::Time known_at) {
  std::vector<RunOutcome> outcomes;
  // An ad with those that were made in its place is one: approved as soon as one of them is, and
  // open as long as one may still be.
  session.query(
      "WITH RECURSIVE family (ad_run_id, first_id, id) AS ("
      "  SELECT a.ad_run_id, a.id, a.id FROM experiment_runs r "
      "  JOIN ads a ON a.brand_id = $1 AND a.ad_run_id = r.ad_run_id "
      "  WHERE r.brand_id = $1 AND r.experiment_id = $2 AND r.assigned_at <= $3 "
      "  UNION ALL "
      "  SELECT f.ad_run_id, f.first_id, l.child_ad_id FROM family f "
      "  JOIN ad_lineage l ON l.brand_id = $1 AND l.parent_ad_id = f.id AND l.type = 'retry'), "
      "verdicts AS ("
      "  SELECT f.ad_run_id, f.first_id, " +
          known_status("$3") + " AS status, " + known_human_decision("$3") +
          " AS human "
          "  FROM family f JOIN ads a ON a.brand_id = $1 AND a.id = f.id AND a.created_at <= $3), "
          "decided AS ("
          "  SELECT ad_run_id, first_id, "
          "    MAX(CASE WHEN COALESCE(human, status) = 'approved' THEN 1 ELSE 0 END) AS approved, "
          "    MAX(CASE WHEN COALESCE(human, status) "
          "      IN ('approved', 'rejected', 'generation_failed') THEN 0 ELSE 1 END) AS is_open, "
          "    MAX(CASE WHEN human <> status THEN 1 ELSE 0 END) AS overridden "
          "  FROM verdicts GROUP BY ad_run_id, first_id) "
          "SELECT ad_run_id, CAST(COUNT(*) AS BIGINT), CAST(SUM(approved) AS BIGINT), "
          "  CAST(SUM(overridden) AS BIGINT) FROM decided WHERE approved = 1 OR is_open = 0 "
          "GROUP BY ad_run_id ORDER BY ad_run_id",
      {brand_id, id, known_at}, [&](const Row& row) {
        outcomes.push_back({.ad_run_id = row.text(0),
                            .ads = row.integer(1),
                            .approved = row.integer(2),
                            .overridden = row.integer(3)});
      });
  return outcomes;
}

std::optional<ExperimentAnalysis> last_analysis(Session& session, const std::string& brand_id,
                                                const std::string& id, core::Time known_at) {
  std::optional<ExperimentAnalysis> last;
  session.query(
      "SELECT look, document FROM experiment_analyses WHERE brand_id = $1 AND experiment_id = $2 "
      "AND analysed_at <= $3 ORDER BY look DESC LIMIT 1",
      {brand_id, id, known_at}, [&](const Row& row) {
        last = ExperimentAnalysis{.look = row.integer(0), .document = row.json(1)};
      });
  return last;
}

void insert_analysis(Session& session, const std::string& brand_id, const std::string& id,
                     const ExperimentAnalysis& analysis, core::Time now) {
  session.execute(
      "INSERT INTO experiment_analyses (brand_id, experiment_id, look, document, analysed_at) "
      "VALUES ($1, $2, $3, $4, $5)",
      {brand_id, id, analysis.look, json_value(analysis.document), now});
}

std::vector<ArmDay> arm_days(Session& session, const std::string& brand_id, const std::string& id,
                             core::Time known_at, core::Time linked_at) {
  std::vector<ArmDay> days;
  session.query(
      "WITH days AS (SELECT e.arm, d.date_start, d.currency, "
      "  CAST(SUM(d.impressions) AS BIGINT) AS impressions, "
      "  CAST(SUM(d.spend_micros) AS BIGINT) AS spend, "
      "  CAST(SUM(COALESCE(d.clicks, 0)) AS BIGINT) AS clicks, "
      "  CAST(SUM(COALESCE(d.link_clicks, 0)) AS BIGINT) AS link_clicks, "
      "  COUNT(d.link_clicks) AS link_clicks_count, "
      "  CAST(SUM(COALESCE(d.conversions_millionths, 0)) AS BIGINT) AS conversions, "
      "  CAST(SUM(COALESCE(d.conversion_value_micros, 0)) AS BIGINT) AS value "
      "FROM experiment_arms e "
      "JOIN platform_ads p ON p.brand_id = $1 AND p.platform = e.platform "
      "  AND p.adset_id = e.adset_id "
      "  AND (e.platform_ad_id = '' OR p.platform_ad_id = e.platform_ad_id) "
      "JOIN ad_performance d ON d.brand_id = $1 AND d.ad_number = p.number "
      "WHERE e.brand_id = $1 AND e.experiment_id = $2 AND e.adset_id <> '' AND e.linked_at <= $4 "
      "  AND d.date_start = d.date_stop AND d.learned_at <= $3 "
      "  AND (d.replaced_at IS NULL OR d.replaced_at > $3) "
      "GROUP BY e.arm, d.date_start, d.currency) "
      "SELECT arm, date_start, currency, impressions, spend, "
      "  CASE WHEN SUM(link_clicks_count) OVER () > 0 THEN link_clicks ELSE clicks END, "
      "  conversions, value FROM days ORDER BY arm, date_start, currency",
      {brand_id, id, known_at, linked_at}, [&](const Row& row) {
        days.push_back({.arm = row.text(0),
                        .day = row.day_number(1),
                        .currency = row.text(2),
                        .impressions = row.integer(3),
                        .spend_micros = row.integer(4),
                        .clicks = row.integer(5),
                        .conversions_millionths = row.integer(6),
                        .conversion_value_micros = row.integer(7)});
      });
  return days;
}

void put_causal_effect(Session& session, const std::string& brand_id, const CausalEffect& effect,
                       core::Time now) {
  session.execute(
      "INSERT INTO causal_effects (brand_id, experiment_id, metric, dimension, value, "
      "compared_with, effect, effect_low, effect_high, effect_shrunk, pairs, evidence, document, "
      "concluded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {brand_id, effect.experiment_id, effect.metric, effect.dimension, effect.value,
       effect.compared_with, effect.effect, effect.effect_low, effect.effect_high,
       or_null(effect.effect_shrunk), effect.pairs, effect.evidence, json_value(effect.document),
       now});
}

std::vector<CausalEffect> causal_effects(Session& session, const std::string& brand_id) {
  std::vector<CausalEffect> effects;
  session.query(
      "SELECT experiment_id, metric, dimension, value, compared_with, effect, effect_low, "
      "effect_high, effect_shrunk, pairs, evidence, document FROM causal_effects "
      "WHERE brand_id = $1 ORDER BY concluded_at DESC, pairs DESC, experiment_id, dimension, "
      "value, compared_with, metric",
      {brand_id}, [&](const Row& row) {
        effects.push_back({.experiment_id = row.text(0),
                           .metric = row.text(1),
                           .dimension = row.text(2),
                           .value = row.text(3),
                           .compared_with = row.text(4),
                           .effect = row.real(5),
                           .effect_low = row.real(6),
                           .effect_high = row.real(7),
                           .effect_shrunk = row.optional_real(8),
                           .pairs = row.integer(9),
                           .evidence = row.text(10),
                           .document = row.json(11)});
      });
  return effects;
}

}  // namespace adgenome::store
