#include <adgenome/app/jobs.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <filesystem>

#include "job_document.hpp"
#include "schedules.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

store::Job require_job(store::Session& session, const std::string& brand_id,
                       const std::string& id) {
  auto job = store::find_job(session, brand_id, id);
  if (!job) {
    throw InvalidInput("brand " + brand_id + " has no job \"" + id + "\"",
                       "adgenome job list shows them");
  }
  return std::move(*job);
}

Json types_document(const CommandSet& commands,
                    const std::map<std::string, core::Time>& last_success) {
  Json items = Json::array();
  for (const JobType& type : job_types()) {
    const std::string name(type.name);
    const std::vector<std::string> missing = missing_commands(type, commands);
    const auto success = last_success.find(name);
    items.push_back(
        {{"type", name},
         {"summary", std::string(type.summary)},
         {"offered", missing.empty()},
         {"missing_commands", missing},
         {"usual_schedule", type.schedule.empty() ? Json() : Json(std::string(type.schedule))},
         {"last_success_at",
          success == last_success.end() ? Json() : Json(core::format_time(success->second))}});
  }
  return items;
}

}  // namespace

Json parameters_of(const std::vector<std::pair<std::string, std::string>>& given,
                   const JobType& type) {
  Json parameters = Json::object();
  std::vector<std::string> known;
  for (const JobParameter& parameter : type.parameters) known.emplace_back(parameter.name);
  for (auto [name, value] : given) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw InvalidInput(
          "job type " + std::string(type.name) + " has no parameter \"" + name + "\"",
          known.empty() ? "it has none" : "it has " + core::join(known, ", "));
    }
    // A folder means the same wherever the worker is started.
    const bool is_folder =
        std::any_of(type.steps.begin(), type.steps.end(),
                    [&name](const JobStep& step) { return step.each_file_of == name; });
    if (is_folder) value = std::filesystem::absolute(value).lexically_normal().string();
    Json& kept = parameters[name];
    if (kept.is_null()) {
      kept = value;
    } else {
      if (kept.is_string()) kept = Json::array({kept});
      kept.push_back(value);
    }
  }
  for (const JobParameter& parameter : type.parameters) {
    if (parameter.is_required && !parameters.contains(std::string(parameter.name))) {
      throw InvalidInput("job type " + std::string(type.name) + " needs the parameter " +
                             std::string(parameter.name),
                         "give it with --param " + std::string(parameter.name) + "=VALUE");
    }
  }
  return parameters;
}

Json submit_job(store::Session& session, const std::string& brand_id, const JobType& type,
                const JobRequest& request) {
  const store::Job job{
      .brand_id = brand_id,
      .id = request.id,
      .type = std::string(type.name),
      .parameters = request.parameters,
      .due_at = request.due_at.value_or(request.now),
      .max_attempts = request.max_attempts,
      .time_limit_seconds = request.time_limit_seconds.value_or(type.time_limit.count()),
      .created_at = request.now};
  Json document = to_json(job);
  if (const auto same = store::find_job(session, brand_id, job.id)) {
    // The same command with the same --seed and --now.
    if (same->type != job.type ||
        nlohmann::json(same->parameters) != nlohmann::json(job.parameters)) {
      throw InvalidInput("there is another job \"" + job.id + "\"",
                         "was it submitted with the same --seed and --now?");
    }
    return show_job(session, brand_id, job.id);
  }
  if (!request.is_dry_run) store::insert_job(session, job);
  document["runs"] = Json::array();
  return document;
}

Json show_job(store::Session& session, const std::string& brand_id, const std::string& id) {
  Json document = to_json(require_job(session, brand_id, id));
  document["runs"] = Json::array();
  for (const store::JobRun& run : store::job_runs(session, brand_id, id)) {
    document["runs"].push_back(to_json(run));
  }
  return document;
}

Json cancel_job(store::Session& session, const std::string& brand_id, const std::string& id,
                core::Time now, bool is_dry_run) {
  const store::Job job = require_job(session, brand_id, id);
  const bool has_ended = job.finished_at.has_value();
  if (has_ended || (!is_dry_run && !store::cancel_job(session, brand_id, id, now))) {
    throw InvalidInput("job " + id + " has ended: it is " +
                       require_job(session, brand_id, id).state);
  }
  return show_job(session, brand_id, id);
}

Json retry_job(store::Session& session, const std::string& brand_id, const std::string& id,
               core::Time now, bool is_dry_run) {
  const store::Job job = require_job(session, brand_id, id);
  const bool can_be = job.state == "failed" || job.state == "cancelled";
  if (!can_be || (!is_dry_run && !store::retry_job(session, brand_id, id, now))) {
    throw InvalidInput("job " + id + " is " + require_job(session, brand_id, id).state,
                       "those that failed or were cancelled can be tried again");
  }
  return show_job(session, brand_id, id);
}

Json list_jobs(store::Session& session, const std::string& brand_id, const store::JobFilter& filter,
               const CommandSet& commands, core::Time now) {
  Json items = Json::array();
  for (const store::Job& job : store::list_jobs(session, brand_id, filter)) {
    items.push_back(to_json(job));
  }
  Json schedules = schedules_document(session, brand_id, now);
  Json warnings = Json::array();
  for (const Json& schedule : schedules) {
    if (schedule.at("silent") == true) warnings.push_back(silence_of(schedule));
  }
  return {{"brand_id", brand_id},
          {"total", store::count_jobs(session, brand_id, filter)},
          {"items", std::move(items)},
          {"schedules", std::move(schedules)},
          {"types", types_document(commands, store::last_success_by_type(session, brand_id))},
          {"warnings", std::move(warnings)}};
}

}  // namespace adgenome::app
