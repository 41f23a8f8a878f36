#include <adgenome/store/production.hpp>

namespace adgenome::store {

std::optional<AdBatch> find_batch(Session& session, const std::string& brand_id,
                                  const std::string& batch_id) {
  std::optional<AdBatch> found;
  session.query(
      "SELECT id, selection_id, seed, options, plan, created_at FROM ad_batches "
      "WHERE brand_id = $1 AND id = $2",
      {brand_id, batch_id}, [&](const Row& row) {
        found = AdBatch{.id = row.text(0),
                        .selection_id = row.text(1),
                        .seed = row.text(2),
                        .options = row.json(3),
                        .plan = row.json(4),
                        .created_at = row.time(5)};
      });
  return found;
}

std::optional<std::string> find_run_state(Session& session, const std::string& brand_id,
                                          const std::string& run_id) {
  std::optional<std::string> state;
  session.query("SELECT state FROM ad_runs WHERE brand_id = $1 AND id = $2", {brand_id, run_id},
                [&](const Row& row) { state = row.text(0); });
  return state;
}

bool has_short_id(Session& session, const std::string& brand_id, const std::string& short_id,
                  const std::string& except_ad_id) {
  bool is_there = false;
  session.query("SELECT 1 FROM ads WHERE brand_id = $1 AND short_id = $2 AND id <> $3 LIMIT 1",
                {brand_id, short_id, except_ad_id}, [&](const Row&) { is_there = true; });
  return is_there;
}

void insert_batch(Session& session, const std::string& brand_id, const AdBatch& batch) {
  session.execute(
      "INSERT INTO ad_batches (brand_id, id, selection_id, seed, options, plan, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {brand_id, batch.id, batch.selection_id, batch.seed, json_value(batch.options),
       json_value(batch.plan), batch.created_at});
}

void insert_run(Session& session, const std::string& brand_id, const AdRun& run) {
  session.execute(
      "INSERT INTO ad_runs (brand_id, id, batch_id, product_id, template_id, persona_id, "
      "selection_id, preset, weight_set, generation_config, state, created_at, experiment_id, arm, "
      "seed_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      {brand_id, run.id, run.batch_id, run.product_id, run.template_id, run.persona_id,
       run.selection_id, or_null(run.preset), or_null(run.weight_set),
       json_value(run.generation_config), run.state, run.created_at, run.experiment_id, run.arm,
       run.seed_key});
}

RunArm arm_of_run(Session& session, const std::string& brand_id, const std::string& run_id) {
  RunArm found;
  session.query("SELECT experiment_id, arm, seed_key FROM ad_runs WHERE brand_id = $1 AND id = $2",
                {brand_id, run_id}, [&](const Row& row) {
                  found = {
                      .experiment_id = row.text(0), .arm = row.text(1), .seed_key = row.text(2)};
                });
  return found;
}

void set_run_state(Session& session, const std::string& brand_id, const std::string& run_id,
                   const std::string& state) {
  session.execute("UPDATE ad_runs SET state = $3 WHERE brand_id = $1 AND id = $2",
                  {brand_id, run_id, state});
}

void insert_descent(Session& session, const std::string& brand_id, const AdDescent& descent) {
  session.execute(
      "INSERT INTO ad_lineage (brand_id, parent_ad_id, child_ad_id, type, round, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {brand_id, descent.parent_ad_id, descent.child_ad_id, descent.type, descent.round,
       descent.created_at});
}

std::vector<std::string> retries_of_ad(Session& session, const std::string& brand_id,
                                       const std::string& ad_id) {
  std::vector<std::string> children;
  session.query(
      "SELECT child_ad_id FROM ad_lineage WHERE brand_id = $1 AND parent_ad_id = $2 "
      "AND type = 'retry' ORDER BY created_at, child_ad_id",
      {brand_id, ad_id}, [&](const Row& row) { children.push_back(row.text(0)); });
  return children;
}

std::int64_t count_attempts(Session& session, const std::string& brand_id,
                            const std::string& batch_id) {
  std::int64_t attempts = 0;
  session.query(
      "WITH RECURSIVE attempts (id) AS ("
      "SELECT a.id FROM ads a WHERE a.brand_id = $1 AND a.batch_id = $2 "
      "UNION SELECT l.child_ad_id FROM ad_lineage l JOIN attempts p ON p.id = l.parent_ad_id "
      "WHERE l.brand_id = $1 AND l.type = 'retry') SELECT COUNT(*) FROM attempts",
      {brand_id, batch_id}, [&](const Row& row) { attempts = row.integer(0); });
  return attempts;
}

