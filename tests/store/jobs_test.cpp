#include <adgenome/app/jobs.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/jobs.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "support/stores.hpp"

using namespace adgenome;
using namespace std::chrono_literals;
using testing::kNow;
using testing::on_both_backends;

namespace {

const app::CommandSet kCommands = {"reward", "genome update", "import performance"};
constexpr auto kLease = 60s;

store::Session brand_store(const std::string& url) {
  store::Session session = testing::fresh_store(url);
  session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o')");
  for (const char* brand : {"b", "c"}) {
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ($1, 'o', $1)", {brand});
  }
  return session;
}

void submit(store::Session& session, const std::string& id, core::Time due = kNow,
            const std::string& type = "creative_genome_update", const std::string& brand = "b") {
  store::insert_job(session, {.brand_id = brand,
                              .id = id,
                              .type = type,
                              .due_at = due,
                              .max_attempts = 2,
                              .created_at = kNow});
}

std::string claimed(store::Session& session, const store::JobScope& scope = {},
                    core::Time now = kNow) {
  const auto job = store::claim_job(session, scope, now, now + kLease);
  return job ? job->id : "nothing";
}

std::string state_of(store::Session& session, const std::string& id) {
  return store::find_job(session, "b", id)->state;
}

bool finish(store::Session& session, const store::Job& job) {
  store::Transaction transaction(session);
  const bool done = store::finish_run(
      session, job, {.run_state = "completed", .job_state = "completed", .due_at = job.due_at},
      kNow);
  transaction.commit();
  return done;
}

}  // namespace

TEST_CASE("jobs are claimed once, when they are due, the longest due first") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    submit(session, "later", kNow + 1s);
    submit(session, "second", kNow);
    submit(session, "first", kNow - 1s);
    submit(session, "other", kNow - 2s, "performance_import", "c");
    CHECK(store::due_jobs(session, {}, kNow, 9).size() == 3);
    CHECK(claimed(session, {.types = {"meta_sync"}}) == "nothing");
    CHECK(claimed(session, {.brand_id = "b", .types = {"meta_sync", "creative_genome_update"}}) ==
          "first");
    CHECK(claimed(session) == "other");
    CHECK(claimed(session) == "second");
    CHECK(claimed(session) == "nothing");
    CHECK(claimed(session, {}, kNow + 1s) == "later");
    const auto job = store::find_job(session, "b", "first");
    CHECK(job->state == "claimed");
    CHECK(job->attempts == 1);
    CHECK(job->runs == 1);
    CHECK(job->lease_until == kNow + kLease);
  });
}

TEST_CASE("a claim that another session holds open is passed over, not waited for") {
  const std::string url = testing::fresh_postgres_database();
  if (url.empty()) {
    MESSAGE("skipped on PostgreSQL: no server is installed");
    return;
  }
  store::Session first = brand_store(url);
  store::Session second = store::Session::open(url, 100);
  submit(first, "1");
  submit(first, "2");
  store::Transaction open(first);
  CHECK(claimed(first) == "1");
  CHECK(claimed(second) == "2");
  CHECK(claimed(second) == "nothing");
}

TEST_CASE(
    "a job whose worker died is taken up again after its lease, and the dead one is shut out") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    submit(session, "1");
    const auto before = *store::claim_job(session, {}, kNow, kNow + kLease);
    {
      store::Transaction transaction(session);
      REQUIRE(store::start_run(session, before, "w", kNow));
      transaction.commit();
    }
    CHECK(state_of(session, "1") == "running");
    CHECK(store::lost_jobs(session, kNow + kLease).empty());
    store::renew_lease(session, before, kNow + 2 * kLease);
    CHECK(store::lost_jobs(session, kNow + kLease + 1s).empty());

    const auto late = kNow + 2 * kLease + 1s;
    const auto lost = store::lost_jobs(session, late);
    REQUIRE(lost.size() == 1);
    const store::RunEnd end{
        .run_state = "lost", .job_state = "pending", .due_at = kNow, .attempts = 1};
    const auto settle = [&] {
      store::Transaction transaction(session);
      const bool done = store::settle_lost_job(session, lost.front(), end, late);
      transaction.commit();
      return done;
    };
    CHECK(settle());
    CHECK(!settle());  // another worker saw the same
    CHECK(state_of(session, "1") == "pending");
    CHECK(store::job_runs(session, "b", "1").front().state == "lost");

    const auto after = *store::claim_job(session, {}, late, late + kLease);
    CHECK(after.attempts == 2);
    CHECK(after.runs == 2);
    // The dead one comes back.
    CHECK(!store::hold_of(session, before).is_ours);
    CHECK(!finish(session, before));
    store::renew_lease(session, before, late + 10 * kLease);
    CHECK(store::find_job(session, "b", "1")->lease_until == late + kLease);
    CHECK(store::hold_of(session, after).is_ours);
    CHECK(finish(session, after));
    CHECK(!finish(session, after));
    CHECK(state_of(session, "1") == "completed");
  });
}

