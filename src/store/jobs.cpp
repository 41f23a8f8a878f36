#include <adgenome/core/json.hpp>
#include <adgenome/store/jobs.hpp>

namespace adgenome::store {
namespace {

constexpr std::string_view kColumns =
    "brand_id, id, type, parameters, schedule_id, state, due_at, attempts, max_attempts, "
    "time_limit_seconds, runs, lease_until, cancel_requested, error, created_at, finished_at";

constexpr std::string_view kIsHeld = "state IN ('claimed', 'running')";

Job job_of(const Row& row) {
  return {.brand_id = row.text(0),
          .id = row.text(1),
          .type = row.text(2),
          .parameters = row.json(3),
          .schedule_id = row.text(4),
          .state = row.text(5),
          .due_at = row.time(6),
          .attempts = row.integer(7),
          .max_attempts = row.integer(8),
          .time_limit_seconds = row.integer(9),
          .runs = row.integer(10),
          .lease_until = row.optional_time(11),
          .cancel_requested = row.boolean(12),
          .error = row.is_null(13) ? core::Json() : row.json(13),
          .created_at = row.time(14),
          .finished_at = row.optional_time(15)};
}

Value json_or_null(const core::Json& document) {
  return document.is_null() ? Value() : json_value(document);
}

/// Conditions of a list with their parameters, numbered as they are added.
class Conditions {
 public:
  explicit Conditions(std::string first) : sql_(std::move(first)) {}

  std::string placeholder(Value value) {
    values_.push_back(std::move(value));
    return "$" + std::to_string(values_.size());
  }
  void require(const std::string& condition) { sql_ += " AND " + condition; }
  void equal(const std::string& column, const std::optional<std::string>& value) {
    if (value) require(column + " = " + placeholder(*value));
  }
  void one_of(const std::string& column, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string list;
    for (const std::string& value : values) {
      list += (list.empty() ? "" : ", ") + placeholder(value);
    }
    require(column + " IN (" + list + ")");
  }

  const std::string& sql() const { return sql_; }
  const std::vector<Value>& values() const { return values_; }

