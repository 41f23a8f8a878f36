#include "generation_store.hpp"

#include <adgenome/app/whitespace.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/embeddings.hpp>
#include <adgenome/store/production.hpp>
#include <adgenome/visual/color_layout.hpp>
#include <set>

#include "generation_estimate.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

/// Keys of the template's own combination and of every pair of tags of the run's ads.
std::set<std::string> combinations_of(const RunPlan& run) {
  std::set<std::string> keys{
      scoring::template_combination(run.from.category, run.from.awareness_level)};
  for (const Attempt& attempt : run.attempts) scoring::add_pairs(attempt.tags, keys);
  return keys;
}

Json tags_json(const Attempt& attempt) {
  Json tags = Json::object();
  for (const auto& [dimension, value] : attempt.tags) tags[dimension] = value;
  return tags;
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

GenerationRecord::GenerationRecord(store::Session& session, const store::Brand& brand,
                                   const GenerateRequest& request, const Chosen& chosen)
    : session_(session), brand_(brand), request_(request), chosen_(chosen) {}

Json GenerationRecord::options_json() const {
  Json sizes = Json::array();
  for (const creative::CanvasSize& size : request_.sizes) sizes.push_back(size.name);
  return {{"product", chosen_.product_id},
          {"templates", chosen_.templates},
          {"persona", or_null(request_.persona)},
          {"offer_variant", or_null(request_.offer_variant)},
          {"provider", request_.provider},
          {"wording", wording_of(generation_settings(session_, brand_), request_)},
          {"sizes", std::move(sizes)},
          {"colors", request_.colors},
          {"hooks", request_.hooks},
          {"source", request_.source},
          {"angle", or_null(request_.angle)},
          {"plan", or_null(request_.plan)},
          {"elements", request_.elements},
          {"prompt_version", request_.prompt_version},
          {"retry_of", or_null(request_.retry_of)},
          {"template_image", or_null(request_.template_image)}};
}

std::optional<BatchPlan> GenerationRecord::find_earlier(const std::string& batch_id,
                                                        std::uint64_t& seed) const {
  const auto batch = store::find_batch(session_, brand_.id, batch_id);
  if (!batch) return std::nullopt;
  const nlohmann::json options = options_json();
  if (nlohmann::json(batch->options) != options || batch->selection_id != chosen_.selection_id ||
      !batch->plan.contains("runs")) {
    throw InvalidInput(
        "batch " + batch_id + " is there already, of other templates or options",
        request_.batch ? "name another with --batch" : "make it with another --seed or --now");
  }
  seed = core::to_uint64(batch->seed).value_or(seed);
  return plan_from_json(batch->plan);
}

void GenerationRecord::give_ids(BatchPlan& plan, core::IdSource& ids) const {
  std::set<std::string> taken;
  for (DecidedRun& run : plan.runs) {
    run.id = ids.next();
    for (DecidedAttempt& attempt : run.attempts) {
      std::string short_id;
      do {
        attempt.ad_id = ids.next();
        short_id = core::short_id(attempt.ad_id);
      } while (taken.contains(short_id) ||
               store::has_short_id(session_, brand_.id, short_id, attempt.ad_id));
      taken.insert(short_id);
    }
  }
}

void GenerationRecord::begin(const std::string& batch_id, const BatchPlan& plan) {
  store::Transaction transaction(session_);
  for (const std::string& id : batches_of(plan)) {
    store::insert_batch(session_, brand_.id,
                        {.id = id,
                         .selection_id = chosen_.selection_id,
                         .seed = std::to_string(request_.seed),
                         .options = options_json(),
                         .plan = id == batch_id ? to_json(plan) : Json::object(),
                         .created_at = request_.now});
  }
  for (const DecidedRun& run : plan.runs) {
    // What is made in the place of rejected ads belongs to the run that those are of.
    if (!run.arm || request_.retry_of) continue;
    store::put_experiment_run(
        session_, brand_.id, run.arm->experiment_id,
        {.ad_run_id = run.id, .arm = run.arm->arm, .seed_key = run.arm->seed_key}, request_.now);
  }
  transaction.commit();
}

void GenerationRecord::begin_run(const RunPlan& run, const Json& generation_config,
                                 const std::vector<std::string>& proposed_pairs) {
  if (store::find_run_state(session_, brand_.id, run.id)) return;
  const AssignedArm arm = run.decided->arm.value_or(AssignedArm{});
  store::Transaction transaction(session_);
  store::insert_run(session_, brand_.id,
                    {.id = run.id,
                     .batch_id = run.decided->batch_id,
                     .product_id = chosen_.product_id,
                     .template_id = run.from.id,
                     .persona_id = run.decided->persona_id.value_or(""),
                     .selection_id = chosen_.selection_id,
                     .preset = chosen_.preset,
                     .weight_set = chosen_.weight_set,
                     .generation_config = generation_config,
                     .state = "generating",
                     .created_at = request_.now,
                     .experiment_id = arm.experiment_id,
                     .arm = arm.arm,
                     .seed_key = arm.seed_key});
  // A picture from outside the catalogue leaves no trace in how often what was used.
  if (!run.from.id.empty()) {
    store::put_template_use(session_, brand_.id,
                            {.ad_run_id = run.id,
                             .product_id = chosen_.product_id,
                             .template_id = run.from.id,
                             .persona_id = run.decided->persona_id.value_or(""),
                             .used_at = request_.now});
    store::count_combinations(session_, brand_.id, combinations_of(run), request_.now);
  }
  note_injected(session_, brand_.id, proposed_pairs, run.id, request_.now);
  transaction.commit();
}

std::string GenerationRecord::status_of(const MadeAd& made) {
  return made.error ? "generation_failed" : "pending";
}

void GenerationRecord::save_ad(const RunPlan& run, const Attempt& attempt, const MadeAd& made,
                               const std::optional<std::string>& image_path) {
  std::string name = creative::image_file_name(brand_.name, attempt.short_id, run.from.name,
                                               attempt.color_mode, attempt.size);
  name.resize(name.rfind('.'));
  store::Transaction transaction(session_);
  store::insert_ad(session_, brand_.id,
                   {.id = attempt.id,
                    .short_id = attempt.short_id,
                    .ad_run_id = run.id,
                    .batch_id = run.decided->batch_id,
                    .product_id = chosen_.product_id,
                    .template_id = run.from.id,
                    .hook_id = attempt.text->hook_id,
                    .prompt_index = attempt.prompt_index,
                    .canvas_size = attempt.size.name,
                    .color_mode = attempt.color_mode,
                    .name = name,
                    .headline = attempt.content.headline,
                    .prompt = creative::to_json(attempt.prompt),
                    .prompt_version = attempt.prompt.version,
                    .tags = tags_json(attempt),
                    .rendering = made.rendering,
                    .image_path = image_path,
                    .image_sha256 = made.sha256.empty() ? std::nullopt : std::optional(made.sha256),
                    .status = status_of(made),
                    .error = made.error,
                    .provider = run.provider,
                    .cost_micros = made.cost_micros,
                    .element_choices = attempt.element_choices,
                    .parent_ad_id = attempt.parent_ad_id,
                    .iteration_round = attempt.round,
                    .congruence_score = attempt.prompt.congruence_score,
                    .created_at = request_.now});
  if (!attempt.parent_ad_id.empty()) {
    store::insert_descent(session_, brand_.id,
                          {.parent_ad_id = attempt.parent_ad_id,
                           .child_ad_id = attempt.id,
                           .type = "retry",
                           .round = attempt.round,
                           .created_at = request_.now});
  }
  if (!made.color_layout.empty()) {
    store::put_embedding(session_, brand_.id, store::EmbeddingKind::kAd, attempt.id,
                         visual::kColorLayoutModel, made.color_layout);
  }
  transaction.commit();
}

void GenerationRecord::end_run(const RunPlan& run, bool has_failed) {
  if (store::find_run_state(session_, brand_.id, run.id) != "generating") return;
  store::Transaction transaction(session_);
  store::set_run_state(session_, brand_.id, run.id, has_failed ? "failed" : "complete");
  if (!has_failed) mark_plan_items(run);
  if (run.decided->arm) {
    record_outcomes(session_, brand_.id, run.decided->arm->experiment_id, request_.now);
  }
  transaction.commit();
}

void GenerationRecord::mark_plan_items(const RunPlan& run) {
  if (!request_.plan) return;
  std::set<std::size_t> texts;  // those that this part of the run has made ads of
  for (const DecidedAttempt& attempt : run.decided->attempts) texts.insert(attempt.text);
  auto plan = store::find_plan(session_, brand_.id, *request_.plan);
  if (!plan) return;  // taken away since: nothing is left to mark
  for (const std::size_t text : texts) {
    const auto item = run.decided->texts[text].plan_item;
    if (!item || static_cast<std::size_t>(*item) >= plan->items.size()) continue;
    core::Json& entry = plan->items[static_cast<std::size_t>(*item)];
    entry["made"] = entry.value("made", std::int64_t{0}) + 1;
  }
  store::set_plan_items(session_, brand_.id, plan->id, plan->items);
}

std::map<std::string, store::ListedAd> GenerationRecord::ads_of(const RunPlan& run) const {
  std::map<std::string, store::ListedAd> found;
  store::AdFilter of_run;
  of_run.ad_run_id = run.id;
  store::list_ads(session_, brand_.id, of_run,
                  [&](const store::ListedAd& ad) { found.emplace(ad.id, ad); });
  return found;
}

}  // namespace adgenome::app
