#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/learning/delivery.hpp>
#include <cmath>
#include <cstdint>

using namespace adgenome;
using namespace adgenome::learning;
using Added = DeliveryLedger::Added;

namespace {

Delivery row(const char* start, const char* stop, std::int64_t impressions) {
  return {.start = core::parse_day(start),
          .stop = core::parse_day(stop),
          .impressions = impressions,
          .spend_micros = 1000000,
          .clicks = 10,
          .link_clicks = 7,
          .conversions_millionths = 500000,
          .conversion_value_micros = 20000000,
          .objective = "TRAFFIC"};
}

const core::Day kEnd = core::parse_day("2027-01-01");

}  // namespace

TEST_CASE("rows of an ad add up, its platform ads together") {
  DeliveryLedger ledger;
  Delivery first = row("2026-10-01", "2026-10-01", 0);
  first.objective = "SALES";
  CHECK(ledger.add("a", {"meta", "1", ""}, first) == Added::kNew);
  CHECK(ledger.add("a", {"meta", "1", ""}, row("2026-10-02", "2026-10-08", 500)) == Added::kNew);
  CHECK(ledger.add("a", {"meta", "2", ""}, row("2026-10-03", "2026-10-03", 300)) == Added::kNew);
  const auto ads = ledger.fold(kEnd);
  REQUIRE(ads.size() == 1);
  CHECK(ads[0].impressions == 800);
  CHECK(ads[0].clicks == 21);
  CHECK(ads[0].spend_micros == 3000000);
  CHECK(ads[0].conversions_millionths == 1500000);
  CHECK(ads[0].objective == "TRAFFIC");
  CHECK(*ads[0].first_delivery == core::parse_day("2026-10-02"));  // seen, not only booked
}

TEST_CASE("a repeat changes nothing, a restated row counts alone, an overlap is refused") {
  DeliveryLedger ledger;
  ledger.add("a", {"meta", "", ""}, row("2026-10-02", "2026-10-08", 500));
  CHECK(ledger.add("a", {"meta", "", ""}, row("2026-10-02", "2026-10-08", 500)) ==
        Added::kUnchanged);
  CHECK(ledger.add("a", {"meta", "", ""}, row("2026-10-02", "2026-10-08", 520)) == Added::kChanged);
  CHECK(ledger.add("a", {"meta", "", ""}, row("2026-10-08", "2026-10-08", 1)) == Added::kOverlaps);
  CHECK(ledger.add("a", {"meta", "", ""}, row("2026-10-01", "2026-10-02", 1)) == Added::kOverlaps);
  CHECK(ledger.add("a", {"meta", "", ""}, row("2026-10-02", "2026-10-03", 1)) == Added::kOverlaps);
  CHECK(ledger.add("a", {"meta", "", ""}, row("2026-10-09", "2026-10-09", 1)) == Added::kNew);
  CHECK(ledger.fold(kEnd)[0].impressions == 521);
}

TEST_CASE("what was known before a day is what ended before it") {
  DeliveryLedger ledger;
  ledger.add("a", {"meta", "", ""}, row("2026-09-29", "2026-09-30", 100));
  ledger.add("a", {"meta", "", ""}, row("2026-10-01", "2026-10-01", 50));
  ledger.add("b", {"meta", "", ""}, row("2026-10-01", "2026-10-01", 50));
  const auto before = ledger.fold(core::parse_day("2026-10-01"));
  REQUIRE(before.size() == 1);
  CHECK(before[0].impressions == 100);
}

