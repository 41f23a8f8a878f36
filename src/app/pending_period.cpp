#include "pending_period.hpp"

#include <algorithm>

namespace adgenome::app {
namespace {

enum Bit : std::uint8_t {
  kReach = 1,
  kFrequency = 2,
  kClicks = 4,
  kLinkClicks = 8,
  kConversions = 16,
  kConversionValue = 32
};

}  // namespace

PendingPeriod::PendingPeriod(std::uint32_t ad_in_file, std::int64_t at_line,
                             const store::AdPeriod& period, const store::PerformanceValues& values,
                             const std::string* attribution_window)
    : ad(ad_in_file),
      line(at_line),
      date_start_(period.date_start),
      date_stop_(period.date_stop),
      impressions_(values.impressions),
      spend_micros_(values.spend_micros),
      attribution_window_(attribution_window) {
  std::ranges::copy(period.currency.substr(0, currency_.size()), currency_.begin());
  put(kReach, reach_, values.reach);
  put(kFrequency, frequency_, values.frequency);
  put(kClicks, clicks_, values.clicks);
  put(kLinkClicks, link_clicks_, values.link_clicks);
  put(kConversions, conversions_millionths_, values.conversions_millionths);
  put(kConversionValue, conversion_value_micros_, values.conversion_value_micros);
}

template <class T>
void PendingPeriod::put(std::uint8_t bit, T& place, const std::optional<T>& value) {
  if (!value) return;
  place = *value;
  present_ |= bit;
}

template <class T>
std::optional<T> PendingPeriod::get(std::uint8_t bit, T value) const {
  return (present_ & bit) != 0 ? std::optional(value) : std::nullopt;
}

store::PerformanceValues PendingPeriod::values() const {
  return {.impressions = impressions_,
          .spend_micros = spend_micros_,
          .reach = get(kReach, reach_),
          .frequency = get(kFrequency, frequency_),
          .clicks = get(kClicks, clicks_),
          .link_clicks = get(kLinkClicks, link_clicks_),
          .conversions_millionths = get(kConversions, conversions_millionths_),
          .conversion_value_micros = get(kConversionValue, conversion_value_micros_),
          .attribution_window =
              attribution_window_ ? std::string_view(*attribution_window_) : std::string_view()};
}

}  // namespace adgenome::app
