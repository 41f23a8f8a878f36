#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace adgenome::core {

/// UTC with microseconds, the only time inside the program.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Day = std::chrono::sys_days;

/// Reads ISO 8601: a date, or a date and time with `T` or a blank, up to six decimals of a second
/// and `Z` or an offset (none: UTC). Throws InvalidInput naming the text.
Time parse_time(std::string_view text);

/// Reads YYYY-MM-DD. Throws InvalidInput, also for dates that do not exist.
Day parse_day(std::string_view text);

/// `2026-11-20T17:24:31Z`, with six decimals where they are not all zero.
std::string format_time(Time time);

/// `2026-11-20`.
std::string format_day(Day day);

inline Day day_of(Time time) {
  return std::chrono::floor<std::chrono::days>(time);
}

/// Fractional days from `earlier` to `later`, not under 0.
inline double days_between(Time earlier, Time later) {
  const double seconds = static_cast<double>((later - earlier).count()) / 1e6;
  return seconds <= 0 ? 0.0 : seconds / 86400.0;
}

/// Time since the epoch in microseconds, as ids and stores need it.
inline std::int64_t to_micros(Time time) {
  return time.time_since_epoch().count();
}
inline Time from_micros(std::int64_t micros) {
  return Time{std::chrono::microseconds{micros}};
}

}  // namespace adgenome::core
