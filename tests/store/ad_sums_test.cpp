#include <doctest/doctest.h>

#include <adgenome/learning/delivery.hpp>
#include <adgenome/store/rewards.hpp>
#include <adgenome/store/window_sums.hpp>
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

void add_brand(store::Session& session) {
  session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o')", {});
  session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'b')", {});
}

std::vector<store::AdSums> in_store(store::Session& session, const std::vector<Row>& rows) {
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
    CHECK(stored[i].capped_value_micros == streamed[i].capped_value_micros);
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
    add_brand(session);
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

TEST_CASE("what is reported goes by account, link clicks also by period, in both modes alike") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_brand(session);
    // Periods of 28 days begin on 2026-09-24, 2026-10-22 and 2026-11-19.
    const auto sums =
        sums_of(session, {{"a1", "1", "A", "2026-10-05", 5000, 100, kNone, 3 * kOne, 150 * kOne},
                          {"a1", "1", "A", "2026-11-02", 2000, 50, 40, 1 * kOne, kNone},
                          {"a2", "2", "A", "2026-10-21", 5000, 100, kNone, kNone, 10 * kOne},
                          {"a3", "3", "A", "2026-10-22", 5000, 100, 80, 3 * kOne, 150 * kOne},
                          {"a4", "4", "A", "2026-11-18", 5000, 100, kNone, 3 * kOne, 150 * kOne},
                          {"a5", "5", "A", "2026-11-19", 5000, 9, kNone, kNone, kNone},
                          {"b1", "6", "B", "2026-11-18", 5000, 8, 5, kNone, kNone},
                          {"b2", "7", "B", "2026-11-19", 5000, 4, kNone, kNone, kNone},
                          {"b3", "8", "B", "2026-12-16", 5000, 6, kNone, kNone, kNone},
                          {"b4", "13", "B", "2026-12-17", 5000, 9, kNone, kNone, kNone},
                          {"c1", "9", "", "2026-10-05", 5000, 30, kNone, kNone, 0},
                          {"d1", "10", "D", "2026-10-05", 5000, kNone, kNone, 0, kNone},
                          {"two", "11", "A", "2026-11-02", 5000, 20, 15, 2 * kOne, 80 * kOne},
                          {"two", "12", "C", "2026-11-02", 5000, 20, kNone, kNone, kNone}});
    const auto of = [&](const std::string& ad) {
      for (const store::AdSums& each : sums) {
        if (each.ad_id == ad) return each;
      }
      FAIL("no sums of ", ad);
      return store::AdSums{};
    };
    CHECK(of("a1").clicks == 150);  // of one kind throughout
    CHECK(of("a1").conversions_millionths == 4 * kOne);
    CHECK(of("a1").conversion_value_micros == 150 * kOne);
    CHECK(of("a2").clicks == 100);
    CHECK(of("a2").conversions_millionths == 0);
    CHECK(of("a3").clicks == 80);
    CHECK(of("a4").clicks == 0);  // no link click in a period with some
    CHECK(of("a5").clicks == 0);  // too few clicks to tell
    CHECK(of("b1").clicks == 5);
    CHECK(of("b2").clicks == 4);  // ten clicks of the account in the period, none of links
    CHECK(of("b3").clicks == 6);
    CHECK(of("b4").clicks == 0);  // nine of the next one
    CHECK_FALSE(of("b1").conversions_millionths);
    CHECK_FALSE(of("b1").conversion_value_micros);
    CHECK(of("c1").clicks == 30);
    CHECK_FALSE(of("c1").conversions_millionths);
    CHECK(of("c1").conversion_value_micros == 0);
    CHECK_FALSE(of("d1").clicks);
    CHECK(of("d1").conversions_millionths == 0);
    CHECK(of("two").clicks == 40);
    CHECK_FALSE(of("two").conversions_millionths);

    const auto clicks = [&](const store::DayWindows& windows, const std::string& platform_ad) {
      std::vector<Figure> list;
      for (const auto& each : store::window_sums(session, "b", core::parse_day("2027-01-01"), kNow,
                                                 kNow, windows, 1'000'000)) {
        if (each.platform_ad_id == platform_ad) list.push_back(each.clicks);
      }
      return list;
    };
    const auto whole = store::DayWindows::none();
    CHECK(clicks(whole, "1") == std::vector<Figure>{150});
    CHECK(clicks(store::DayWindows::iso_weeks(), "1") == std::vector<Figure>{100, 50});
    CHECK(clicks(whole, "3") == std::vector<Figure>{80});
    CHECK(clicks(whole, "4") == std::vector<Figure>{0});
    CHECK(clicks(whole, "7") == std::vector<Figure>{4});
    CHECK(clicks(whole, "9") == std::vector<Figure>{30});
    CHECK(clicks(whole, "10") == std::vector<Figure>{kNone});
    CHECK(clicks(whole, "11") == std::vector<Figure>{15});
    CHECK(clicks(whole, "12") == std::vector<Figure>{20});
  });
}

TEST_CASE("order values are capped row by row over the brand's ads, in both modes alike") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_brand(session);
    // Of an ad that is none of ours: its orders do not make the cap.
    testing::deliver(session, "b", "other", core::parse_day("2026-11-01"),
                     {.impressions = 1000,
                      .spend_micros = kSpend,
                      .reach = {},
                      .frequency = {},
                      .clicks = 10,
                      .link_clicks = 10,
                      .conversions_millionths = 100 * kOne,
                      .conversion_value_micros = 900'000 * kOne,
                      .attribution_window = {}},
                     kNow);
    // Of 200 orders two may cost more than the cap: those at 1,000 and 90 do, so it is 80.
    const auto sums = sums_of(
        session,
        {{"a", "1", "A", "2026-11-01", 1000, 20, 20, 150 * kOne, 150 * 40 * kOne},
         {"a", "1", "A", "2026-11-02", 1000, 20, 20, 46 * kOne, 46 * 60 * kOne},
         {"a", "1", "A", "2026-11-03", 1000, 20, 20, kOne + kOne / 2, 1500 * kOne},
         {"a", "1", "A", "2026-11-04", 1000, 20, 20, 0, 7 * kOne},          // no order
         {"a", "1", "A", "2026-11-05", 1000, 20, 20, 5 * kOne, kNone},      // no value
         {"b", "2", "A", "2026-12-20", 1000, 20, 20, kOne / 2, 45 * kOne},  // another period
         {"b", "3", "A", "2026-11-02", 1000, 20, 20, 2 * kOne, 160 * kOne},
         {"c", "4", "B", "2026-11-02", 1000, 20, 20, kNone, kNone}});
    REQUIRE(sums.size() == 3);
    CHECK(sums[0].capped_value_micros == (150 * 40 + 46 * 60 + 1.5 * 80) * 1e6);
    CHECK(sums[0].conversion_value_micros == (150 * 40 + 46 * 60 + 1500 + 7) * kOne);
    CHECK(sums[1].capped_value_micros == (0.5 * 80 + 2 * 80) * 1e6);
    CHECK_FALSE(sums[2].capped_value_micros);
  });
}
