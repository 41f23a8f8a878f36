#pragma once

#include <adgenome/store/performance.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace adgenome::app {

/// A good row of performance on its way into the store. Written close: the more rows a chunk has,
/// the fewer times an import goes over the tables, and memory is bounded.
class PendingPeriod {
 public:
  /// `attribution_window` outlives this; nothing where it is not known.
  PendingPeriod(std::uint32_t ad, std::int64_t line, const store::AdPeriod& period,
                const store::PerformanceValues& values, const std::string* attribution_window);

  store::AdPeriod period() const {
    return {.ad_number = ad_number,
            .date_start = date_start_,
            .date_stop = date_stop_,
            .currency = {currency_.data(), currency_.size()}};
  }
  store::PerformanceValues values() const;
  core::Day date_start() const { return date_start_; }
  core::Day date_stop() const { return date_stop_; }

  /// The order of periods; those of the same one as they stand in their chunk.
  static bool is_before(const PendingPeriod* a, const PendingPeriod* b) {
    return std::tie(a->ad_number, a->date_start_, a->date_stop_, a->currency_, a) <
           std::tie(b->ad_number, b->date_start_, b->date_stop_, b->currency_, b);
  }

  std::int64_t ad_number = 0;  ///< the store's number of the ad, once it is known
  std::size_t raw_begin = 0;   ///< of its text in the chunk's, where that is kept
  std::uint32_t raw_size = 0;
  std::uint32_t ad = 0;  ///< the ad's number in the file
  std::int64_t line = 0;

 private:
  template <class T>
  void put(std::uint8_t bit, T& place, const std::optional<T>& value);
  template <class T>
  std::optional<T> get(std::uint8_t bit, T value) const;

  core::Day date_start_;
  core::Day date_stop_;
  std::int64_t impressions_ = 0;
  std::int64_t spend_micros_ = 0;
  std::int64_t reach_ = 0;
  double frequency_ = 0;
  std::int64_t clicks_ = 0;
  std::int64_t link_clicks_ = 0;
  std::int64_t conversions_millionths_ = 0;
  std::int64_t conversion_value_micros_ = 0;
  const std::string* attribution_window_;
  std::array<char, 3> currency_{};
  std::uint8_t present_ = 0;  // which of the values that may be missing are there, one bit each
};

}  // namespace adgenome::app
