#include <adgenome/store/jobs.hpp>

namespace adgenome::store {
namespace {

constexpr std::string_view kColumns =
    "brand_id, id, type, parameters, cron, next_due_at, created_at";

std::vector<JobSchedule> schedules_of(Session& session, const std::string& condition,
                                      const std::vector<Value>& values) {
  std::vector<JobSchedule> schedules;
  session.query("SELECT " + std::string(kColumns) + " FROM job_schedules WHERE " + condition +
                    " ORDER BY brand_id, id",
                values, [&](const Row& row) {
                  schedules.push_back({.brand_id = row.text(0),
                                       .id = row.text(1),
                                       .type = row.text(2),
                                       .parameters = row.json(3),
                                       .cron = row.text(4),
                                       .next_due_at = row.time(5),
                                       .created_at = row.time(6)});
                });
  return schedules;
}

}  // namespace

std::vector<JobSchedule> job_schedules(Session& session, const std::string& brand_id) {
  return schedules_of(session, "brand_id = $1", {brand_id});
}

void put_job_schedule(Session& session, const JobSchedule& schedule) {
  session.execute(
      "INSERT INTO job_schedules (brand_id, id, type, parameters, cron, next_due_at, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (brand_id, id) DO UPDATE SET "
      "cron = excluded.cron, next_due_at = excluded.next_due_at",
      {schedule.brand_id, schedule.id, schedule.type, json_value(schedule.parameters),
       schedule.cron, schedule.next_due_at, schedule.created_at});
}

bool remove_job_schedule(Session& session, const std::string& brand_id, const std::string& id) {
  return session.execute("DELETE FROM job_schedules WHERE brand_id = $1 AND id = $2",
                         {brand_id, id}) > 0;
}

std::vector<JobSchedule> due_job_schedules(Session& session, const JobScope& scope,
                                           core::Time now) {
  std::vector<JobSchedule> due =
      scope.brand_id
          ? schedules_of(session, "brand_id = $1 AND next_due_at <= $2", {*scope.brand_id, now})
          : schedules_of(session, "next_due_at <= $1", {now});
  return due;
}

bool advance_job_schedule(Session& session, const JobSchedule& schedule, core::Time next_due_at) {
  return session.execute(
             "UPDATE job_schedules SET next_due_at = $4 "
             "WHERE brand_id = $1 AND id = $2 AND next_due_at = $3",
             {schedule.brand_id, schedule.id, schedule.next_due_at, next_due_at}) > 0;
}

bool has_unfinished_job(Session& session, const std::string& brand_id,
                        const std::string& schedule_id) {
  bool found = false;
  session.query(
      "SELECT EXISTS (SELECT 1 FROM jobs WHERE brand_id = $1 AND schedule_id = $2 "
      "AND state IN ('pending', 'claimed', 'running'))",
      {brand_id, schedule_id}, [&](const Row& row) { found = row.boolean(0); });
  return found;
}

}  // namespace adgenome::store
