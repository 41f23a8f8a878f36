#include <adgenome/core/error.hpp>
#include <adgenome/providers/secret.hpp>
#include <cstdlib>

#include "scripted.hpp"

namespace adgenome::testing {
namespace {

using providers::retry_after;
using providers::retry_by_status;
using providers::RetryPolicy;

const HttpRequest kRequest{.url = "https://api.test/v1/list?key=value",
                           .headers = {{"Authorization", "Bearer sesame"}}};

TEST_CASE("what fails in passing is asked again after a growing, jittered wait") {
  ScriptedClient scripted({failure(TransportFailure::Kind::kCut), answer(503, ""),
                           failure(TransportFailure::Kind::kTimeout), answer(500, ""),
                           answer(200, "ok")});
  CHECK(scripted.client.call(kRequest, retry_by_status).body == "ok");
  CHECK(scripted.client.counts().calls == 5);
  CHECK(scripted.client.counts().retries == 4);
  REQUIRE(scripted.slept.size() == 4);
  // Full jitter: anywhere from nothing to 1, 2, 4, 8 seconds, the same for the same seed.
  const core::RandomStream expected(7, "test");
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(
        scripted.slept[i].count() ==
        doctest::Approx(expected.uniform_at(i) * 1000 * static_cast<double>(1 << i)).epsilon(0.01));
  }
}

TEST_CASE("the back-off is bounded, and so are the tries") {
  std::deque<HttpResult> script(9, answer(502, ""));
  ScriptedClient scripted(script, RetryPolicy{.attempts = 9, .longest_backoff = 2s});
  CHECK_THROWS_WITH_AS(scripted.client.call(kRequest, retry_by_status),
                       "GET api.test/v1/list failed 9 times, the last time: HTTP status 502",
                       core::ProviderError);
  CHECK(scripted.slept.size() == 8);
  for (const Milliseconds time : scripted.slept) CHECK(time <= 2s);
  CHECK(scripted.transport.left() == 0);
}

TEST_CASE("what does not pass is not asked again") {
  ScriptedClient scripted({failure(TransportFailure::Kind::kRefused, "no certificate")});
  CHECK_THROWS_WITH_AS(scripted.client.call(kRequest, retry_by_status),
                       "GET api.test/v1/list: no certificate", core::ProviderError);
  ScriptedClient large({failure(TransportFailure::Kind::kTooLarge, "large")});
  CHECK_THROWS_AS(large.client.call(kRequest, retry_by_status), core::ProviderError);
  CHECK(large.slept.empty());
  ScriptedClient found({answer(404, "none")});
  CHECK(found.client.call(kRequest, retry_by_status).status == 404);
}

TEST_CASE("throttling waits as long as it is told, and does not use up tries") {
  std::deque<HttpResult> script(8, answer(429, "", {{"retry-after", "20"}}));
  script.push_back(answer(200, "ok"));
  ScriptedClient scripted(script, RetryPolicy{.attempts = 2});
  CHECK(scripted.client.call(kRequest, retry_by_status).body == "ok");
  CHECK(scripted.slept == std::vector<Milliseconds>(8, 20s));
  CHECK(scripted.client.counts().throttled == 8);
  CHECK(scripted.client.counts().waited == 160s);
}

TEST_CASE("throttling that does not say how long is waited out twice as long each time") {
  std::deque<HttpResult> script(4, answer(429, ""));
  script.push_back(answer(200, "ok"));
  ScriptedClient scripted(script,
                          RetryPolicy{.first_throttle_wait = 30s, .longest_throttle_wait = 100s});
  scripted.client.call(kRequest, retry_by_status);
  CHECK(scripted.slept == std::vector<Milliseconds>{30s, 60s, 100s, 100s});
}

TEST_CASE("no more is waited than is allowed, and the error says when") {
  std::deque<HttpResult> script(3, answer(429, "", {{"retry-after", "1500"}}));
  ScriptedClient scripted(script);
  CHECK_THROWS_WITH_AS(scripted.client.call(kRequest, retry_by_status),
                       "GET api.test/v1/list: HTTP status 429: it asks to wait 25 min, and of the "
                       "60 min that may be waited 50 min are used",
                       core::ProviderError);
  CHECK(scripted.slept == std::vector<Milliseconds>{1500s, 1500s});
  CHECK(scripted.notes.front() == "GET api.test/v1/list: HTTP status 429: waiting 25 min");
}

TEST_CASE("Retry-After as seconds and as a date") {
  const auto of = [](const std::string& value, const std::string& date) {
    return retry_after(
        {.status = 503, .headers = {{"retry-after", value}, {"date", date}}, .body = ""});
  };
  CHECK(of("120", "") == 120s);
  CHECK(of("-5", "") == 0s);
  CHECK(of("Sun, 01 Mar 2026 00:01:30 GMT", "Sat, 28 Feb 2026 23:59:00 GMT") == 150s);
  CHECK(of("Sat, 28 Feb 2026 23:00:00 GMT", "Sat, 28 Feb 2026 23:59:00 GMT") == 0s);
  CHECK(of("Sun, 01 Mar 2026 00:01:30 GMT", "") == std::nullopt);
  CHECK(of("soon", "") == std::nullopt);
  // A 5xx with a wait of its own is not asked again sooner.
  ScriptedClient scripted({answer(503, "", {{"retry-after", "7"}}), answer(200, "ok")});
  scripted.client.call(kRequest, retry_by_status);
  CHECK(scripted.slept == std::vector<Milliseconds>{7s});
}

TEST_CASE("addresses are encoded, and shown without what may be secret") {
  CHECK(providers::form_encode({{"a b", "c&d=e"}, {"f", "ä~"}}) == "a%20b=c%26d%3De&f=%C3%A4~");
  CHECK(providers::shown_url("https://api.test/v1/list?access_token=sesame") == "api.test/v1/list");
}

TEST_CASE("a secret comes from the environment and does not come out by accident") {
  ::setenv("TEST_TOKEN_A", "  ", 1);
  ::setenv("TEST_TOKEN_B", " sesame\n", 1);
  const auto secret = providers::secret_from_environment({"TEST_TOKEN_A", "TEST_TOKEN_B"});
  REQUIRE(secret);
  CHECK(secret->reveal() == "sesame");
  CHECK(secret->masked_in("sesame, again sesame.") == "***, again ***.");
  CHECK(!providers::secret_from_environment({"TEST_TOKEN_A", "TEST_TOKEN_NONE"}));
}

}  // namespace
}  // namespace adgenome::testing
