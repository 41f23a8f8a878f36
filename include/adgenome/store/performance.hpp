#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace adgenome::store {

/// A period of whole days of a platform ad, both ends included, in one currency.
struct AdPeriod {
  std::int64_t ad_number = 0;  ///< the platform ad's within the brand
  core::Day date_start{};
  core::Day date_stop{};
  std::string_view currency = {};
  auto operator<=>(const AdPeriod&) const = default;
};

/// What a platform ad delivered in a period.
struct PerformanceValues {
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> reach;
  std::optional<double> frequency;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  std::string_view attribution_window;  ///< empty where it is not known
  bool operator==(const PerformanceValues&) const = default;
};

/// Values with the time at which they were learned, and that from which on others count.
struct PerformanceVersion {
  AdPeriod period;
  PerformanceValues values;
  core::Time learned_at;
  std::optional<core::Time> replaced_at;
};

/// The periods of one platform ad that a batch may meet.
struct AdWindow {
  std::int64_t ad_number = 0;
  core::Day first{};
  core::Day last{};
};

/// To be taken before performance of a brand is written: one writer a brand at a time.
void lock_performance(Transaction& transaction, const std::string& brand_id);

/// Visits every version of the periods that begin in the windows, and of the last one that begins
/// before each, by period and time. Texts are valid during the visit.
void visit_versions(Session& session, const std::string& brand_id,
                    std::span<const AdWindow> windows,
                    const std::function<void(const PerformanceVersion&)>& visit);

/// Visits what was known of these platform ads at a time, by ad and period.
void visit_known(Session& session, const std::string& brand_id,
                 std::span<const std::int64_t> ad_numbers, core::Time known_at,
                 const std::function<void(const PerformanceVersion&)>& visit);

/// Versions on their way into the store; nothing else runs on the session before finish().
class VersionInsert {
 public:
  VersionInsert(Session& session, const std::string& brand_id);
  void add(const AdPeriod& period, const PerformanceValues& values, core::Time learned_at);
  void finish();

 private:
  std::string brand_id_;
  std::unique_ptr<BulkInsert> rows_;
};

/// Lets the backend count what was added, where it plans by such counts: PostgreSQL goes through
/// the whole table for every few ads of one that is just being filled.
void count_performance(Session& session);

/// Says of the versions that counted until now that others count from `replaced_at` on.
void replace_versions(Session& session, const std::string& brand_id,
                      std::span<const AdPeriod> periods, core::Time replaced_at);

/// Adds or changes one version, as it is learned out of the order of time; sets until when the
/// version that was learned at `before` counted.
void put_version(Session& session, const std::string& brand_id, const PerformanceVersion& version,
                 std::optional<core::Time> before);

/// Spend of the values of a brand that count, by currency, in micros.
std::map<std::string, std::int64_t> spend_by_currency(Session& session,
                                                      const std::string& brand_id);

}  // namespace adgenome::store
