#include <adgenome/core/error.hpp>
#include <adgenome/core/time.hpp>
#include <array>
#include <cstdio>

namespace adgenome::core {
namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw InvalidInput("not a time: \"" + std::string(text) + "\"",
                     "write it as 2026-11-20 or 2026-11-20T09:30:00Z");
}

/// Takes `width` digits off the front of `rest`.
int take_digits(std::string_view& rest, std::size_t width, std::string_view whole) {
  if (rest.size() < width) refuse(whole);
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (rest[i] < '0' || rest[i] > '9') refuse(whole);
    value = value * 10 + (rest[i] - '0');
  }
  rest.remove_prefix(width);
  return value;
}

bool take(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

Day take_day(std::string_view& rest, std::string_view whole) {
  const int year = take_digits(rest, 4, whole);
  if (!take(rest, '-')) refuse(whole);
  const int month = take_digits(rest, 2, whole);
  if (!take(rest, '-')) refuse(whole);
  const int day = take_digits(rest, 2, whole);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) throw InvalidInput("no such date: \"" + std::string(whole) + "\"");
  return date;
}

}  // namespace

Time parse_time(std::string_view text) {
  using namespace std::chrono;
  std::string_view rest = text;
  Time time = take_day(rest, text);
  if (rest.empty()) return time;
  if (!take(rest, 'T') && !take(rest, 't') && !take(rest, ' ')) refuse(text);
  const int hour = take_digits(rest, 2, text);
  if (!take(rest, ':')) refuse(text);
  const int minute = take_digits(rest, 2, text);
  int second = 0;
  if (take(rest, ':')) second = take_digits(rest, 2, text);
  if (hour > 23 || minute > 59 || second > 59) refuse(text);
  time += hours{hour} + minutes{minute} + seconds{second};
  if (take(rest, '.')) {
    std::int64_t scale = 100'000;
    bool any = false;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
      time += microseconds{(rest.front() - '0') * scale};
      scale /= 10;
      rest.remove_prefix(1);
      any = true;
    }
    if (!any) refuse(text);
  }
  if (rest.empty() || rest == "Z" || rest == "z") return time;
  const bool ahead = rest.front() == '+';
  if (!take(rest, '+') && !take(rest, '-')) refuse(text);
  minutes offset = hours{take_digits(rest, 2, text)};
  if (take(rest, ':') || !rest.empty()) offset += minutes{take_digits(rest, 2, text)};
  if (!rest.empty()) refuse(text);
  return ahead ? time - offset : time + offset;
}

Day parse_day(std::string_view text) {
  std::string_view rest = text;
  const Day day = take_day(rest, text);
  if (!rest.empty()) refuse(text);
  return day;
}

std::string format_day(Day day) {
  const std::chrono::year_month_day date{day};
  std::array<char, 32> out{};
  const int n =
      std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {out.data(), static_cast<std::size_t>(n)};
}

std::string format_time(Time time) {
  using namespace std::chrono;
  const Day day = day_of(time);
  const hh_mm_ss clock{time - day};
  std::array<char, 48> out{};
  int n = std::snprintf(
      out.data(), out.size(), "T%02d:%02d:%02d", static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  std::string text = format_day(day) + std::string(out.data(), static_cast<std::size_t>(n));
  if (const auto micros = clock.subseconds().count(); micros != 0) {
    n = std::snprintf(out.data(), out.size(), ".%06d", static_cast<int>(micros));
    text.append(out.data(), static_cast<std::size_t>(n));
  }
  return text + 'Z';
}

}  // namespace adgenome::core
