#include "experiment_rows.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/core/time.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

namespace adgenome::app {
namespace {

// Squares of larger values leave the range of doubles.
constexpr double kMostMagnitude = 1e150;
constexpr double kMostCounted = 0x1p53;  // of more not every one is a double of its own

[[noreturn]] void refuse(const core::RecordView& at, const std::string& message,
                         const std::string& hint) {
  // Not InvalidInput, which would make it a bad row among good ones.
  throw core::Error(core::ExitCode::kInvalidInput, message, hint, at.where());
}

double number_of(const core::RecordView& view, double least) {
  const double value = view.as_double();
  if (std::abs(value) > kMostMagnitude) view.fail("expected a number within +-1e150");
  if (value < least) view.fail("expected a number from 0");
  return value;
}

/// Refuses a member that no row has.
void need_ignored(std::string_view name, const core::RecordView& member) {
  if (name != "schema") member.fail("unknown field \"" + std::string(name) + "\"");
}

/// Whether all rows so far had a member, or none.
class AllOrNone {
 public:
  explicit AllOrNone(std::string member) : member_(std::move(member)) {}

  void take(const core::RecordView& row, bool is_there) {
    if (has_ && *has_ != is_there) {
      refuse(row, "some rows have \"" + member_ + "\" and some have not",
             "give it with every row or with none");
    }
    has_ = is_there;
  }
  bool has() const { return has_.value_or(false); }

 private:
  std::string member_;
  std::optional<bool> has_;
};

/// The members of a row of values, found in one walk: there are many such rows.
struct UnitMembers {
  std::optional<core::RecordView> arm;
  std::optional<core::RecordView> value;
  std::optional<core::RecordView> count;
  std::optional<core::RecordView> cluster;
  std::optional<core::RecordView> covariate;

  explicit UnitMembers(const core::RecordView& row) {
    row.for_each_member([&](std::string_view name, const core::RecordView& member) {
      auto* const place = place_of(name);
      if (place != nullptr) {
        place->reset();
        if (!member.is_null()) *place = member;
      } else if (is_of_days(name) && !member.is_null()) {
        refuse(row, "a row with \"" + std::string(name) + "\" among rows of values",
               name == "metric" ? "values are of one metric a call; only rows of days name theirs"
                                : "rows of days are --kind ads, and are analysed by themselves");
      } else if (!is_of_days(name)) {
        need_ignored(name, member);
      }
    });
  }

 private:
  std::optional<core::RecordView>* place_of(std::string_view name) {
    if (name == "value") return &value;
    if (name == "arm") return &arm;
    if (name == "count") return &count;
    if (name == "cluster") return &cluster;
    return name == "covariate" ? &covariate : nullptr;
  }

  static bool is_of_days(std::string_view name) {
    return name == "day" || name == "numerator" || name == "denominator" || name == "metric";
  }
};

/// Values that are units of their own or belong to clusters.
class UnitRows {
 public:
  void take(const core::RecordView& row) {
    const UnitMembers members(row);
    const std::string arm = (members.arm ? *members.arm : row.at("arm")).as_id();
    const core::RecordView value_member = members.value ? *members.value : row.at("value");
    const double value = number_of(value_member, -kMostMagnitude);
    std::int64_t count = 1;
    if (members.count) {
      count = members.count->as_int64();
      if (count < 0) members.count->fail("expected a whole number from 0");
    }
    const double known = members.covariate ? number_of(*members.covariate, -kMostMagnitude) : 0;
    if (members.cluster) take_cluster(row, members.cluster->as_id(), arm, value, count);
    clusters_given_.take(row, members.cluster.has_value());
    covariates_given_.take(row, members.covariate.has_value());
    OneArm& into = arms_[arm];
    into.values.add(value, count);
    if (members.covariate) into.covariate.add(value, known, count);
  }

  std::vector<experiments::Arm> build() && {
    std::vector<experiments::Arm> arms;
    std::map<std::string, std::size_t, std::less<>> place;
    for (auto& [name, arm] : arms_) {
      place.emplace(name, arms.size());
      arms.push_back({.name = name, .sample = std::move(arm.values).build()});
      if (covariates_given_.has()) arms.back().covariate = arm.covariate;
    }
    for (const auto& [name, cluster] : clusters_) {
      if (cluster.values.size == 0) continue;
      arms[place.find(cluster.arm)->second].clusters.push_back(cluster.values);
    }
    return arms;
  }

 private:
  struct OneArm {
    stats::SampleBuilder values;
    stats::PairedMoments covariate;
  };
  struct OneCluster {
    std::string arm;
    stats::Cluster values;
  };

  void take_cluster(const core::RecordView& row, const std::string& name, const std::string& arm,
                    double value, std::int64_t count) {
    const auto [at, is_new] = clusters_.try_emplace(name, OneCluster{.arm = arm, .values = {}});
    if (at->second.arm != arm) {
      refuse(row,
             "cluster \"" + name + "\" is in arm \"" + at->second.arm + "\" and in arm \"" + arm +
                 "\"",
             "arms are given to whole clusters, so each belongs to one arm");
    }
    at->second.values.add(value, count);
  }

