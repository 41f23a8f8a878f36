#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/outcome.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace adgenome::learning {

/// By how much the events of a day's delivery grew when values were learned anew: on its first
/// reading all of them, then the differences.
struct Development {
  core::Day day;            ///< of the delivery
  core::Day first_learned;  ///< the day of the first reading
  core::Day learned;
  double events = 0;
};

/// How much of a day's events is reported so many days later, as a share of what will be.
class DelayCurve {
 public:
  DelayCurve(std::vector<ReportedShare> by_age, std::int64_t cohorts)
      : by_age_(std::move(by_age)), cohorts_(cohorts) {}

  const ReportedShare& at(std::int64_t age_days) const;
  /// Days over which it was seen to grow; all is reported from then on.
  std::int64_t days() const { return static_cast<std::int64_t>(by_age_.size()) - 1; }
  std::int64_t cohorts() const { return cohorts_; }

 private:
  std::vector<ReportedShare> by_age_;
  std::int64_t cohorts_ = 0;
};

/// The delay curve by chain-ladder over the days of delivery, up to 28 days:
///   f_d = sum C(d + 1) / sum C(d) over the days known at both ages,
///   share(a) = 1 / (f_a f_(a+1) ...),
/// with the error of Mack (1993): var ln share(a) = sum over d >= a of
///   sigma_d^2 / (f_d^2 sum C(d)), sigma_d^2 = sum C(d) (C(d+1)/C(d) - f_d)^2 / (n - 1),
/// the variance of an age with a single day being the greatest of the others. Nothing where fewer
/// than five days were learned more than once or could have been by `read`, the day of the last
/// reading.
std::optional<DelayCurve> fit_delay(std::span<const Development> developments, core::Day read);

/// What an ad delivered on a day: the exposure of the events that are still to come.
struct DayExposure {
  core::Day day;
  double exposure = 0;
};

/// The share of an ad's events that was reported on `read`, the day of the last reading: the mean
/// of the curve over its days, by exposure. The errors of the days are those of one curve, so they
/// add up.
std::optional<ReportedShare> reported_share(const DelayCurve& curve,
                                            std::span<const DayExposure> days, core::Day read);

}  // namespace adgenome::learning
