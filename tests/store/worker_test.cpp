#include <adgenome/app/jobs.hpp>
#include <adgenome/app/worker.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/stores.hpp"

using namespace adgenome;
using namespace std::chrono_literals;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

/// A store with a brand, and a program that does as it is told: what `does("reward", ...)` says is
/// run by the shell for `reward`, anything else ends well.
class Bench {
 public:
  explicit Bench(const std::string& url) : url_(url), session_(testing::fresh_store(url)) {
    session_.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o')");
    session_.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'b')");
    core::write_file(folder_ / "program", "#!/bin/sh\ncd '" + (folder_ / ".") +
                                              "'\necho \"$*\" >> calls\n"
                                              "if [ -f \"do-$1\" ]; then . \"./do-$1\"; fi\n");
    std::filesystem::permissions(folder_ / "program", std::filesystem::perms::owner_all);
    settings_ = {.name = "w",
                 .commands = {"reward", "genome update", "select", "generate", "review", "embed",
                              "import performance"},
                 .children = {.program = folder_ / "program",
                              .arguments = {"--format=json"},
                              .environment = {{"ADGENOME_STORE", "secret"}}},
                 .is_once = true,
                 .lease = 10s,
                 .poll = 50ms,
                 .open_store = [url] { return store::Session::open(url, 5000); },
                 .clock = [this] { return now; },
                 .new_id = [this] { return "id" + std::to_string(++ids_); },
                 .info = [](const std::string&) {},
                 .warn = [this](const std::string& line) { warnings.push_back(line); }};
  }

  void does(const std::string& command, const std::string& script) {
    core::write_file(folder_ / ("do-" + command), script + "\n");
  }
  std::vector<std::string> calls() const {
    if (!std::filesystem::exists(folder_ / "calls")) return {};
    auto lines = core::split(core::read_all(folder_ / "calls"), '\n');
    lines.pop_back();
    return lines;
  }
  std::string submit(const std::string& type, const Json& parameters = Json::object(),
                     std::int64_t time_limit = 60) {
    const std::string id = "job" + std::to_string(++ids_);
    store::insert_job(session_, {.brand_id = "b",
                                 .id = id,
                                 .type = type,
                                 .parameters = parameters,
                                 .due_at = now,
                                 .time_limit_seconds = time_limit,
                                 .created_at = now});
    return id;
  }
  Json work() { return app::run_worker(settings_).document; }
  Json show(const std::string& id) { return app::show_job(session_, "b", id); }
  Json last_run(const std::string& id) { return show(id)["runs"].back(); }
  std::string alerts() {
    std::string found;
    session_.query(
        "SELECT subject, state, times FROM alerts ORDER BY id", {}, [&](const store::Row& row) {
          found += row.text(0) + " " + row.text(1) + " " + std::to_string(row.integer(2)) + ";";
        });
    return found;
  }
  store::Session& session() { return session_; }
  app::WorkerSettings& settings() { return settings_; }
  const std::string& url() const { return url_; }
  std::string path(const std::string& name) const { return folder_ / name; }

  core::Time now = kNow;
  std::vector<std::string> warnings;

 private:
  std::string url_;
  testing::TemporaryFolder folder_;
  store::Session session_;
  app::WorkerSettings settings_;
  int ids_ = 0;
};

}  // namespace

TEST_CASE("a worker runs the steps of a job and keeps what they said") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    bench.does("reward", R"(echo '{"schema":"x","read":3,"rewards":[{"ad_id":"1"}],"s":{"a":1}}'
echo '{"level":"warning","message":"one is late"}' >&2
[ "$ADGENOME_STORE" = secret ] || exit 3)");
    const std::string id = bench.submit("creative_genome_update");
    const Json report = bench.work();
    CHECK(report["completed"] == 1);
    CHECK(report["items"][0]["job_id"] == id);
    CHECK(bench.calls() == std::vector<std::string>{"reward --brand=b --format=json",
                                                    "genome update --brand=b --format=json"});
    const Json job = bench.show(id);
    CHECK(job["state"] == "completed");
    CHECK(job["runs"].size() == 1);
    const Json& steps = job["runs"][0]["metadata"]["steps"];
    CHECK(steps[0]["summary"] == Json({{"read", 3}, {"s", {{"a", 1}}}}));
    CHECK(steps[0]["warnings"] == Json({"one is late"}));
    CHECK(steps[1]["state"] == "completed");
    CHECK(bench.work()["items"].empty());
    CHECK(bench.alerts() == "");
  });
}

