#include <doctest/doctest.h>

#include <adgenome/learning/delivery.hpp>
#include <adgenome/store/rewards.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/performance.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

using Figure = std::optional<std::int64_t>;

/// What one platform ad delivered on a day; it carries the ad of ours that is named first.
struct Row {
  std::string ad;
  std::string platform_ad;
  std::string account;
  const char* day;
  std::int64_t impressions = 0;
  Figure clicks;
  Figure link_clicks;
  Figure conversions_millionths;
  Figure conversion_value_micros;
};

constexpr std::int64_t kSpend = 10'000'000;

std::vector<store::AdSums> in_store(store::Session& session, const std::vector<Row>& rows) {
  session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o')", {});
  session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'b')", {});
  for (const Row& row : rows) {
    session.execute(
        "INSERT INTO ads (brand_id, id, short_id, ad_run_id, product_id, template_id, "
        "prompt_index, canvas_size, color_mode, name, tags, status, provider, created_at) VALUES "
        "('b', $1, $1, $1, '', 't', 1, '', '', $1, '{}', 'approved', 'local', $2) "
        "ON CONFLICT DO NOTHING",
        {row.ad, kNow});
    session.execute(
        "INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
        "VALUES ('b', 'meta', $1, $2, 'mapping', $3) ON CONFLICT DO NOTHING",
        {row.platform_ad, row.ad, kNow});
    const std::optional<std::string> account =
        row.account.empty() ? std::nullopt : std::optional(row.account);
    testing::deliver(session, "b", row.platform_ad, core::parse_day(row.day),
                     {.impressions = row.impressions,
                      .spend_micros = kSpend,
                      .reach = {},
                      .frequency = {},
                      .clicks = row.clicks,
                      .link_clicks = row.link_clicks,
                      .conversions_millionths = row.conversions_millionths,
                      .conversion_value_micros = row.conversion_value_micros,
                      .attribution_window = {}},
                     kNow, "EUR", account);
  }
  return store::ad_sums(session, "b", core::parse_day("2027-01-01"), kNow);
}

std::vector<learning::AdOutcome> in_stream(const std::vector<Row>& rows) {
  learning::DeliveryLedger ledger;
  for (const Row& row : rows) {
    const core::Day day = core::parse_day(row.day);
    ledger.add(row.ad, {"meta", row.platform_ad, row.account},
               {.start = day,
                .stop = day,
                .impressions = row.impressions,
                .spend_micros = kSpend,
                .clicks = row.clicks,
                .link_clicks = row.link_clicks,
                .conversions_millionths = row.conversions_millionths,
                .conversion_value_micros = row.conversion_value_micros,
                .objective = {}});
  }
  return ledger.fold(core::parse_day("2027-01-01"));
}

/// Both modes give the same sums; these are returned.
std::vector<store::AdSums> sums_of(store::Session& session, const std::vector<Row>& rows) {
  const auto stored = in_store(session, rows);
  const auto streamed = in_stream(rows);
  REQUIRE(stored.size() == streamed.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    CAPTURE(stored[i].ad_id);
    CHECK(stored[i].ad_id == streamed[i].ad_id);
    CHECK(stored[i].first_delivery == streamed[i].first_delivery);
    CHECK(stored[i].impressions == streamed[i].impressions);
    CHECK(stored[i].spend_micros == streamed[i].spend_micros);
    CHECK(stored[i].clicks == streamed[i].clicks);
    CHECK(stored[i].conversions_millionths == streamed[i].conversions_millionths);
    CHECK(stored[i].conversion_value_micros == streamed[i].conversion_value_micros);
    const auto& is_deliverable = streamed[i].is_deliverable;
    CHECK(stored[i].has_clicks == is_deliverable[learning::Component::kCtr]);
    CHECK(stored[i].has_conversions == is_deliverable[learning::Component::kConversion]);
    CHECK((stored[i].has_conversions && stored[i].has_value) ==
          is_deliverable[learning::Component::kRoas]);
    CHECK(stored[i].has_spend == is_deliverable[learning::Component::kCpm]);
  }
  return stored;
}

constexpr std::int64_t kOne = 1'000'000;
const Figure kNone;

}  // namespace

TEST_CASE("what an account delivers is what was ever counted in it, in a store as in a stream") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const auto sums =
        sums_of(session, {{"a1", "1", "A", "2026-11-01", 1000, 20, 15, 2 * kOne, 90 * kOne},
                          {"a2", "2", "A", "2026-11-01", 1000, 20, 15, kNone, kNone},
                          {"b1", "3", "B", "2026-11-01", 1000, 20, 15, 0, 0},
                          {"both", "4", "A", "2026-11-01", 1000, 20, 15, 1 * kOne, 40 * kOne},
                          {"both", "5", "B", "2026-11-01", 1000, 20, 15, 0, 0}});
    REQUIRE(sums.size() == 4);
    CHECK(sums[0].has_conversions);
    CHECK(sums[1].has_conversions);
    CHECK(sums[1].has_value);
    CHECK_FALSE(sums[2].has_conversions);
    CHECK_FALSE(sums[2].has_value);
    CHECK(sums[2].has_clicks);
    CHECK_FALSE(sums[3].has_conversions);
  });
}
