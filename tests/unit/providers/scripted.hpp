#pragma once

#include <doctest/doctest.h>

#include <adgenome/providers/client.hpp>
#include <deque>
#include <string>
#include <vector>

namespace adgenome::testing {

using namespace std::chrono_literals;
using providers::HttpRequest;
using providers::HttpResponse;
using providers::HttpResult;
using providers::Milliseconds;
using providers::TransportFailure;

inline HttpResult answer(int status, std::string body, providers::NamedTexts headers = {}) {
  return {.response = {.status = status, .headers = std::move(headers), .body = std::move(body)},
          .failure = std::nullopt};
}

inline HttpResult failure(TransportFailure::Kind kind, const std::string& message = "broken") {
  return {.response = {}, .failure = TransportFailure{.kind = kind, .message = message}};
}

/// Answers from a list, and remembers what was asked.
class ScriptedTransport final : public providers::Transport {
 public:
  explicit ScriptedTransport(std::deque<HttpResult> script) : script_(std::move(script)) {}
  HttpResult send(const HttpRequest& request) override {
    asked.push_back(request);
    REQUIRE_MESSAGE(!script_.empty(), "one call more than was expected: ", request.url);
    HttpResult next = std::move(script_.front());
    script_.pop_front();
    return next;
  }
  std::size_t left() const { return script_.size(); }
  std::vector<HttpRequest> asked;

 private:
  std::deque<HttpResult> script_;
};

/// A client over a script, whose sleeps are written down and take no time.
struct ScriptedClient {
  explicit ScriptedClient(std::deque<HttpResult> script, providers::RetryPolicy policy = {})
      : transport(std::move(script)),
        client(transport, policy,
               {.sleep = [this](Milliseconds time) { slept.push_back(time); },
                .jitter = core::RandomStream(7, "test"),
                .note = [this](const std::string& line) { notes.push_back(line); }}) {}
  ScriptedTransport transport;
  std::vector<Milliseconds> slept;
  std::vector<std::string> notes;
  providers::Client client;
};

}  // namespace adgenome::testing
