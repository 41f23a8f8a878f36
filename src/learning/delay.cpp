#include <adgenome/learning/delay.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace adgenome::learning {
namespace {

constexpr std::int64_t kMostDays = 28;  // platforms restate so many
constexpr std::int64_t kFewestCohorts = 5;

std::int64_t days_between(core::Day from, core::Day to) {
  return (to - from).count();
}

/// One day of delivery: its events by age, from the age of its first reading to the last that could
/// have been read.
struct Cohort {
  std::int64_t first_age = 0;
  std::vector<double> events;  // from first_age on
};

std::vector<Cohort> cohorts_of(std::span<const Development> developments, core::Day read) {
  std::map<std::pair<core::Day, core::Day>, std::map<std::int64_t, double>> growth;
  for (const Development& each : developments) {
    growth[{each.day, each.first_learned}][days_between(each.day, each.learned)] += each.events;
  }
  std::vector<Cohort> cohorts;
  for (const auto& [key, by_age] : growth) {
    const auto& [day, first_learned] = key;
    Cohort cohort{.first_age = days_between(day, first_learned), .events = {}};
    const std::int64_t last_age = std::min(kMostDays, days_between(day, read));
    if (cohort.first_age < 0 || cohort.first_age >= last_age) continue;
    double sum = 0;
    auto next = by_age.begin();
    for (std::int64_t age = cohort.first_age; age <= last_age; ++age) {
      for (; next != by_age.end() && next->first <= age; ++next) sum += next->second;
      cohort.events.push_back(sum);
    }
    cohorts.push_back(std::move(cohort));
  }
  return cohorts;
}

/// The step from one age to the next.
struct Link {
  double before = 0;
  double after = 0;
  std::vector<std::pair<double, double>> pairs;

  double factor() const { return before > 0 && after > 0 ? after / before : 1; }
  /// Where there are two days to compare.
  std::optional<double> sigma_squared() const {
    if (pairs.size() < 2) return std::nullopt;
    double sum = 0;
    for (const auto& [from, to] : pairs) {
      const double difference = to / from - factor();
      sum += from * difference * difference;
    }
    return sum / static_cast<double>(pairs.size() - 1);
  }
};

}  // namespace

const ReportedShare& DelayCurve::at(std::int64_t age_days) const {
  const auto age = static_cast<std::size_t>(std::max<std::int64_t>(0, age_days));
  return by_age_[std::min(age, by_age_.size() - 1)];
}

std::optional<DelayCurve> fit_delay(std::span<const Development> developments, core::Day read) {
  const std::vector<Cohort> cohorts = cohorts_of(developments, read);
  std::vector<Link> links(static_cast<std::size_t>(kMostDays));
  std::int64_t seen = 0;
  std::size_t ages = 0;
  for (const Cohort& cohort : cohorts) {
    bool is_seen = false;
    for (std::size_t i = 0; i + 1 < cohort.events.size(); ++i) {
      if (!(cohort.events[i] > 0)) continue;
      const std::size_t age = static_cast<std::size_t>(cohort.first_age) + i;
      Link& link = links[age];
      link.before += cohort.events[i];
      link.after += cohort.events[i + 1];
      link.pairs.emplace_back(cohort.events[i], cohort.events[i + 1]);
      ages = std::max(ages, age + 1);
      is_seen = true;
    }
    seen += is_seen;
  }
  if (seen < kFewestCohorts) return std::nullopt;

  double greatest = 0;
  for (const Link& link : links) greatest = std::max(greatest, link.sigma_squared().value_or(0));
  std::vector<ReportedShare> by_age(ages + 1);
  double log_variance = 0;
  double share = 1;
  for (std::size_t age = ages; age-- > 0;) {
    const Link& link = links[age];
    share /= link.factor();
    if (link.before > 0) {
      const double factor = link.factor();
      log_variance += link.sigma_squared().value_or(greatest) / (factor * factor * link.before);
    }
    by_age[age] = {.share = share, .log_sd = std::sqrt(log_variance)};
  }
  return DelayCurve(std::move(by_age), seen);
}

std::optional<ReportedShare> reported_share(const DelayCurve& curve,
                                            std::span<const DayExposure> days, core::Day read) {
  double exposure = 0;
  double reported = 0;
  double deviation = 0;
  for (const DayExposure& each : days) {
    const ReportedShare& share = curve.at(days_between(each.day, read));
    exposure += each.exposure;
    reported += each.exposure * share.share;
    deviation += each.exposure * share.share * share.log_sd;
  }
  if (!(exposure > 0) || !(reported > 0)) return std::nullopt;
  return ReportedShare{.share = reported / exposure, .log_sd = deviation / reported};
}

}  // namespace adgenome::learning
