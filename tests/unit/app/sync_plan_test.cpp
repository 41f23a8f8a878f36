#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <app/sync_plan.hpp>

namespace adgenome::testing {
namespace {

using app::plan_sync;
using app::SyncPlan;
using store::SyncRun;

constexpr std::chrono::days kWeeks{28};

core::Day day(const char* text) {
  return core::parse_day(text);
}

const core::Time kNow = core::parse_time("2026-03-31T02:00:00Z");
const core::Day kToday = day("2026-03-31");

SyncPlan plan(const std::optional<SyncRun>& last, const char* since = nullptr) {
  return plan_sync(last, since ? std::optional(day(since)) : std::nullopt, kToday, kNow, kWeeks);
}

SyncRun run(const char* since, const char* done_through, const char* started,
            const char* finished = nullptr) {
  return {.since = day(since),
          .done_through = done_through ? std::optional(day(done_through)) : std::nullopt,
          .started_at = core::parse_time(started),
          .finished_at = finished ? std::optional(core::parse_time(finished)) : std::nullopt};
}

TEST_CASE("the first pull takes what is still restated, and a named day counts") {
  CHECK(plan(std::nullopt).first == day("2026-03-03"));
  CHECK(plan(std::nullopt, "2025-01-01").first == day("2025-01-01"));
  CHECK(plan(std::nullopt, "2026-03-31").first == kToday);
  CHECK_THROWS_AS(plan(std::nullopt, "2026-04-01"), core::InvalidInput);
}

TEST_CASE("the next pull begins before the end of the last one, however long ago that was") {
  const auto daily =
      run("2026-02-01", "2026-03-30", "2026-03-30T02:00:00Z", "2026-03-30T02:05:00Z");
  CHECK(plan(daily).first == day("2026-03-02"));
  CHECK(!plan(daily).is_resumed);
  const auto old = run("2025-01-01", "2025-12-31", "2025-12-31T02:00:00Z", "2025-12-31T02:05:00Z");
  CHECK(plan(old).first == day("2025-12-03"));
}

TEST_CASE("an open pull is taken up behind the days that are there") {
  const auto open = run("2026-01-01", "2026-03-10", "2026-03-31T01:00:00Z");
  for (const char* since : {static_cast<const char*>(nullptr), "2026-01-01", "2026-02-01"}) {
    const SyncPlan taken_up = plan(open, since);
    CHECK(taken_up.first == day("2026-03-11"));
    CHECK(taken_up.is_resumed);
    CHECK(taken_up.started_at == open.started_at);
  }
  CHECK(plan(open).since == day("2026-01-01"));
  // It says nothing of days before its first or behind its last.
  CHECK(plan(open, "2025-12-31").first == day("2025-12-31"));
  CHECK(plan(open, "2026-03-20").first == day("2026-03-20"));
  CHECK(!plan(run("2026-01-01", nullptr, "2026-03-31T01:00:00Z")).is_resumed);
}

TEST_CASE("of an open pull that is old, the days stay that were settled when they were pulled") {
  const auto open = run("2026-01-01", "2026-03-10", "2026-03-12T01:00:00Z");
  const SyncPlan taken_up = plan(open);
  CHECK(taken_up.first == day("2026-02-13"));  // 28 days before 12 March, and one on
  CHECK(taken_up.is_resumed);
  CHECK(taken_up.started_at == kNow);
  const auto early = run("2026-01-01", "2026-01-31", "2026-03-12T01:00:00Z");
  CHECK(plan(early).first == day("2026-02-01"));
}

}  // namespace
}  // namespace adgenome::testing