TEST_CASE("cancel and retry do what the state allows") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    submit(session, "1");
    CHECK_THROWS_AS(app::retry_job(session, "b", "1", kNow, false), core::InvalidInput);
    CHECK(app::cancel_job(session, "b", "1", kNow, true)["state"] == "pending");  // a dry run
    CHECK(app::cancel_job(session, "b", "1", kNow, false)["state"] == "cancelled");
    CHECK_THROWS_AS(app::cancel_job(session, "b", "1", kNow, false), core::InvalidInput);
    CHECK(claimed(session) == "nothing");
    const core::Json again = app::retry_job(session, "b", "1", kNow + 1s, false);
    CHECK(again["state"] == "pending");
    CHECK(again["cancel_requested"] == false);
    CHECK(again["attempts"] == 0);

    const auto job = *store::claim_job(session, {}, kNow + 1s, kNow + kLease);
    const core::Json asked = app::cancel_job(session, "b", "1", kNow, false);
    CHECK(asked["state"] == "claimed");
    CHECK(asked["cancel_requested"] == true);
    CHECK(store::hold_of(session, job).cancel_requested);
    CHECK_THROWS_AS(app::show_job(session, "b", "2"), core::InvalidInput);
    CHECK_THROWS_AS(app::show_job(session, "c", "1"), core::InvalidInput);  // of another brand
  });
}

TEST_CASE("a schedule is known by type and parameters, and silence is noticed") {
  on_both_backends([](const std::string& url) {
    store::Session session = brand_store(url);
    const app::JobType& update = app::require_job_type("creative_genome_update", kCommands);
    const app::JobType& import = app::require_job_type("performance_import", kCommands);
    const auto schedule = [&](const app::JobType& type, const core::Json& parameters,
                              const std::string& cron) {
      return app::schedule_job(session, "b", type, parameters, cron, kNow, false);
    };
    CHECK(schedule(update, core::Json::object(), "0 * * * *")["new"] == 1);
    CHECK(schedule(update, core::Json::object(), "0 * * * *")["unchanged"] == 1);
    CHECK(schedule(update, core::Json::object(), "30 * * * *")["changed"] == 1);
    CHECK(schedule(import, {{"dir", "/a"}, {"dates", "ymd"}}, "0 5 * * *")["new"] == 1);
    CHECK(schedule(import, {{"dates", "ymd"}, {"dir", "/a"}}, "0 5 * * *")["unchanged"] == 1);
    CHECK(schedule(import, {{"dir", "/b"}}, "0 5 * * *")["items"].size() == 3);
    CHECK(app::schedule_defaults(session, "c", kCommands, kNow, false)["new"] == 1);
    CHECK(app::schedule_defaults(session, "c", kCommands, kNow, false)["unchanged"] == 1);

    const auto warnings = [&](core::Time now) {
      return app::list_jobs(session, "b", {.type = "creative_genome_update"}, kCommands,
                            now)["warnings"];
    };
    CHECK(warnings(kNow + 50min).empty());
    CHECK(warnings(kNow + 2h)[0].get<std::string>().find("has not succeeded yet") !=
          std::string::npos);
    submit(session, "1");
    session.execute("UPDATE jobs SET schedule_id = 'creative_genome_update' WHERE brand_id = 'b'");
    REQUIRE(finish(session, *store::claim_job(session, {}, kNow, kNow + kLease)));
    session.execute("UPDATE jobs SET finished_at = $1 WHERE brand_id = 'b'", {kNow + 90min});
    CHECK(warnings(kNow + 2h).empty());
    CHECK(app::list_jobs(session, "b", {}, kCommands, kNow)["schedules"][0]["last_success_at"] ==
          core::format_time(kNow + 90min));

    CHECK(app::unschedule_job(session, "b", "creative_genome_update", kNow, false)["removed"] == 1);
    CHECK_THROWS_AS(app::unschedule_job(session, "b", "creative_genome_update", kNow, false),
                    core::InvalidInput);
  });
}

TEST_CASE("a type is known once all of its commands exist") {
  CHECK(app::find_job_type("fatigue_check", kCommands) == nullptr);
  CHECK(app::find_job_type("fatigue_check", {"fatigue"}) != nullptr);
  CHECK_THROWS_WITH(static_cast<void>(app::require_job_type("ad_creation", kCommands)),
                    "unknown job type \"ad_creation\"");
  // Rows agree with themselves: steps that are named exist and come before those that need them.
  for (const app::JobType& type : app::job_types()) {
    CAPTURE(type.name);
    std::set<std::string_view> before;
    for (const app::JobStep& step : type.steps) {
      for (const std::string_view needed : step.needs) CHECK(before.contains(needed));
      if (!step.input_of.empty()) CHECK(before.contains(step.input_of));
      CHECK(before.insert(step.name).second);
    }
    for (const app::JobParameter& parameter : type.parameters) {
      for (const std::string_view step : parameter.steps) CHECK(before.contains(step));
    }
  }
}