  std::map<std::string, OneArm, std::less<>> arms_;
  std::map<std::string, OneCluster, std::less<>> clusters_;
  AllOrNone clusters_given_{"cluster"};
  AllOrNone covariates_given_{"covariate"};
};

/// Days by date, or by number from any first one, of one metric or of several.
class DayRows {
 public:
  explicit DayRows(experiments::Metric metric) : metric_(metric) {}

  void take(const core::RecordView& row) {
    for (const char* member : {"value", "count", "cluster", "covariate"}) {
      if (!row.find(member)) continue;
      refuse(row, "a row with \"" + std::string(member) + "\" among rows of days",
             "rows of days hold arm, day, numerator and denominator");
    }
    row.for_each_member([](std::string_view name, const core::RecordView& member) {
      constexpr std::string_view kFields[] = {"arm",         "day",     "numerator",
                                              "denominator", "metric",  "value",
                                              "count",       "cluster", "covariate"};
      if (std::find(std::begin(kFields), std::end(kFields), name) == std::end(kFields)) {
        need_ignored(name, member);
      }
    });
    const std::string arm = row.at("arm").as_id();
    const experiments::Metric metric = metric_of(row);
    const core::RecordView day_member = row.at("day");
    const std::string text = day_member.as_id();
    const auto number = core::to_int64(text);
    const std::int64_t day = number ? *number : date_of(day_member, text);
    const stats::DayTotals totals{.numerator = number_of(row.at("numerator"), 0),
                                  .denominator = number_of(row.at("denominator"), 0)};
    const bool is_share =
        metric == experiments::Metric::kLinkCtr || metric == experiments::Metric::kConversionRate;
    if (totals.denominator > kMostCounted) {
      row.at("denominator").fail("expected a number of at most 2^53");
    }
    if (is_share && totals.numerator > totals.denominator) {
      row.at("numerator").fail("expected at most the denominator");
    }
    if (totals.denominator == 0 && totals.numerator > 0) {
      row.at("denominator").fail("expected a number above 0 under a numerator");
    }
    if (is_numbered_ && *is_numbered_ != number.has_value()) {
      refuse(row, "some days are dates and some are numbers", "give all of them in one form");
    }
    is_numbered_ = number.has_value();
    stats::DayTotals& into = metrics_[metric][arm][day];
    into.numerator += totals.numerator;
    into.denominator += totals.denominator;
    days_.try_emplace(day, 0);
  }

  /// The metric asked for first, and all of them over the same days.
  std::vector<experiments::MetricArms> build() && {
    std::size_t place = 0;
    for (auto& [day, at] : days_) at = place++;
    if (!metrics_.empty() && !metrics_.contains(metric_)) {
      std::vector<std::string> names;
      for (const auto& [metric, arms] : metrics_) names.emplace_back(name_of(metric));
      throw core::InvalidInput(
          "no row is of " + std::string(name_of(metric_)),
          "--metric names what decides; the rows are of " + core::join(names, ", "));
    }
    std::vector<experiments::MetricArms> all = {{.metric = metric_, .arms = {}}};
    for (const auto& [metric, arms] : metrics_) {
      experiments::MetricArms own{.metric = metric, .arms = {}};
      for (const auto& [name, days] : arms) {
        experiments::DayArm arm{.name = name, .days = std::vector<stats::DayTotals>(days_.size())};
        for (const auto& [day, totals] : days) arm.days[days_.at(day)] = totals;
        own.arms.push_back(std::move(arm));
      }
      if (metric == metric_) {
        all.front() = std::move(own);
      } else {
        all.push_back(std::move(own));
      }
    }
    return all;
  }

 private:
  experiments::Metric metric_of(const core::RecordView& row) {
    const auto given = row.find("metric");
    metrics_given_.take(row, given.has_value());
    if (!given) return metric_;
    try {
      return experiments::metric_named(given->as_string());
    } catch (const core::InvalidInput& error) {
      if (!error.where().empty()) throw;
      given->fail(error.what());
    }
  }

  static std::int64_t date_of(const core::RecordView& member, const std::string& text) {
    if (!core::is_utf8(text)) member.fail("expected a date or a number");
    try {
      return core::parse_day(text).time_since_epoch().count();
    } catch (const core::InvalidInput& error) {
      member.fail(error.what());
    }
  }

  using Days = std::map<std::int64_t, stats::DayTotals>;

  experiments::Metric metric_;
  std::optional<bool> is_numbered_;
  std::map<experiments::Metric, std::map<std::string, Days, std::less<>>> metrics_;
  std::map<std::int64_t, std::size_t> days_;
  AllOrNone metrics_given_{"metric"};
};

}  // namespace

ExperimentRows read_experiment_rows(const std::string& path, const std::string& kind,
                                    experiments::Metric metric, core::Rejects& rejects) {
  core::RecordReader reader(core::open_input(path));
  UnitRows units;
  DayRows days(metric);
  std::optional<bool> of_days;
  if (!kind.empty()) of_days = kind == "ads";
  ExperimentRows rows;
  rows.read = core::read_records(reader, rejects, [&](const core::RecordView& row) {
    if (!of_days) of_days = row.find("day").has_value();
    if (*of_days) {
      days.take(row);
    } else {
      units.take(row);
    }
  });
  if (of_days.value_or(false)) {
    rows.arms = std::move(days).build();
  } else {
    rows.arms = std::move(units).build();
  }
  return rows;
}

}  // namespace adgenome::app
