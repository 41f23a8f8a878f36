#pragma once

#include <adgenome/core/time.hpp>
#include <bitset>
#include <string>
#include <string_view>

namespace adgenome::core {

/// A schedule in cron form: minute, hour, day of the month, month and day of the week, in UTC.
/// Each field is `*`, a number, a range `a-b`, either of them with a step `/n`, or a list of these;
/// months and weekdays may be named by three letters, Sunday is 0 or 7. Where both days are
/// restricted, either suffices (as cron(8) does it).
class Cron {
 public:
  /// Throws UsageError naming the field; also for a time that never comes (30 February).
  static Cron parse(std::string_view text);

  /// The first minute after `time` that the schedule names.
  Time next_after(Time time) const;

 private:
  bool has_day(Day day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<8> weekdays_;  ///< Sunday is bit 0
  bool is_either_day_ = false;
};

}  // namespace adgenome::core
