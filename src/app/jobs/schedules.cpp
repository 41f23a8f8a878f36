#include "schedules.hpp"

#include <adgenome/app/jobs.hpp>
#include <adgenome/core/cron.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/hash.hpp>
#include <algorithm>

#include "job_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;

/// The same type with the same parameters is the same schedule.
std::string schedule_id(std::string_view type, const Json& parameters) {
  std::string id(type);
  if (parameters.empty()) return id;
  const nlohmann::json sorted = parameters;
  return id + "-" + core::sha256_hex(sorted.dump()).substr(0, 8);
}

/// Silence is an alarm: two runs in a row are due and none has succeeded since the last one.
bool is_silent(const store::JobSchedule& schedule, const std::optional<core::Time>& last_success,
               core::Time now) {
  const core::Cron cron = core::Cron::parse(schedule.cron);
  return cron.next_after(cron.next_after(last_success.value_or(schedule.created_at))) <= now;
}

Json to_json(const store::JobSchedule& schedule, const std::optional<core::Time>& last_success,
             core::Time now) {
  return {{"schedule_id", schedule.id},
          {"brand_id", schedule.brand_id},
          {"type", schedule.type},
          {"parameters", schedule.parameters},
          {"cron", schedule.cron},
          {"next_due_at", core::format_time(schedule.next_due_at)},
          {"created_at", core::format_time(schedule.created_at)},
          {"last_success_at", time_or_null(last_success)},
          {"silent", is_silent(schedule, last_success, now)}};
}

/// Counts as of a batch of records: what is set up again as it was is unchanged.
struct Counts {
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
};

void put(store::Session& session, const std::string& brand_id, const JobType& type,
         const Json& parameters, const std::string& cron, core::Time now, Counts& counts) {
  store::JobSchedule schedule{.brand_id = brand_id,
                              .id = schedule_id(type.name, parameters),
                              .type = std::string(type.name),
                              .parameters = parameters,
                              .cron = cron,
                              .next_due_at = core::Cron::parse(cron).next_after(now),
                              .created_at = now};
  const std::vector<store::JobSchedule> known = store::job_schedules(session, brand_id);
  const auto same = std::find_if(known.begin(), known.end(), [&](const store::JobSchedule& other) {
    return other.id == schedule.id;
  });
  if (same != known.end() && same->cron == cron) {
    ++counts.unchanged;
    return;
  }
  ++(same == known.end() ? counts.added : counts.changed);
  store::put_job_schedule(session, schedule);
}

Json document_of(store::Session& session, const std::string& brand_id, const Counts& counts,
                 core::Time now) {
  return {{"brand_id", brand_id},
          {"new", counts.added},
          {"changed", counts.changed},
          {"unchanged", counts.unchanged},
          {"removed", 0},
          {"items", schedules_document(session, brand_id, now)}};
}

}  // namespace

Json schedules_document(store::Session& session, const std::string& brand_id, core::Time now) {
  const auto successes = store::last_success_by_schedule(session, brand_id);
  Json items = Json::array();
  for (const store::JobSchedule& schedule : store::job_schedules(session, brand_id)) {
    const auto found = successes.find(schedule.id);
    items.push_back(to_json(
        schedule, found == successes.end() ? std::nullopt : std::optional(found->second), now));
  }
  return items;
}

std::string silence_of(const Json& schedule) {
  const Json& success = schedule.at("last_success_at");
  return "schedule " + schedule.at("schedule_id").get<std::string>() + " (" +
         schedule.at("cron").get<std::string>() + ") has not succeeded " +
         (success.is_null() ? "yet" : "since " + success.get<std::string>()) +
         ": is a worker running, and do its jobs fail?";
}

Json schedule_job(store::Session& session, const std::string& brand_id, const JobType& type,
                  const Json& parameters, const std::string& cron, core::Time now,
                  bool is_dry_run) {
  Counts counts;
  store::Transaction transaction(session);
  put(session, brand_id, type, parameters, cron, now, counts);
  Json document = document_of(session, brand_id, counts, now);
  if (!is_dry_run) transaction.commit();
  return document;
}

Json schedule_defaults(store::Session& session, const std::string& brand_id,
                       const CommandSet& commands, core::Time now, bool is_dry_run) {
  Counts counts;
  store::Transaction transaction(session);
  for (const JobType& type : job_types()) {
    if (type.schedule.empty() || !missing_commands(type, commands).empty()) continue;
    put(session, brand_id, type, Json::object(), std::string(type.schedule), now, counts);
  }
  Json document = document_of(session, brand_id, counts, now);
  if (!is_dry_run) transaction.commit();
  return document;
}

Json unschedule_job(store::Session& session, const std::string& brand_id, const std::string& id,
                    core::Time now, bool is_dry_run) {
  store::Transaction transaction(session);
  if (!store::remove_job_schedule(session, brand_id, id)) {
    throw core::InvalidInput("brand " + brand_id + " has no schedule \"" + id + "\"",
                             "adgenome job list shows them");
  }
  Json document = document_of(session, brand_id, {}, now);
  document["removed"] = 1;
  if (!is_dry_run) transaction.commit();
  return document;
}

}  // namespace adgenome::app
