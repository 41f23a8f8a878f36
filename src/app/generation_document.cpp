#include "generation_document.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/store/element_scores.hpp>
#include <algorithm>

#include "generation_estimate.hpp"
#include "generation_store.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr const char* kPipelineVersion = "2";

/// The experiment by whose arms the runs are made; all of them are of one.
Json experiment_of(const BatchPlan& plan) {
  for (const DecidedRun& run : plan.runs) {
    if (run.arm) return run.arm->experiment_id;
  }
  return nullptr;
}

}  // namespace

Json ad_json(const RunPlan& run, const Attempt& attempt, const MadeAd& made,
             const std::optional<std::string>& path) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"ad_id", attempt.id},
          {"ad_run_id", run.id},
          {"template_id", or_null(run.from.id)},
          {"arm", run.decided->arm ? Json(run.decided->arm->arm) : Json()},
          {"hook_id", or_null(attempt.text->hook_id)},
          {"prompt_index", attempt.prompt_index},
          {"canvas_size", attempt.size.name},
          {"color_mode", attempt.color_mode},
          {"headline", attempt.content.headline},
          {"status", GenerationRecord::status_of(made)},
          {"image", path ? Json(*path) : Json()},
          {"sha256", or_null(made.sha256)},
          {"cost", core::money_number(made.cost_micros)},
          {"error", made.error ? Json(*made.error) : Json()}};
}

Json earlier_ad_json(const RunPlan& run, const store::ListedAd& ad) {
  const auto attempt = std::find_if(run.attempts.begin(), run.attempts.end(),
                                    [&](const Attempt& one) { return one.id == ad.id; });
  if (attempt == run.attempts.end()) {
    throw core::InvalidInput("ad " + ad.id + " of run " + run.id + " is not in the batch's plan");
  }
  MadeAd made;
  made.error = ad.error;
  made.sha256 = ad.image_sha256.value_or("");
  made.cost_micros = ad.cost_micros;
  Json shown = ad_json(run, *attempt, made, ad.image_path);
  shown["status"] = ad.status;
  return shown;
}

Json generation_config(store::Session& session, const store::Brand& brand,
                       const GenerateRequest& request, const BatchPlan& plan, const RunPlan& run) {
  const Json settings = generation_settings(session, brand);
  const std::optional<AssignedArm>& arm = run.decided->arm;
  const ArmConfig config = config_of(arm);
  const auto genome = store::element_scores_updated_at(session, brand.id, store::kNewest);
  return {{"prompt_version", run.attempts.front().prompt.version},
          {"pipeline_version", kPipelineVersion},
          {"rubric_version", creative::kRubricVersion},
          {"genome_version", genome ? Json(core::format_time(*genome)) : Json()},
          {"layout", run.layout ? Json(run.layout->id()) : Json()},
          {"provider", run.provider},
          {"wording", wording_of(settings, request)},
          {"congruence_threshold", congruence_threshold_of(settings, request, *run.decided)},
          {"source", config.content_source.value_or(request.source)},
          {"elements", config.elements.value_or(request.elements)},
          {"arm_config", arm ? arm->config : Json()},
          {"retry_of", request.retry_of ? Json(*request.retry_of) : Json()},
          {"missing_advice", to_json(plan.missing)}};
}

Json generation_document(const MadeBatch& batch, const GenerateRequest& request,
                         const GenerateReport& report, const Json& reason, Json ads) {
  const std::string& selection = batch.chosen.selection_id;
  return {{"batch_id", batch.id},
          {"batches", batch.plan.runs.empty() ? std::vector{batch.id} : batches_of(batch.plan)},
          {"selection_id", selection.empty() ? Json() : Json(selection)},
          {"brand_id", batch.brand.id},
          {"product_id", batch.chosen.product_id},
          {"provider", request.provider},
          {"experiment_id", experiment_of(batch.plan)},
          {"seed", core::wide_integer(batch.seed)},
          {"attempts", report.attempts},
          {"generated", report.attempts - report.failed},
          {"failed", report.failed},
          {"cost", core::money_number(batch.cost_micros)},
          {"reason", reason},
          {"warnings", report.warnings},
          {"ads", std::move(ads)}};
}

}  // namespace adgenome::app
