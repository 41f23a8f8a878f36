#include <adgenome/providers/meta.hpp>

#include "scripted.hpp"

namespace adgenome::testing {
namespace {

using core::ProviderError;
using providers::MetaAds;
using providers::Secret;

constexpr const char* kToken = "EAAsesame";

core::Day day(const char* text) {
  return core::parse_day(text);
}

HttpResult meta_error(int status, int code, const std::string& message = "no",
                      const std::string& more = "", providers::NamedTexts headers = {}) {
  return answer(status,
                R"({"error":{"message":")" + message + R"(","type":"OAuthException","code":)" +
                    std::to_string(code) + more + R"(,"fbtrace_id":"Abc"}})",
                std::move(headers));
}

/// A page of a list: `next` is the cursor of the following one.
HttpResult page(const std::string& rows, const std::string& next = "") {
  std::string paging;
  if (!next.empty()) {
    // As Meta does: the address of the next page carries the token.
    paging = R"(,"paging":{"cursors":{"before":"x","after":")" + next +
             R"("},"next":"https://graph.facebook.com/?access_token=EAAsesame&after=)" + next +
             "\"}";
  }
  return answer(200, R"({"data":[)" + rows + "]" + paging + "}");
}

struct Scripted : ScriptedClient {
  explicit Scripted(std::deque<HttpResult> script)
      : ScriptedClient(std::move(script)), meta(client, Secret(kToken)) {}
  std::vector<std::string> insights() {
    std::vector<std::string> pages;
    meta.insights("1", {.first = day("2026-03-01"), .last = day("2026-03-02")},
                  [&](std::string text) { pages.push_back(std::move(text)); });
    return pages;
  }
  std::string error_of_insights() {
    try {
      insights();
    } catch (const ProviderError& error) {
      return error.what();
    }
    return "none";
  }
  MetaAds meta;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("account ids") {
  CHECK(providers::meta_account_id("act_123") == "123");
  CHECK(providers::meta_account_id("123") == "123");
  CHECK(!providers::meta_account_id("act_"));
  CHECK(!providers::meta_account_id("demo-account"));
  CHECK(!providers::meta_account_id("123/../me"));
}

TEST_CASE("the token goes over TLS, or to this machine") {
  Scripted scripted({});
  for (const char* address : {"http://graph.facebook.com", "http://localhost.test",
                              "http://127.0.0.1.test", "ftp://x", "graph.facebook.com"}) {
    CHECK_THROWS_AS(MetaAds(scripted.client, Secret(kToken), address), core::InvalidInput);
  }
  for (const char* address : {"https://graph.test/", "http://127.0.0.1:8080", "http://localhost"})
    MetaAds(scripted.client, Secret(kToken), address);
}

TEST_CASE("an account: the token in the header and nowhere else") {
  Scripted scripted({answer(200, R"({"account_id":"1","id":"act_1","name":"Shop",)"
                                 R"("currency":"EUR","timezone_name":"Asia/Kolkata",)"
                                 R"("timezone_offset_hours_utc":5.5})")});
  const auto account = scripted.meta.account("1");
  CHECK(account.currency == "EUR");
  CHECK(account.timezone == "Asia/Kolkata");
  CHECK(account.utc_minutes == 330);
  const HttpRequest& asked = scripted.transport.asked.front();
  CHECK(asked.url.starts_with("https://graph.facebook.com/v25.0/act_1?fields=account_id"));
  CHECK(!contains(asked.url, kToken));
  CHECK(asked.headers == providers::NamedTexts{{"Authorization", "Bearer EAAsesame"}});
}

TEST_CASE("lists are followed by cursor, never by the address that carries the token") {
  Scripted scripted(
      {page(
           R"({"id":"120210000000000001","name":"A","objective":"OUTCOME_SALES","status":"ACTIVE"})",
           "c1"),
       page(
           R"({"id":"120210000000000002","name":"B","objective":"OUTCOME_LEADS","status":"PAUSED"})",
           "c2"),
       page("")});
  std::vector<std::string> ids;
  scripted.meta.campaigns("1", [&](const auto& campaign) { ids.push_back(campaign.id); });
  CHECK(ids == std::vector<std::string>{"120210000000000001", "120210000000000002"});
  REQUIRE(scripted.transport.asked.size() == 3);
  CHECK(contains(scripted.transport.asked[1].url, "&after=c1"));
  CHECK(contains(scripted.transport.asked[2].url, "&after=c2"));
  for (const HttpRequest& asked : scripted.transport.asked) {
    CHECK(!contains(asked.url, kToken));
    CHECK(contains(asked.url, "DELETED"));
  }
}

TEST_CASE("a list that never ends, and one that cannot be followed") {
  Scripted endless({page("", "c1"), page("", "c1")});
  CHECK(contains(endless.error_of_insights(), "never ends"));
  Scripted lost({answer(200, R"({"data":[],"paging":{"next":"https://x"}})")});
  CHECK(contains(lost.error_of_insights(), "a next page without a cursor"));
  Scripted shapeless({answer(200, R"({"success":true})")});
  CHECK(contains(shapeless.error_of_insights(), "an answer that cannot be used"));
}

TEST_CASE("ads with the names that stand around them") {
  Scripted scripted({page(R"({"id":"1","name":"X","adset":{"id":"2","name":"S"},"campaign_id":"3",)"
                          R"("effective_status":"ACTIVE"},{"id":"4"})")});
  std::vector<providers::MetaAd> ads;
  scripted.meta.ads("1", [&](const auto& ad) { ads.push_back(ad); });
  REQUIRE(ads.size() == 2);
  CHECK(ads[0].adset_name == "S");
  CHECK(ads[0].campaign_id == "3");
  CHECK(!ads[1].name);
}

TEST_CASE("insights: the question in full, the pages as they come") {
  Scripted scripted({page(R"({"ad_id":"1"})", "n"), page(R"({"ad_id":"2"})")});
  const auto pages = scripted.insights();
  REQUIRE(pages.size() == 2);
  CHECK(contains(pages[1], R"("ad_id":"2")"));
  const std::string& url = scripted.transport.asked.front().url;
  CHECK(contains(url,
                 "level=ad&time_increment=1&time_range=%7B%22since%22%3A%222026-03-01%22%2C%22"
                 "until%22%3A%222026-03-02%22%7D"));
  CHECK(contains(url, "account_currency"));
  CHECK(contains(url, "action_values"));
}

TEST_CASE("errors in the body count, whatever the status") {
  for (const int status : {200, 400}) {
    Scripted scripted({meta_error(status, 190, "Error validating access token: Session has expired",
                                  R"(,"error_subcode":463)")});
    try {
      scripted.insights();
      FAIL("an expired token is an error");
    } catch (const ProviderError& error) {
      CHECK(std::string(error.what()) ==
            "Meta refuses GET graph.facebook.com/v25.0/act_1/insights: (#190, subcode 463) Error "
            "validating access token: Session has expired [trace Abc]");
      CHECK(contains(error.hint(), "ADGENOME_META_TOKEN"));
    }
    CHECK(scripted.slept.empty());
  }
  Scripted quoted({meta_error(400, 190, "Malformed access token EAAsesame")});
  CHECK(contains(quoted.error_of_insights(), "Malformed access token ***"));
  Scripted invalid({meta_error(400, 100, "(#100) since is too far back")});
  CHECK(contains(invalid.error_of_insights(), "Meta refuses"));
  Scripted forbidden({meta_error(403, 200, "Ad account owner has NOT grant ads_read")});
  CHECK(contains(forbidden.error_of_insights(), "Meta refuses"));
}

TEST_CASE("passing errors, cut documents and pages of a proxy are asked again") {
  Scripted scripted({meta_error(500, 2, "Service temporarily unavailable"),
                     meta_error(400, 1, "An unknown error occurred"),
                     meta_error(400, 99999, "odd", R"(,"is_transient":true)"),
                     answer(200, R"({"data":[{"ad_id":)"), answer(200, "<html>Hello</html>"),
                     page("")});
  CHECK(scripted.insights().size() == 1);
  CHECK(scripted.client.counts().retries == 5);
  Scripted gone({answer(404, "<html>Not Found</html>")});
  CHECK(contains(gone.error_of_insights(), "HTTP status 404 and no answer of the API"));
  Scripted moved({answer(302, "")});
  CHECK(contains(moved.error_of_insights(), "HTTP status 302"));
}

TEST_CASE("throttling waits until access is regained") {
  const std::string usage =
      R"({"1":[{"type":"ads_insights","call_count":100,"total_cputime":20,"total_time":20,)"
      R"("estimated_time_to_regain_access":3},{"type":"custom_audience","call_count":100,)"
      R"("estimated_time_to_regain_access":50}]})";
  for (const int code : {4, 17, 32, 613, 80000, 80004, 80014}) {
    Scripted scripted(
        {meta_error(400, code, "too many calls", "", {{"x-business-use-case-usage", usage}}),
         page("")});
    scripted.insights();
    CHECK(scripted.slept == std::vector<Milliseconds>{3min});
    CHECK(scripted.client.counts().throttled == 1);
  }
  Scripted silent({meta_error(400, 17), page("")});
  silent.insights();
  CHECK(silent.slept == std::vector<Milliseconds>{30s});
}

TEST_CASE(
    "near the limit calls are spread, at the limit they wait, after the last one they do not") {
  const auto with = [](HttpResult result, const char* name, const char* value) {
    result.response.headers = {{name, value}};
    return result;
  };
  Scripted scripted(
      {with(page("", "1"), "x-app-usage", R"({"call_count":50,"total_time":25})"),
       with(page("", "2"), "x-app-usage", R"({"call_count":30,"total_time":95})"),
       with(page("", "3"), "x-fb-ads-insights-throttle", R"({"acc_id_util_pct":80.0})"),
       with(page("", "4"), "x-ad-account-usage",
            R"({"acc_id_util_pct":100,"reset_time_duration":45})"),
       with(page("", "5"), "x-app-usage", "not json"),
       with(page(""), "x-app-usage", R"({"call_count":100})")});
  scripted.insights();
  CHECK(scripted.slept == std::vector<Milliseconds>{48s, 12s, 45s});
}

TEST_CASE("a page that is too large is asked for with fewer rows, and in the end given up") {
  const auto too_much = [] {
    return meta_error(500, 1, "Please reduce the amount of data you're asking for, then retry");
  };
  Scripted scripted({page(R"({"ad_id":"1"})", "c"), too_much(),
                     meta_error(400, 100, "Request timed out", R"(,"error_subcode":1504018)"),
                     page(R"({"ad_id":"2"})")});
  CHECK(scripted.insights().size() == 2);
  const auto limit = [&](std::size_t i) {
    const std::string& url = scripted.transport.asked[i].url;
    return url.substr(url.find("&limit="));
  };
  CHECK(limit(0) == "&limit=500");
  CHECK(limit(1) == "&limit=500&after=c");
  CHECK(limit(2) == "&limit=250&after=c");
  CHECK(limit(3) == "&limit=125&after=c");
  CHECK(scripted.slept.empty());
  Scripted hopeless(std::deque<HttpResult>(6, too_much()));
  CHECK_THROWS_AS(hopeless.insights(), providers::TooMuchData);
  CHECK(hopeless.transport.left() == 0);  // 500, 250, 125, 62, 31, 25
}

struct Report : Scripted {
  using Scripted::Scripted;
  std::size_t pages() {
    std::size_t count = 0;
    meta.insights_report("1", {.first = day("2026-01-01"), .last = day("2026-01-28")},
                         [&](const std::string&) { ++count; });
    return count;
  }
};

HttpResult report_run() {
  return answer(200, R"({"report_run_id":"77"})");
}

HttpResult report_status(const std::string& status, int percent, const std::string& more = "") {
  return answer(200, R"({"id":"77","async_status":")" + status +
                         R"(","async_percent_completion":)" + std::to_string(percent) + more + "}");
}

TEST_CASE("an asynchronous report is asked for, waited for and fetched") {
  Report scripted({report_run(), report_status("Job Not Started", 0),
                   report_status("Job Running", 60), report_status("Job Completed", 90),
                   report_status("Job Completed", 100), page(R"({"ad_id":"1"})", "c"),
                   page(R"({"ad_id":"2"})")});
  CHECK(scripted.pages() == 2);
  CHECK(scripted.slept == std::vector<Milliseconds>{2s, 3s, 4500ms, 6750ms});
  const auto& asked = scripted.transport.asked;
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].url == "https://graph.facebook.com/v25.0/act_1/insights");
  CHECK(contains(asked[0].body, "level=ad"));
  CHECK(!contains(asked[0].body, kToken));
  CHECK(asked[1].url.starts_with("https://graph.facebook.com/v25.0/77?fields=async_status"));
  CHECK(asked[5].url == "https://graph.facebook.com/v25.0/77/insights?limit=500");
}

