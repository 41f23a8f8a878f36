#include <adgenome/core/cron.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <array>
#include <optional>

namespace adgenome::core {
namespace {

struct Field {
  std::string_view name;
  int low;
  int high;
  std::string_view names;  ///< three letters each; the first one is `low`
};

constexpr std::array<Field, 5> kFields = {{
    {"minute", 0, 59, ""},
    {"hour", 0, 23, ""},
    {"day of the month", 1, 31, ""},
    {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
    {"day of the week", 0, 7, "sunmontuewedthufrisat"},
}};

// 29 February on a given weekday comes every 28 years, but for centuries.
constexpr std::chrono::days kHorizon{41 * 366};

[[noreturn]] void refuse(const Field& field, std::string_view text, const std::string& why) {
  throw UsageError(
      std::string(field.name) + " \"" + std::string(text) + "\" " + why,
      "a schedule has five fields: minute hour day-of-month month day-of-week, as in \"0 4 * * 0\"",
      "cron");
}

int value_of(const Field& field, std::string_view text) {
  const std::string word = to_lower(text);
  if (word.size() == 3) {
    const std::size_t at = field.names.find(word);
    if (at != std::string_view::npos && at % 3 == 0) return field.low + static_cast<int>(at / 3);
  }
  const auto number = to_int64(word);
  if (!number || *number < field.low || *number > field.high) {
    refuse(field, text,
           "is not between " + std::to_string(field.low) + " and " + std::to_string(field.high));
  }
  return static_cast<int>(*number);
}

/// One entry of a list: its first and last value and the step between.
template <std::size_t Size>
void add_entry(const Field& field, std::string_view entry, std::bitset<Size>& values) {
  const std::size_t slash = entry.find('/');
  const std::string_view range = entry.substr(0, slash);
  std::int64_t step = 1;
  if (slash != std::string_view::npos) {
    const auto given = to_int64(entry.substr(slash + 1));
    if (!given || *given < 1 || *given > field.high) refuse(field, entry, "has no valid step");
    step = *given;
  }
  int first = field.low;
  int last = field.high;
  if (range != "*") {
    const std::size_t dash = range.find('-');
    first = value_of(field, range.substr(0, dash));
    if (dash != std::string_view::npos) {
      last = value_of(field, range.substr(dash + 1));
      if (last < first) refuse(field, entry, "is a range that ends before it begins");
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  for (std::int64_t value = first; value <= last; value += step) {
    values.set(static_cast<std::size_t>(value));
  }
}

template <std::size_t Size>
std::bitset<Size> read_field(const Field& field, const std::string& text) {
  std::bitset<Size> values;
  for (const std::string& entry : split(text, ',')) {
    if (entry.empty()) refuse(field, text, "has an empty entry");
    add_entry(field, entry, values);
  }
  return values;
}

}  // namespace

Cron Cron::parse(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '\t', ' ');
  std::vector<std::string> fields = split(spaced, ' ');
  std::erase(fields, "");
  if (fields.size() != kFields.size()) {
    throw UsageError("a schedule has five fields, \"" + std::string(text) + "\" has " +
                         std::to_string(fields.size()),
                     "minute hour day-of-month month day-of-week, as in \"0 4 * * 0\"", "cron");
  }
  Cron cron;
  cron.minutes_ = read_field<60>(kFields[0], fields[0]);
  cron.hours_ = read_field<24>(kFields[1], fields[1]);
  cron.days_ = read_field<32>(kFields[2], fields[2]);
  cron.months_ = read_field<13>(kFields[3], fields[3]);
  cron.weekdays_ = read_field<8>(kFields[4], fields[4]);
  if (cron.weekdays_.test(7)) cron.weekdays_.set(0);
  cron.is_either_day_ = !fields[2].starts_with('*') && !fields[4].starts_with('*');

  const Day start = std::chrono::year{2000} / 1 / 1;
  for (Day day = start; day < start + kHorizon; ++day) {
    if (cron.has_day(day)) return cron;
  }
  throw UsageError("the schedule \"" + std::string(text) + "\" names a day that never comes",
                   "look at day of the month and month", "cron");
}

bool Cron::has_day(Day day) const {
  const std::chrono::year_month_day date{day};
  if (!months_.test(static_cast<unsigned>(date.month()))) return false;
  const bool by_date = days_.test(static_cast<unsigned>(date.day()));
  const bool by_weekday = weekdays_.test(std::chrono::weekday{day}.c_encoding());
  return is_either_day_ ? by_date || by_weekday : by_date && by_weekday;
}

Time Cron::next_after(Time time) const {
  using namespace std::chrono;
  const auto first = floor<minutes>(time) + minutes{1};
  for (Day day = floor<days>(first);; ++day) {
    if (!has_day(day)) continue;
    const auto begin = std::max<sys_time<minutes>>(first, day);
    for (auto minute = begin; minute < day + days{1}; minute += minutes{1}) {
      const auto of_day = static_cast<std::size_t>((minute - day).count());
      if (hours_.test(of_day / 60) && minutes_.test(of_day % 60)) return minute;
    }
  }
}

}  // namespace adgenome::core