void insert_ad(Session& session, const std::string& brand_id, const NewAd& ad) {
  session.execute(
      "INSERT INTO ads (brand_id, id, short_id, ad_run_id, batch_id, product_id, template_id, "
      "hook_id, prompt_index, canvas_size, color_mode, name, headline, prompt, prompt_version, "
      "tags, rendering, image_path, image_sha256, status, error, provider, cost_micros, "
      "element_choices, parent_ad_id, iteration_round, congruence_score, pre_generation_score, "
      "created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
      "$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)",
      {brand_id,
       ad.id,
       ad.short_id,
       ad.ad_run_id,
       ad.batch_id,
       ad.product_id,
       ad.template_id,
       ad.hook_id,
       ad.prompt_index,
       ad.canvas_size,
       ad.color_mode,
       ad.name,
       ad.headline,
       json_value(ad.prompt),
       ad.prompt_version,
       json_value(ad.tags),
       ad.rendering.is_null() ? Value() : json_value(ad.rendering),
       or_null(ad.image_path),
       or_null(ad.image_sha256),
       ad.status,
       or_null(ad.error),
       ad.provider,
       ad.cost_micros,
       json_value(ad.element_choices),
       ad.parent_ad_id,
       ad.iteration_round,
       or_null(ad.congruence_score),
       or_null(ad.pre_generation_score),
       ad.created_at});
}

void put_template_use(Session& session, const std::string& brand_id, const TemplateUse& use) {
  session.execute(
      "INSERT INTO template_usage (brand_id, ad_run_id, product_id, template_id, persona_id, "
      "used_at) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (brand_id, ad_run_id) DO UPDATE SET product_id = excluded.product_id, "
      "template_id = excluded.template_id, persona_id = excluded.persona_id, "
      "used_at = excluded.used_at",
      {brand_id, use.ad_run_id, use.product_id, use.template_id, use.persona_id, use.used_at});
}

void delete_template_use(Session& session, const std::string& brand_id,
                         const std::string& ad_run_id) {
  session.execute("DELETE FROM template_usage WHERE brand_id = $1 AND ad_run_id = $2",
                  {brand_id, ad_run_id});
}

void count_combinations(Session& session, const std::string& brand_id,
                        const std::set<std::string>& keys, core::Time used_at) {
  for (const std::string& key : keys) {
    // Uses may be told of in any order.
    session.execute(
        "INSERT INTO past_combo_usage (brand_id, combo_key, times_used, last_used_at, "
        "replaced_at) SELECT brand_id, combo_key, times_used, last_used_at, $3 FROM combo_usage "
        "WHERE brand_id = $1 AND combo_key = $2 AND last_used_at < $3 ON CONFLICT DO NOTHING",
        {brand_id, key, used_at});
    session.execute(
        "INSERT INTO combo_usage (brand_id, combo_key, times_used, last_used_at) "
        "VALUES ($1, $2, 1, $3) "
        "ON CONFLICT (brand_id, combo_key) DO UPDATE SET "
        "times_used = combo_usage.times_used + 1, "
        "last_used_at = CASE WHEN excluded.last_used_at > combo_usage.last_used_at "
        "THEN excluded.last_used_at ELSE combo_usage.last_used_at END",
        {brand_id, key, used_at});
  }
}

void uncount_combinations(Session& session, const std::string& brand_id,
                          const std::set<std::string>& keys) {
  for (const std::string& key : keys) {
    session.execute(
        "UPDATE combo_usage SET times_used = times_used - 1 "
        "WHERE brand_id = $1 AND combo_key = $2",
        {brand_id, key});
    session.execute(
        "DELETE FROM combo_usage WHERE brand_id = $1 AND combo_key = $2 AND times_used <= 0",
        {brand_id, key});
  }
}

std::optional<AdElements> find_ad_elements(Session& session, const std::string& brand_id,
                                           const std::string& ad_id) {
  std::optional<AdElements> found;
  session.query(
      "SELECT ad_run_id, product_id, template_id, tags, created_at FROM ads "
      "WHERE brand_id = $1 AND id = $2",
      {brand_id, ad_id}, [&](const Row& row) {
        found = AdElements{.ad_run_id = row.text(0),
                           .product_id = row.text(1),
                           .template_id = row.text(2),
                           .tags = row.json(3),
                           .created_at = row.time(4)};
      });
  return found;
}

}  // namespace adgenome::store
