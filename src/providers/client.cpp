#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/providers/client.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::providers {
namespace {

using core::ProviderError;

/// "3 s", "12 min": what a person needs to know of a wait.
std::string shown(Milliseconds duration) {
  if (duration < Milliseconds(10'000))
    return core::format_double(static_cast<double>(duration.count()) / 1e3) + " s";
  if (duration < std::chrono::minutes(2)) return std::to_string(duration.count() / 1000) + " s";
  return std::to_string((duration.count() + 59'999) / 60'000) + " min";
}

Milliseconds doubled(Milliseconds first, Milliseconds longest, int times) {
  for (; times > 0 && first < longest; --times) first *= 2;
  return std::min(first, longest);
}

/// "Fri, 20 Nov 2026 20:47:08 GMT" (RFC 9110 5.6.7) as seconds since the epoch.
std::optional<std::int64_t> http_date(const std::string& text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto day = core::to_int64(text.substr(5, 2));
  const std::size_t month = kMonths.find(text.substr(8, 3));
  const auto year = core::to_int64(text.substr(12, 4));
  const auto hour = core::to_int64(text.substr(17, 2));
  const auto minute = core::to_int64(text.substr(20, 2));
  const auto second = core::to_int64(text.substr(23, 2));
  if (!day || month == std::string_view::npos || month % 3 != 0 || !year || !hour || !minute ||
      !second) {
    return std::nullopt;
  }
  const std::chrono::sys_days date = std::chrono::year(static_cast<int>(*year)) /
                                     static_cast<int>(month / 3 + 1) / static_cast<int>(*day);
  return std::chrono::seconds(date.time_since_epoch()).count() + *hour * 3600 + *minute * 60 +
         *second;
}

}  // namespace

std::optional<Milliseconds> retry_after(const HttpResponse& response) {
  const auto header = response.header("retry-after");
  if (!header) return std::nullopt;
  if (const auto seconds = core::to_int64(*header)) {
    return Milliseconds(std::clamp<std::int64_t>(*seconds, 0, 86'400) * 1000);
  }
  const auto then = http_date(*header);
  const auto now = http_date(response.header("date").value_or(""));
  if (!then || !now) return std::nullopt;
  return Milliseconds(std::clamp<std::int64_t>(*then - *now, 0, 86'400) * 1000);
}

std::optional<Retry> retry_by_status(const HttpResponse& response) {
  const int status = response.status;
  const bool is_throttled = status == 429;
  if (!is_throttled && status != 408 && status != 425 && status < 500) return std::nullopt;
  return Retry{.reason = "HTTP status " + std::to_string(status),
               .is_throttled = is_throttled,
               .wait = retry_after(response)};
}

Client::Client(Transport& transport, RetryPolicy policy, Surroundings surroundings)
    : transport_(transport), policy_(policy), surroundings_(std::move(surroundings)) {}

Milliseconds Client::backoff(int failures) {
  const Milliseconds longest =
      doubled(policy_.first_backoff, policy_.longest_backoff, failures - 1);
  return Milliseconds(
      std::llround(surroundings_.jitter.next_uniform() * static_cast<double>(longest.count())));
}

void Client::pause(Milliseconds duration) {
  if (duration <= Milliseconds(0)) return;
  counts_.waited += duration;
  surroundings_.sleep(duration);
}

void Client::wait_out_throttling(Milliseconds duration, const std::string& reason) {
  if (waited_for_throttling_ + duration > policy_.total_throttle_wait) {
    throw ProviderError(reason + ": it asks to wait " + shown(duration) + ", and of the " +
                            shown(policy_.total_throttle_wait) + " that may be waited " +
                            shown(waited_for_throttling_) + " are used",
                        "run the command again later: it goes on where it stopped");
  }
  waited_for_throttling_ += duration;
  if (surroundings_.note) surroundings_.note(reason + ": waiting " + shown(duration));
  pause(duration);
}

HttpResponse Client::call(const HttpRequest& request, const Judge& judge) {
  const std::string name = request.method + " " + shown_url(request.url);
  int failures = 0;
  int refusals = 0;
  for (;;) {
    ++counts_.calls;
    HttpResult result = transport_.send(request);
    std::optional<Retry> retry;
    if (result.failure) {
      if (!result.failure->is_passing()) throw ProviderError(name + ": " + result.failure->message);
      retry = Retry{.reason = result.failure->message};
    } else {
      retry = judge(result.response);
    }
    if (!retry) return std::move(result.response);
    if (retry->is_throttled) {
      ++counts_.throttled;
      wait_out_throttling(retry->wait ? std::max(*retry->wait, Milliseconds(1'000))
                                      : doubled(policy_.first_throttle_wait,
                                                policy_.longest_throttle_wait, refusals),
                          name + ": " + retry->reason);
      ++refusals;
    } else if (++failures >= policy_.attempts) {
      throw ProviderError(name + " failed " + std::to_string(failures) +
                          " times, the last time: " + retry->reason);
    } else {
      const Milliseconds wait = std::max(backoff(failures), retry->wait.value_or(Milliseconds(0)));
      if (surroundings_.note) {
        surroundings_.note(name + ": " + retry->reason + ": trying again in " + shown(wait));
      }
      pause(wait);
    }
    ++counts_.retries;
  }
}

}  // namespace adgenome::providers