TEST_CASE("a platform leaves out what did not happen, and what it never reports") {
  DeliveryLedger ledger;
  ledger.add("a", {"meta", "", ""}, row("2026-10-01", "2026-10-01", 50));
  Delivery blank = row("2026-10-02", "2026-10-02", 50);
  blank.link_clicks.reset();
  blank.conversions_millionths.reset();
  ledger.add("a", {"meta", "", ""}, blank);
  ledger.add("b", {"meta", "", ""}, blank);
  ledger.add("c", {"tiktok", "", ""}, blank);
  ledger.add("d", {"meta", "", ""}, row("2026-10-01", "2026-10-01", 50));
  ledger.add("d", {"tiktok", "", ""}, blank);
  const auto ads = ledger.fold(kEnd);
  CHECK(ads[0].clicks == 7);
  CHECK(ads[0].conversions_millionths == 500000);
  CHECK(ads[1].clicks == 0);  // no link click, whatever else was clicked
  CHECK(ads[1].conversions_millionths == 0);
  CHECK(ads[2].clicks == 10);
  CHECK_FALSE(ads[2].conversions_millionths);
  CHECK(ads[2].conversion_value_micros == 20000000);
  CHECK(ads[3].clicks == 20);  // of both platforms alike
  CHECK_FALSE(ads[3].conversions_millionths);
}

TEST_CASE("an account delivers what was ever counted in it") {
  DeliveryLedger ledger;
  Delivery none = row("2026-10-01", "2026-10-01", 50);
  none.conversions_millionths = 0;
  none.conversion_value_micros = 0;
  ledger.add("a", {"meta", "1", "A"}, row("2026-10-01", "2026-10-01", 50));
  ledger.add("b", {"meta", "2", "A"}, none);
  ledger.add("c", {"meta", "3", "B"}, none);
  ledger.add("d", {"meta", "4", "A"}, none);  // in both
  ledger.add("d", {"meta", "5", "B"}, none);
  Delivery later = none;
  later.start = later.stop = core::parse_day("2026-10-02");
  ledger.add("b", {"meta", "2", ""}, later);  // a row that does not name the account
  const auto ads = ledger.fold(kEnd);
  for (const Component component : {Component::kConversion, Component::kRoas}) {
    CHECK(ads[0].is_deliverable[component]);
    CHECK(ads[1].is_deliverable[component]);
    CHECK_FALSE(ads[2].is_deliverable[component]);
    CHECK_FALSE(ads[3].is_deliverable[component]);
  }
  CHECK(ads[2].is_deliverable[Component::kCtr]);
  CHECK(ads[2].is_deliverable[Component::kCpm]);
}

TEST_CASE("order values are capped row by row at what 99 of 100 orders do not exceed") {
  DeliveryLedger ledger;
  int days = 0;
  const auto sell = [&](const char* ad, double orders, double each) {
    Delivery sold = row("2026-10-01", "2026-10-01", 50);
    sold.start = sold.stop = core::parse_day("2026-10-01") + std::chrono::days(days++);
    sold.conversions_millionths = std::llround(orders * 1e6);
    sold.conversion_value_micros = std::llround(orders * each * 1e6);
    ledger.add(ad, {"meta", "", ""}, sold);
  };
  // Of 200 orders two may cost more than the cap: those at 1,000 and 90 do.
  sell("a", 150, 40);
  sell("a", 46, 60);
  sell("a", 1.5, 1000);
  sell("b", 0.5, 90);
  sell("b", 2, 80);
  sell("b", 0, 0);  // no order: takes no part
  auto ads = ledger.fold(kEnd);
  CHECK(*ads[0].capped_value_micros == doctest::Approx((150 * 40 + 46 * 60 + 1.5 * 80) * 1e6));
  CHECK(*ads[1].capped_value_micros == doctest::Approx((0.5 * 80 + 2 * 80) * 1e6));
  CHECK(ads[0].conversion_value_micros == (150 * 40 + 46 * 60 + 1500) * 1'000'000LL);
  // Of 201 now 2.01 may: those at 1,000 do, with the one at 100 it would be 2.5.
  sell("c", 1, 100);
  ads = ledger.fold(kEnd);
  CHECK(*ads[1].capped_value_micros == doctest::Approx((0.5 * 90 + 2 * 80) * 1e6));
}

TEST_CASE("sums that do not fit are an error, not another number") {
  DeliveryLedger ledger;
  ledger.add("a", {"meta", "", ""}, row("2026-10-01", "2026-10-01", INT64_MAX));
  ledger.add("a", {"meta", "", ""}, row("2026-10-02", "2026-10-02", 1));
  CHECK_THROWS_AS(ledger.fold(kEnd), core::Error);
}