TEST_CASE("a failed step stops those that need it, and exit codes say whether it is tried again") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    bench.does("reward", R"(echo '{"code":3,"message":"no brand","hint":"name one"}' >&2; exit 3)");
    const std::string id = bench.submit("creative_genome_update");
    CHECK(bench.work()["failed"] == 1);
    const Json job = bench.show(id);
    CHECK(job["state"] == "failed");
    CHECK(job["error"]["error"] == "invalid_input");
    CHECK(job["error"]["reason"] == "no brand");
    CHECK(job["error"]["hint"] == "name one");
    CHECK(job["error"]["step"] == "reward");
    CHECK(job["runs"][0]["metadata"]["steps"][1]["state"] == "skipped");
    CHECK(bench.calls().size() == 1);
    CHECK(bench.alerts() == "creative_genome_update active 1;");

    for (const auto& [code, name] : {std::pair{"2", "usage"}, std::pair{"4", "nothing_made"},
                                     std::pair{"7", "check_failed"}, std::pair{"1", "internal"}}) {
      bench.does("reward", "exit " + std::string(code));
      const std::string other = bench.submit("creative_genome_update");
      CHECK(bench.work()["retried"] == 0);
      CHECK(bench.show(other)["error"]["error"] == name);
    }
    CHECK(bench.alerts() == "creative_genome_update active 5;");

    bench.does("reward", "exit 0");
    bench.submit("creative_genome_update");
    CHECK(bench.work()["completed"] == 1);
    CHECK(bench.alerts() == "creative_genome_update auto_resolved 5;");
  });
}

TEST_CASE("a job is tried again later and later, and goes on where it failed") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    bench.does("genome", "exit 6");
    const std::string id = bench.submit("creative_genome_update");
    CHECK(bench.work()["retried"] == 1);
    CHECK(bench.show(id)["state"] == "pending");
    CHECK(bench.show(id)["due_at"] == core::format_time(kNow + 60s));
    bench.now = kNow + 59s;
    CHECK(bench.work()["items"].empty());
    bench.now = kNow + 60s;
    CHECK(bench.work()["retried"] == 1);
    CHECK(bench.show(id)["due_at"] == core::format_time(kNow + 60s + 120s));
    bench.now = kNow + 1h;
    bench.does("genome", "exit 5");
    CHECK(bench.work()["failed"] == 1);  // the third attempt of three
    CHECK(bench.show(id)["error"]["error"] == "store");
    CHECK(bench.calls().size() == 4);  // reward once, genome three times
    CHECK(bench.alerts() == "creative_genome_update active 1;");

    bench.does("genome", "exit 0");
    app::retry_job(bench.session(), "b", id, bench.now, false);
    CHECK(bench.work()["completed"] == 1);
    CHECK(bench.calls().size() == 5);
    CHECK(bench.last_run(id)["attempt"] == 1);
    CHECK(bench.last_run(id)["run"] == 4);
  });
}

TEST_CASE("an unknown type fails loudly, without another attempt") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    const std::string id = bench.submit("teleport");
    const std::string not_yet = bench.submit("fatigue_check");
    const Json report = bench.work();
    CHECK(report["failed"] == 2);
    CHECK(report["items"][0]["error"]["error"] == "unknown_type");
    CHECK(bench.warnings.size() == 2);
    CHECK(bench.show(id)["error"]["reason"] == "unknown job type \"teleport\"");
    CHECK(bench.show(id)["runs"].size() == 1);
    CHECK(bench.show(not_yet)["state"] == "failed");
    CHECK(bench.alerts() == "teleport active 1;fatigue_check active 1;");
    CHECK(bench.calls().empty());
  });
}

