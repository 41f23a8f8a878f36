#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/providers/http.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace adgenome::providers {

/// How often a call is tried and how long it is waited between the tries.
struct RetryPolicy {
  /// Tries of one call that fails in passing (network, 5xx), the first included.
  int attempts = 6;
  /// Back-off before the second try; it doubles with each up to the longest. What is waited is a
  /// uniform part of it ("full jitter", Brooker 2015), so that clients do not return in step.
  Milliseconds first_backoff{1'000};
  Milliseconds longest_backoff{60'000};
  /// Wait where a provider throttles and does not say for how long; it doubles likewise.
  Milliseconds first_throttle_wait{30'000};
  Milliseconds longest_throttle_wait{600'000};
  /// All waits for being throttled together; a call that would exceed it fails instead.
  Milliseconds total_throttle_wait{3'600'000};
};

/// Why an answer is none yet.
struct Retry {
  std::string reason;
  bool is_throttled = false;
  /// What the answer asks to wait. Nothing: the policy's.
  std::optional<Milliseconds> wait = std::nullopt;
};

/// Judges a whole answer: nothing where it can be used, a Retry where it may pass; throws
/// ProviderError where trying again is of no use.
using Judge = std::function<std::optional<Retry>(const HttpResponse&)>;

/// What the HTTP status alone says: 408, 425, 429 and 5xx may pass, with Retry-After honoured.
std::optional<Retry> retry_by_status(const HttpResponse& response);

/// What Retry-After asks for: seconds, or a date as against the answer's own.
std::optional<Milliseconds> retry_after(const HttpResponse& response);

struct CallCounts {
  std::int64_t calls = 0;      ///< requests sent, retries included
  std::int64_t retries = 0;    ///< of them, sent again after a failure
  std::int64_t throttled = 0;  ///< answers that asked to wait
  Milliseconds waited{0};      ///< for whatever reason
};

/// Sends requests until they are answered. One for each provider: it knows how much was waited.
class Client {
 public:
  /// `sleep` and `jitter` are given so that waiting can be tested without a clock; `note` gets one
  /// line for each wait that a user may wonder about, free of secrets.
  struct Surroundings {
    std::function<void(Milliseconds)> sleep;
    core::RandomStream jitter;
    std::function<void(const std::string&)> note = {};
  };

  Client(Transport& transport, RetryPolicy policy, Surroundings surroundings);

  /// The answer that `judge` accepts. Throws ProviderError where attempts or waits are used up.
  HttpResponse call(const HttpRequest& request, const Judge& judge);

  /// Waits without a failure: before asking again for what is not ready, or to slow down.
  void pause(Milliseconds duration);
  /// Waits because the provider asks to: throws ProviderError where that exceeds the policy.
  void wait_out_throttling(Milliseconds duration, const std::string& reason);

  const CallCounts& counts() const { return counts_; }

 private:
  Milliseconds backoff(int failures);
  Transport& transport_;
  RetryPolicy policy_;
  Surroundings surroundings_;
  CallCounts counts_;
  Milliseconds waited_for_throttling_{0};
};

}  // namespace adgenome::providers
