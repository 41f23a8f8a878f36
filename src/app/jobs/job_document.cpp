#include "job_document.hpp"

namespace adgenome::app {

using core::Json;

Json time_or_null(const std::optional<core::Time>& time) {
  return time ? Json(core::format_time(*time)) : Json();
}

Json to_json(const store::Job& job) {
  return {{"job_id", job.id},
          {"brand_id", job.brand_id},
          {"type", job.type},
          {"parameters", job.parameters},
          {"schedule_id", job.schedule_id.empty() ? Json() : Json(job.schedule_id)},
          {"state", job.state},
          {"due_at", core::format_time(job.due_at)},
          {"attempts", job.attempts},
          {"max_attempts", job.max_attempts},
          {"time_limit_seconds", job.time_limit_seconds},
          {"cancel_requested", job.cancel_requested},
          {"error", job.error},
          {"created_at", core::format_time(job.created_at)},
          {"finished_at", time_or_null(job.finished_at)}};
}

Json to_json(const store::JobRun& run) {
  Json metadata = run.metadata;
  metadata.erase("outputs");  // of use to the next run alone
  return {{"run", run.run},
          {"attempt", run.attempt},
          {"worker", run.worker},
          {"state", run.state},
          {"started_at", core::format_time(run.started_at)},
          {"finished_at", time_or_null(run.finished_at)},
          {"error", run.error},
          {"metadata", std::move(metadata)}};
}

}  // namespace adgenome::app
