#include <doctest/doctest.h>

#include <adgenome/core/cron.hpp>
#include <adgenome/core/error.hpp>
#include <string>
#include <vector>

using namespace adgenome;
using core::Cron;

namespace {

std::string next(const std::string& schedule, const std::string& after) {
  return core::format_time(Cron::parse(schedule).next_after(core::parse_time(after)));
}

std::string refusal(const std::string& schedule) {
  try {
    Cron::parse(schedule);
  } catch (const core::UsageError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

// 2026-11-20 is a Friday.
TEST_CASE("the next time is the first minute that all fields name") {
  CHECK(next("* * * * *", "2026-11-20T10:00:00Z") == "2026-11-20T10:01:00Z");
  CHECK(next("* * * * *", "2026-11-20T10:00:59.999999Z") == "2026-11-20T10:01:00Z");
  CHECK(next("0 2 * * *", "2026-11-20T01:59:59Z") == "2026-11-20T02:00:00Z");
  CHECK(next("0 2 * * *", "2026-11-20T02:00:00Z") == "2026-11-21T02:00:00Z");
  CHECK(next("0 4 * * 0", "2026-11-20") == "2026-11-22T04:00:00Z");
  CHECK(next("0 4 * * 7", "2026-11-20") == "2026-11-22T04:00:00Z");
  CHECK(next("0 3 * * sat", "2026-11-20") == "2026-11-21T03:00:00Z");
  CHECK(next("0 3 * * Sat", "2026-11-21T03:00:00Z") == "2026-11-28T03:00:00Z");
  CHECK(next("59 23 31 12 *", "2026-12-31T23:59:00Z") == "2027-12-31T23:59:00Z");
  CHECK(next("0 0 29 2 *", "2026-11-20") == "2028-02-29T00:00:00Z");
  CHECK(next("0 0 29 2 *", "2096-03-01") == "2104-02-29T00:00:00Z");  // 2100 has none
}

TEST_CASE("ranges, lists and steps") {
  CHECK(next("0 */6 * * *", "2026-11-20T00:00:00Z") == "2026-11-20T06:00:00Z");
  CHECK(next("0 */6 * * *", "2026-11-20T18:00:00Z") == "2026-11-21T00:00:00Z");
  CHECK(next("*/25 * * * *", "2026-11-20T10:50:00Z") == "2026-11-20T11:00:00Z");
  CHECK(next("10-40/15 * * * *", "2026-11-20T10:25:00Z") == "2026-11-20T10:40:00Z");
  CHECK(next("10-40/15 * * * *", "2026-11-20T10:40:00Z") == "2026-11-20T11:10:00Z");
  CHECK(next("50/5 * * * *", "2026-11-20T10:50:00Z") == "2026-11-20T10:55:00Z");
  CHECK(next("5,7-8,50 * * * *", "2026-11-20T10:08:00Z") == "2026-11-20T10:50:00Z");
  CHECK(next("0 9 * * mon-fri", "2026-11-20T09:00:00Z") == "2026-11-23T09:00:00Z");
  CHECK(next("0 9 * * 6-7", "2026-11-21T09:00:00Z") == "2026-11-22T09:00:00Z");
  CHECK(next("0 0 1 jan,Jul *", "2026-11-20") == "2027-01-01T00:00:00Z");
  CHECK(next("0\t0  1 * *", "2026-11-20") == "2026-12-01T00:00:00Z");
}

TEST_CASE("where both days are restricted either suffices, with a star both hold") {
  CHECK(next("0 0 13 * fri", "2026-11-20T00:00:00Z") == "2026-11-27T00:00:00Z");
  CHECK(next("0 0 13 * fri", "2026-12-12") == "2026-12-13T00:00:00Z");  // a Sunday
  CHECK(next("0 0 */2 * mon", "2026-11-20") == "2026-11-23T00:00:00Z");
  CHECK(next("0 0 */2 * mon", "2026-11-23") == "2026-12-07T00:00:00Z");  // the 30th is even
}

TEST_CASE("a schedule that makes no sense is refused by the field that is wrong") {
  CHECK(refusal("60 * * * *") == "minute \"60\" is not between 0 and 59");
  CHECK(refusal("* 24 * * *") == "hour \"24\" is not between 0 and 23");
  CHECK(refusal("* * 0 * *") == "day of the month \"0\" is not between 1 and 31");
  CHECK(refusal("* * * 13 *") == "month \"13\" is not between 1 and 12");
  CHECK(refusal("* * * * 8") == "day of the week \"8\" is not between 0 and 7");
  CHECK(refusal("* * * * funday") == "day of the week \"funday\" is not between 0 and 7");
  CHECK(refusal("* * * anf *") == "month \"anf\" is not between 1 and 12");  // jANFeb
  CHECK(refusal("* 5-3 * * *") == "hour \"5-3\" is a range that ends before it begins");
  CHECK(refusal("*/0 * * * *") == "minute \"*/0\" has no valid step");
  CHECK(refusal("1,,2 * * * *") == "minute \"1,,2\" has an empty entry");
  CHECK(refusal("mon * * * *") == "minute \"mon\" is not between 0 and 59");
  CHECK(refusal("* * * *") == "a schedule has five fields, \"* * * *\" has 4");
  CHECK(refusal("") == "a schedule has five fields, \"\" has 0");
  CHECK(refusal("0 0 30 2 *") == "the schedule \"0 0 30 2 *\" names a day that never comes");
  CHECK(refusal("-1 * * * *").starts_with("minute"));
  CHECK(refusal("1- * * * *").starts_with("minute"));
  CHECK(refusal("* * 31 apr-jun/2 *").find("never comes") != std::string::npos);
}