TEST_CASE("a report that fails is asked for again; one that is too large is not") {
  Report again({report_run(), report_status("Job Failed", 10), report_run(),
                report_status("Job Skipped", 0), report_run(), report_status("Job Completed", 100),
                page("")});
  CHECK(again.pages() == 1);
  Report hopeless(
      {report_run(), report_status("Job Failed", 0), report_run(), report_status("Job Failed", 0),
       report_run(),
       report_status(
           "Job Failed", 0,
           R"(,"error_code":-2,"error_subcode":2490547,"error_message":"Report Failed")")});
  CHECK_THROWS_WITH_AS(
      hopeless.pages(),
      "graph.facebook.com/v25.0/act_1/insights: the report failed 3 times, the last "
      "time: (#-2, subcode 2490547) Report Failed",
      providers::TooMuchData);
  Report large({report_run(), report_status("Job Failed", 0,
                                            R"(,"error_code":100,"error_subcode":1487534,)"
                                            R"("error_message":"too large")")});
  CHECK_THROWS_AS(large.pages(), providers::TooMuchData);
}

TEST_CASE("a report that is never done is given up after an hour") {
  std::deque<HttpResult> script(200, report_status("Job Running", 99));
  script.push_front(report_run());
  Report scripted(script);
  CHECK_THROWS_WITH_AS(
      scripted.pages(),
      "graph.facebook.com/v25.0/act_1/insights: the report 77 is not done after an hour",
      ProviderError);
  CHECK(scripted.client.counts().waited < 61min);
}

}  // namespace
}  // namespace adgenome::testing
