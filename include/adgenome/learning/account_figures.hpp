#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/delivery.hpp>
#include <adgenome/learning/outcome.hpp>
#include <cstdint>
#include <map>

namespace adgenome::learning {

/// Which figures an account of a platform reports at all, and which events it ever counted.
///
/// Platforms leave out what did not happen, and exports leave out whole columns. Which of the two a
/// missing figure is, the other rows of the account tell:
/// - A figure that some row of the account has counts as 0 in its rows without. One that none of
///   them has is not known of its ads.
/// - Link clicks are what counts as clicks, and clicks stand in for them where they were not
///   reported. So they are also judged by period, 28 days each (date_start / 28, in days since
///   1970-01-01): one in which no row of the account has link clicks although at least 10 clicks
///   were counted did not report them; one with fewer clicks says nothing and goes with the
///   account. An ad with rows in a period or an account that did not report link clicks counts
///   clicks throughout, so that its clicks are of one kind.
///
/// The sums of a store follow the same rule. Rows that name no account are those of one account of
/// their platform.
class AccountFigures {
 public:
  void see(const Delivery& row);

  bool reports_clicks() const { return reports_clicks_; }
  /// In the period of a row that starts on this day.
  bool reports_link_clicks(core::Day start) const;
  bool reports_conversions() const { return reports_conversions_; }
  bool reports_value() const { return reports_value_; }

  /// Whether an event of the component was ever counted.
  bool delivers(Component component) const;

 private:
  struct Period {
    std::int64_t clicks = 0;
    bool has_link_clicks = false;
  };
  std::map<std::int64_t, Period> periods_;
  bool reports_clicks_ = false;
  bool reports_link_clicks_ = false;
  bool reports_conversions_ = false;
  bool reports_value_ = false;
  bool has_clicks_ = false;
  bool has_conversions_ = false;
  bool has_value_ = false;
  bool has_spend_ = false;
};

}  // namespace adgenome::learning