TEST_CASE("a selection goes through the steps, an empty one ends the job with the remedies") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    bench.does("select", R"(echo '{"templates":[{"template_id":"t"}]}')");
    bench.does("generate", R"(cat > from-select; echo '{"ads":[1,2]}'
echo '{"ads_attempted":2,"current_size":"1:1"}' >&$ADGENOME_PROGRESS_FD
echo '{"ads_attempted":4,"cost":0.25}' >&$ADGENOME_PROGRESS_FD)");
    bench.does("review", "cat > from-generate; exit 6");
    const Json parameters = {{"product", "p"}, {"count", "2"}, {"persona", "m"}, {"retry", "2"}};
    const std::string id = bench.submit("ad_creation", parameters);
    CHECK(bench.work()["retried"] == 1);  // review failed, embed did not need it
    CHECK(bench.calls()[0] ==
          "select --record --product=p --persona=m --count=2 --brand=b "
          "--format=json");
    CHECK(bench.calls()[1] == "generate --yes --persona=m --brand=b --format=json");
    CHECK(bench.calls()[2] == "review --retry=2 --brand=b --format=json");
    CHECK(bench.calls().size() == 4);
    CHECK(core::read_all(bench.path("from-select")) ==
          "{\"templates\":[{\"template_id\":\"t\"}]}\n");
    const Json metadata = bench.last_run(id)["metadata"];
    CHECK(metadata["ads_attempted"] == 4);
    CHECK(metadata["current_size"] == "1:1");
    CHECK(metadata["cost"] == 0.25);

    // Only the review is done again, on the same ads.
    std::filesystem::remove(bench.path("from-generate"));
    bench.does("review", "cat > from-generate");
    bench.now += 1h;
    CHECK(bench.work()["completed"] == 1);
    CHECK(bench.calls().size() == 5);
    CHECK(core::read_json(bench.path("from-generate")) == Json({{"ads", {1, 2}}}));
    CHECK(bench.last_run(id)["metadata"]["ads_attempted"] == 4);

    bench.does("select",
               R"(echo '{"templates":[],"reason":"no template passes the gate"}'; exit 4)");
    const std::string empty = bench.submit("ad_creation", parameters);
    CHECK(bench.work()["failed"] == 1);
    const Json error = bench.show(empty)["error"];
    CHECK(error["error"] == "no_eligible_templates");
    CHECK(error["reason"] == "no template passes the gate");
    CHECK(error["hint"] ==
          "lower min_asset_score, analyse more templates, or add product pictures");
    CHECK(bench.calls().size() == 6);
  });
}

TEST_CASE("a job that is cancelled, takes too long or is let go of ends its command") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    bench.does("reward", "exec sleep 60");
    bench.settings().lease = 1s;  // looks four times a second
    const auto start = std::chrono::steady_clock::now();

    const std::string slow = bench.submit("creative_genome_update", Json::object(), 1);
    CHECK(bench.work()["retried"] == 1);
    CHECK(bench.show(slow)["error"]["error"] == "time_limit");
    CHECK(bench.show(slow)["attempts"] == 1);

    const std::string cancelled = bench.submit("creative_genome_update");
    const auto when_running = [&](const std::string& id, const std::function<void()>& act) {
      store::Session session = store::Session::open(bench.url(), 5000);
      while (store::find_job(session, "b", id)->state != "running") {
        std::this_thread::sleep_for(20ms);
      }
      std::this_thread::sleep_for(300ms);  // past the first step's start
      act();
    };
    {
      const std::jthread other([&] {
        when_running(cancelled, [&] {
          store::Session session = store::Session::open(bench.url(), 5000);
          CHECK(app::cancel_job(session, "b", cancelled, bench.now, false)["state"] == "running");
        });
      });
      CHECK(bench.work()["cancelled"] == 1);
    }
    CHECK(bench.show(cancelled)["state"] == "cancelled");
    CHECK(bench.last_run(cancelled)["state"] == "cancelled");

    const std::string released = bench.submit("creative_genome_update");
    {
      const pthread_t worker = ::pthread_self();
      const std::jthread other(
          [&] { when_running(released, [&] { ::pthread_kill(worker, SIGTERM); }); });
      const app::WorkerReport report = app::run_worker(bench.settings());
      CHECK(report.stopped_by == SIGTERM);
      CHECK(report.document["released"] == 1);
      CHECK(report.document["stopped_by"] == "SIGTERM");
    }
    const Json job = bench.show(released);
    CHECK(job["state"] == "pending");
    CHECK(job["attempts"] == 0);
    CHECK(job["runs"][0]["state"] == "released");
    CHECK(std::chrono::steady_clock::now() - start < 30s);

    bench.does("reward", "exit 0");
    CHECK(bench.work()["completed"] == 1);
    CHECK(bench.show(released)["attempts"] == 1);
  });
}

