#include "../../support/planted.hpp"

#include <doctest/doctest.h>

using namespace adgenome;

// A small part of what scripts/bench measures (tests/bench/RESULTS.md), with a seed of its own.
TEST_CASE("the local review finds what is planted and leaves clean ads alone") {
  const test::Plantation plantation(std::string(TEST_SOURCE_DIR) + "/../demo-assets");
  const auto reader = imaging::open_text_reader();
  int found = 0;
  int planted = 0;
  plantation.draw_defective(3, 1, [&](const test::PlantedAd& ad) {
    ++planted;
    const bool is_found = test::is_found(ad.defect, test::alarms_of(ad, *reader));
    INFO(ad.defect, ": ", ad.what);
    CHECK_MESSAGE(is_found, "missed ", ad.defect, " in ", ad.what);
    found += is_found;
  });
  CHECK(planted == static_cast<int>(test::planted_defects().size()));
  int alarms = 0;
  plantation.draw_clean(3, 9, [&](const test::PlantedAd& ad) {
    const test::Alarms raised = test::alarms_of(ad, *reader);
    for (const std::string& name : raised.names) MESSAGE(name, " in clean ", ad.what);
    alarms += !raised.names.empty();
  });
  CHECK(alarms == 0);
}