 private:
  std::string sql_;
  std::vector<Value> values_;
};

Conditions of_scope(const std::string& first, const JobScope& scope) {
  Conditions where(first);
  where.equal("brand_id", scope.brand_id);
  where.one_of("type", scope.types);
  return where;
}

Conditions of_filter(const std::string& brand_id, const JobFilter& filter) {
  Conditions where("TRUE");
  where.equal("brand_id", brand_id);
  where.equal("state", filter.state);
  where.equal("type", filter.type);
  return where;
}

std::vector<Job> jobs_of(Session& session, const std::string& sql,
                         const std::vector<Value>& values) {
  std::vector<Job> jobs;
  session.query(sql, values, [&](const Row& row) { jobs.push_back(job_of(row)); });
  return jobs;
}

std::optional<Job> first_of(std::vector<Job> jobs) {
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

std::map<std::string, core::Time> last_success_by(Session& session, const std::string& brand_id,
                                                  const std::string& column) {
  std::map<std::string, core::Time> times;
  session.query("SELECT " + column +
                    ", MAX(finished_at) FROM jobs WHERE brand_id = $1 AND state = 'completed' "
                    "GROUP BY " +
                    column,
                {brand_id}, [&](const Row& row) { times[row.text(0)] = row.time(1); });
  return times;
}

/// `is_lost`: only where the lease has run out, which its worker or another one may have changed.
bool end_run(Session& session, const Job& job, const RunEnd& end, core::Time now, bool is_lost) {
  const bool is_final = end.job_state != "pending";
  std::string sql =
      "UPDATE jobs SET state = $4, due_at = $5, attempts = $6, error = $7, finished_at = $8, "
      "lease_until = NULL WHERE brand_id = $1 AND id = $2 AND runs = $3 AND " +
      std::string(kIsHeld);
  std::vector<Value> values{job.brand_id,
                            job.id,
                            job.runs,
                            end.job_state,
                            end.due_at,
                            end.attempts,
                            json_or_null(end.error),
                            is_final ? Value(now) : Value()};
  if (is_lost) {
    sql += " AND lease_until < $9";
    values.emplace_back(now);
  }
  if (session.execute(sql, values) == 0) return false;
  session.execute(
      "UPDATE job_runs SET state = $4, finished_at = $5, error = $6, metadata = COALESCE($7, "
      "metadata) WHERE brand_id = $1 AND job_id = $2 AND run = $3",
      {job.brand_id, job.id, job.runs, end.run_state, now, json_or_null(end.error),
       json_or_null(end.metadata)});
  return true;
}

}  // namespace

void insert_job(Session& session, const Job& job) {
  session.execute(
      "INSERT INTO jobs (brand_id, id, type, parameters, schedule_id, state, due_at, max_attempts, "
      "time_limit_seconds, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {job.brand_id, job.id, job.type, json_value(job.parameters), job.schedule_id, job.state,
       job.due_at, job.max_attempts, job.time_limit_seconds, job.created_at});
}

std::optional<Job> find_job(Session& session, const std::string& brand_id, const std::string& id) {
  return first_of(jobs_of(
      session, "SELECT " + std::string(kColumns) + " FROM jobs WHERE brand_id = $1 AND id = $2",
      {brand_id, id}));
}

std::vector<Job> list_jobs(Session& session, const std::string& brand_id, const JobFilter& filter) {
  Conditions where = of_filter(brand_id, filter);
  const std::string limit = where.placeholder(filter.limit);
  return jobs_of(session,
                 "SELECT " + std::string(kColumns) + " FROM jobs WHERE " + where.sql() +
                     " ORDER BY created_at DESC, id DESC LIMIT " + limit,
                 where.values());
}

std::int64_t count_jobs(Session& session, const std::string& brand_id, const JobFilter& filter) {
  const Conditions where = of_filter(brand_id, filter);
  std::int64_t count = 0;
  session.query("SELECT COUNT(*) FROM jobs WHERE " + where.sql(), where.values(),
                [&](const Row& row) { count = row.integer(0); });
  return count;
}

std::map<std::string, core::Time> last_success_by_type(Session& session,
                                                       const std::string& brand_id) {
  return last_success_by(session, brand_id, "type");
}

std::map<std::string, core::Time> last_success_by_schedule(Session& session,
                                                           const std::string& brand_id) {
  return last_success_by(session, brand_id, "schedule_id");
}

std::vector<Job> due_jobs(Session& session, const JobScope& scope, core::Time now,
                          std::int64_t limit) {
  Conditions where = of_scope("state = 'pending'", scope);
  where.require("due_at <= " + where.placeholder(now));
  const std::string most = where.placeholder(limit);
  return jobs_of(session,
                 "SELECT " + std::string(kColumns) + " FROM jobs WHERE " + where.sql() +
                     " ORDER BY due_at, brand_id, id LIMIT " + most,
                 where.values());
}

std::optional<Job> claim_job(Session& session, const JobScope& scope, core::Time now,
                             core::Time lease_until) {
  Conditions where = of_scope("state = 'pending'", scope);
  where.require("due_at <= " + where.placeholder(now));
  const std::string lease = where.placeholder(lease_until);
  // A common table expression, so that PostgreSQL locks this one row and no other.
  return first_of(jobs_of(
      session,
      "WITH due AS (SELECT brand_id AS due_brand, id AS due_id FROM jobs WHERE " + where.sql() +
          " ORDER BY due_at, brand_id, id LIMIT 1" +
          std::string(session.connection().for_update_skip_locked()) +
          ") UPDATE jobs SET state = 'claimed', attempts = attempts + 1, runs = runs + 1, "
          "lease_until = " +
          lease + ", error = NULL FROM due WHERE brand_id = due_brand AND id = due_id RETURNING " +
          std::string(kColumns),
      where.values()));
}

std::vector<Job> lost_jobs(Session& session, core::Time now) {
  return jobs_of(session,
                 "SELECT " + std::string(kColumns) + " FROM jobs WHERE " + std::string(kIsHeld) +
                     " AND lease_until < $1 ORDER BY brand_id, id",
                 {now});
}

bool settle_lost_job(Session& session, const Job& job, const RunEnd& end, core::Time now) {
  return end_run(session, job, end, now, true);
}

bool start_run(Session& session, const Job& job, const std::string& worker, core::Time now) {
  const std::int64_t changed = session.execute(
      "UPDATE jobs SET state = 'running' WHERE brand_id = $1 AND id = $2 AND runs = $3 AND " +
          std::string(kIsHeld),
      {job.brand_id, job.id, job.runs});
  if (changed == 0) return false;
  session.execute(
      "INSERT INTO job_runs (brand_id, job_id, run, attempt, worker, state, started_at, metadata) "
      "VALUES ($1, $2, $3, $4, $5, 'running', $6, '{}')",
      {job.brand_id, job.id, job.runs, job.attempts, worker, now});
  return true;
}

Hold hold_of(Session& session, const Job& job) {
  Hold hold;
  session.query(
      "SELECT cancel_requested FROM jobs WHERE brand_id = $1 AND id = $2 AND runs = $3 "
      "AND " +
          std::string(kIsHeld),
      {job.brand_id, job.id, job.runs},
      [&](const Row& row) { hold = {.is_ours = true, .cancel_requested = row.boolean(0)}; });
  return hold;
}

void renew_lease(Session& session, const Job& job, core::Time lease_until) {
  session.execute(
      "UPDATE jobs SET lease_until = $4 WHERE brand_id = $1 AND id = $2 AND runs = $3 AND " +
          std::string(kIsHeld),
      {job.brand_id, job.id, job.runs, lease_until});
}

void put_metadata(Session& session, const Job& job, const core::Json& metadata) {
  session.execute(
      "UPDATE job_runs SET metadata = $4 WHERE brand_id = $1 AND job_id = $2 AND run = $3 "
      "AND state = 'running'",
      {job.brand_id, job.id, job.runs, json_value(metadata)});
}

bool finish_run(Session& session, const Job& job, const RunEnd& end, core::Time now) {
  return end_run(session, job, end, now, false);
}

bool cancel_job(Session& session, const std::string& brand_id, const std::string& id,
                core::Time now) {
  Transaction transaction(session);
  const std::int64_t waiting = session.execute(
      "UPDATE jobs SET state = 'cancelled', cancel_requested = TRUE, finished_at = $3 "
      "WHERE brand_id = $1 AND id = $2 AND state = 'pending'",
      {brand_id, id, now});
  const std::int64_t held = session.execute(
      "UPDATE jobs SET cancel_requested = TRUE WHERE brand_id = $1 AND id = $2 AND " +
          std::string(kIsHeld),
      {brand_id, id});
  transaction.commit();
  return waiting + held > 0;
}

bool retry_job(Session& session, const std::string& brand_id, const std::string& id,
               core::Time now) {
  return session.execute(
             "UPDATE jobs SET state = 'pending', attempts = 0, due_at = $3, error = NULL, "
             "cancel_requested = FALSE, finished_at = NULL WHERE brand_id = $1 AND id = $2 "
             "AND state IN ('failed', 'cancelled')",
             {brand_id, id, now}) > 0;
}

std::vector<JobRun> job_runs(Session& session, const std::string& brand_id,
                             const std::string& job_id) {
  std::vector<JobRun> runs;
  session.query(
      "SELECT run, attempt, worker, state, started_at, finished_at, metadata, error FROM job_runs "
      "WHERE brand_id = $1 AND job_id = $2 ORDER BY run",
      {brand_id, job_id}, [&](const Row& row) {
        runs.push_back({.run = row.integer(0),
                        .attempt = row.integer(1),
                        .worker = row.text(2),
                        .state = row.text(3),
                        .started_at = row.time(4),
                        .finished_at = row.optional_time(5),
                        .metadata = row.json(6),
                        .error = row.is_null(7) ? core::Json() : row.json(7)});
      });
  return runs;
}

}  // namespace adgenome::store