TEST_CASE("missed runs are caught up once, by one of two workers, and do not pile up") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    app::schedule_job(bench.session(), "b",
                      app::require_job_type("creative_genome_update", bench.settings().commands),
                      Json::object(), "0 3 * * *", kNow, false);
    CHECK(bench.work()["scheduled"] == 0);
    bench.now = kNow + std::chrono::days{5};
    // Two that saw the same schedule due.
    const auto due = store::due_job_schedules(bench.session(), {}, bench.now);
    REQUIRE(due.size() == 1);
    const Json report = bench.work();
    CHECK(report["scheduled"] == 1);
    CHECK(report["completed"] == 1);
    CHECK(!store::advance_job_schedule(bench.session(), due[0], bench.now));
    CHECK(bench.work()["scheduled"] == 0);
    CHECK(store::job_schedules(bench.session(), "b")[0].next_due_at ==
          core::Time(core::day_of(bench.now)) + std::chrono::days{1} + 3h);

    // A job of the schedule still waits to be tried again: there is no second one.
    bench.does("reward", "exit 6");
    bench.now += std::chrono::days{1};
    CHECK(bench.work()["retried"] == 1);
    bench.session().execute("UPDATE jobs SET due_at = $1 WHERE brand_id = 'b'",
                            {bench.now + std::chrono::days{9}});
    bench.now += std::chrono::days{1};
    CHECK(bench.work()["scheduled"] == 0);
    CHECK(store::count_jobs(bench.session(), "b", {}) == 2);
  });
}

TEST_CASE("a lost job is settled by the next worker") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    const std::string id = bench.submit("creative_genome_update");
    for (int dead = 1; dead <= 3; ++dead) {
      const auto job = store::claim_job(bench.session(), {}, bench.now, bench.now + 10s);
      REQUIRE(job);
      store::Transaction transaction(bench.session());
      REQUIRE(store::start_run(bench.session(), *job, "dead", bench.now));
      transaction.commit();
      CHECK(bench.work()["items"].empty());  // not before the lease is over
      bench.now += 11s;
      if (dead < 3) {
        for (const store::Job& lost : store::lost_jobs(bench.session(), bench.now)) {
          store::Transaction settling(bench.session());
          REQUIRE(store::settle_lost_job(
              bench.session(), lost,
              {.run_state = "lost", .job_state = "pending", .due_at = kNow, .attempts = dead},
              bench.now));
          settling.commit();
        }
      }
    }
    // It took three workers with it: it is not tried for ever.
    CHECK(bench.work()["items"].empty());
    CHECK(bench.show(id)["state"] == "failed");
    CHECK(bench.show(id)["error"]["error"] == "worker_lost");
    CHECK(bench.alerts() == "creative_genome_update active 1;");
    CHECK(bench.calls().empty());
  });
}

TEST_CASE("a watched folder: files that were imported are known by their content") {
  on_both_backends([](const std::string& url) {
    Bench bench(url);
    const std::string folder = bench.path("inbox");
    std::filesystem::create_directory(folder);
    const Json parameters = {{"dir", folder}, {"map", {"spend=Cost", "clicks=C"}}};
    bench.submit("performance_import", parameters);
    CHECK(bench.work()["completed"] == 1);
    CHECK(bench.calls().empty());

    for (const char* name : {"b.csv", "a.JSONL.gz", ".hidden.csv", "c.csv.part", "notes.pdf"}) {
      core::write_file(folder + "/" + name, name);
    }
    const std::string id = bench.submit("performance_import", parameters);
    CHECK(bench.work()["completed"] == 1);
    const std::string options = "import performance --map=spend=Cost --map=clicks=C ";
    CHECK(bench.calls() ==
          std::vector<std::string>{options + folder + "/a.JSONL.gz --brand=b --format=json",
                                   options + folder + "/b.csv --brand=b --format=json"});
    CHECK(bench.last_run(id)["metadata"]["steps"][0]["step"] == "import a.JSONL.gz");

    // One that cannot even be unpacked is its import's affair, and keeps no other from being read.
    core::write_file(folder + "/d.csv.gz", "\x1f\x8b cut off");
    bench.submit("performance_import", parameters);
    CHECK(bench.work()["completed"] == 1);
    CHECK(bench.calls().size() == 5);

    const std::string none = bench.submit("performance_import", {{"dir", bench.path("nowhere")}});
    CHECK(bench.work()["failed"] == 1);
    CHECK(bench.show(none)["error"]["error"] == "invalid_input");
  });
}
