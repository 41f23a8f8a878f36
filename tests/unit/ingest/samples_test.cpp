#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/ingest/performance.hpp>
#include <sstream>
#include <string>
#include <vector>

using namespace adgenome;
using namespace adgenome::ingest;

namespace {

std::string sample(const std::string& name) {
  return std::string(TEST_SOURCE_DIR) + "/samples/performance/" + name;
}

/// The sums of a file, as text so that they compare to the cent.
struct Sums {
  PerformanceSummary summary;
  std::vector<std::string> rejects;
  std::int64_t rows = 0;
  std::int64_t impressions = 0;
  std::int64_t clicks = 0;
  std::int64_t link_clicks = 0;
  std::int64_t spend = 0;
  std::int64_t conversions = 0;
  std::int64_t value = 0;
  std::string days;
  std::string currencies;
  std::string first;  ///< names of the first row
};

Sums sums_of(const std::string& file, PerformanceOptions options = {}) {
  Sums sums;
  core::Rejects rejects;
  core::Day first{};
  core::Day last{};
  sums.summary = read_performance(
      core::open_input(sample(file)), options, rejects, [&](const PerformanceRow& row) {
        if (sums.rows++ == 0) {
          first = row.date_start;
          last = row.date_stop;
          sums.first = std::string(row.platform) + "|" + std::string(row.platform_ad_id) + "|" +
                       std::string(row.ad_name) + "|" + std::string(row.campaign_name) + "|" +
                       std::string(row.attribution_window);
        }
        first = std::min(first, row.date_start);
        last = std::max(last, row.date_stop);
        sums.impressions += row.impressions;
        sums.clicks += row.clicks.value_or(0);
        sums.link_clicks += row.link_clicks.value_or(0);
        sums.spend += row.spend_micros;
        sums.conversions += row.conversions_millionths.value_or(0);
        sums.value += row.conversion_value_micros.value_or(0);
        if (sums.currencies.find(row.currency) == std::string::npos)
          sums.currencies += (sums.currencies.empty() ? "" : " ") + std::string(row.currency);
      });
  sums.days = core::format_day(first) + " " + core::format_day(last);
  sums.rejects = rejects.shown();
  return sums;
}

struct Expected {
  const char* file;
  const char* source;
  std::int64_t read;
  std::int64_t rejected;
  std::int64_t skipped;
  std::int64_t impressions;
  std::int64_t clicks;
  std::int64_t link_clicks;
  const char* spend;
  const char* conversions;
  const char* value;
  const char* currencies;
  const char* days;
  const char* first;
};

// Added up by hand from the files.
const Expected kExpected[] = {
    {"meta-en.csv", "meta", 5, 0, 2, 22645, 420, 364, "228.2", "10", "1499", "EUR",
     "2026-03-01 2026-03-02",
     "meta|120210000000000301|Ridge \"Alpine\"\r\nversion 2|Spring, all|7-day click or 1-day view"},
    {"meta-de.csv", "meta", 4, 0, 1, 23145, 428, 369, "1222.2", "10", "1499", "EUR",
     "2026-03-01 2026-03-14", "meta|120210000000000311|Rücksack A|Frühling|"},
    {"meta-es.csv", "meta", 4, 0, 1, 13745, 269, 223, "2467.27", "8", "0", "MXN EUR",
     "2026-03-01 2026-03-31",
     "meta|120210000000000321|Mochila A|Primavera|7 días después del clic"},
    {"meta-fr.csv", "meta", 4, 0, 1, 22195, 416, 360, "1222.15", "10", "1499", "EUR",
     "2026-03-01 2026-03-02", "meta|120210000000000331|Sac à dos A|Printemps|Clic sur 7 jours"},
    {"meta-pt.csv", "meta", 3, 0, 1, 13345, 257, 219, "1168.95", "7", "1049.3", "BRL",
     "2026-03-01 2026-03-31", "meta|120210000000000341|Mochila; A|Outono|7 dias após clicar"},
    {"meta-insights.json", "meta", 3, 0, 0, 13355, 265, 210, "168.95", "10", "1155.466652", "USD",
     "2026-03-01 2026-03-02", "meta|120210000000000351|Ridge 1a2b3c4d|Spring|7d_click_1d_view"},
    {"meta-insights.jsonl", "meta", 6, 4, 0, 13345, 1445, 0, "1279", "0", "0", "JPY",
     "2026-03-01 2026-03-07", "meta|120210000000000361|A||"},
    {"google-en.csv", "google", 5, 0, 2, 22145, 416, 0, "1222.15", "9.83", "1499", "GBP",
     "2026-03-01 2026-03-02", "google|681000000001|Ridge|Spring|"},
    {"google-de.csv", "google", 3, 0, 1, 22145, 416, 0, "1222.15", "9.83", "1499", "EUR",
     "2026-03-01 2026-03-02", "google|681000000011||Frühling|"},
    {"google-api.csv", "google", 2, 0, 0, 22145, 416, 0, "12345776.7", "9.833333", "149900.5",
     "KRW", "2026-03-01 2026-03-02", "google|681000000021||Spring|"},
    {"tiktok-en.csv", "tiktok", 4, 0, 1, 22145, 416, 360, "222.15", "10", "1499", "USD",
     "2026-03-01 2026-03-02", "tiktok|1790000000000301|Ridge|Spring|"},
    {"tiktok-es.csv", "tiktok", 3, 0, 1, 22145, 416, 360, "1222.15", "10", "0", "EUR",
     "2026-03-01 2026-03-02", "tiktok|1790000000000311|Mochila A|Primavera|"},
    {"generic.csv", "generic", 3, 0, 0, 22195, 416, 0, "1.431002", "9.833333", "1499", "EUR",
     "2026-03-01 2026-03-31", "generic|shop.1|||"},
    {"generic.json", "generic", 2, 1, 0, 12345, 245, 0, "123.45", "7.5", "1049.3", "EUR",
     "2026-03-01 2026-03-03", "generic|120210000000000371|||"},
    {"meta-en-bad.csv", "meta", 21, 16, 3, 1010, 21, 0, "12.84", "2", "0", "USD",
     "2026-03-01 2026-03-01", "meta|120210000000000381|good|C|"},
};

}  // namespace

TEST_CASE("exports of every platform and language give their totals to the cent") {
  for (const Expected& expected : kExpected) {
    CAPTURE(expected.file);
    const Sums sums = sums_of(expected.file);
    for (const std::string& reject : sums.rejects) INFO(reject);
    CHECK(sums.summary.source == expected.source);
    CHECK(sums.summary.read == expected.read);
    CHECK(sums.summary.rejected == expected.rejected);
    CHECK(sums.summary.skipped == expected.skipped);
    CHECK(sums.rows == expected.read - expected.rejected - expected.skipped);
    CHECK(sums.impressions == expected.impressions);
    CHECK(sums.clicks == expected.clicks);
    CHECK(sums.link_clicks == expected.link_clicks);
    CHECK(core::format_micros(sums.spend) == expected.spend);
    CHECK(core::format_micros(sums.conversions) == expected.conversions);
    CHECK(core::format_micros(sums.value) == expected.value);
    CHECK(sums.currencies == expected.currencies);
    CHECK(sums.days == expected.days);
    CHECK(sums.first == expected.first);
  }
}

TEST_CASE("bad rows say what is wrong with them") {
  const auto rejects = [] {
    std::vector<std::string> all;
    // One by one, as the collector keeps five.
    std::string text = core::read_all(sample("meta-en-bad.csv"));
    const std::string header = text.substr(0, text.find('\n') + 1);
    for (std::size_t at = header.size(); at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      core::Rejects found;
      core::Input one{.name = "x",
                      .stream = std::make_unique<std::istringstream>(
                          header + "C,d,9,2026-03-01,USD,1,1,0.5,1\n" + text.substr(at, end - at))};
      read_performance(std::move(one), {}, found, [](const PerformanceRow&) {});
      for (const std::string& shown : found.shown()) all.push_back(shown);
      at = end + 1;
    }
    return all;
  }();
  const char* const reasons[] = {
      "platform_ad_id: \"1.2021E+17\" is an id that a spreadsheet made a number of",
      "platform_ad_id: \"120210000000000381.0\" is an id that a spreadsheet made a number of",
      "platform_ad_id: is missing",
      "date_start: no such date: \"2026-02-30\"",
      "date_start: is missing",
      "spend: is negative: \"-12.34\"",
      "clicks: is not a whole number: \"10.5\"",
      "impressions: is missing",
      "impressions: not a number: \"many\"",
      "currency: there is no currency \"USB\" in ISO 4217",
      "spend: \"12.34 €\" is not in USD",
      "spend: not a number: \"12,34\" (a point is the decimal sign)",
      "the row has 7 cells, the header 9",
      "the row has 10 cells, the header 9",
      "spend: not a number: \"12.34%\", a share cannot stand here",
      "spend: amount too large"};
  REQUIRE(rejects.size() == std::size(reasons));
  for (std::size_t i = 0; i < rejects.size(); ++i) {
    CAPTURE(rejects[i]);
    CHECK(rejects[i].find(reasons[i]) != std::string::npos);
  }
}

TEST_CASE("pages of insights give their cursor and keep their bad records apart") {
  const std::string page = core::read_all(sample("meta-insights.json"));
  core::Rejects rejects;
  std::int64_t rows = 0;
  const auto take = [&](const PerformanceRow&) { ++rows; };
  const InsightsPage read = read_insights(page, "page 1", {}, rejects, take);
  CHECK(read.read == 3);
  CHECK(read.rejected == 0);
  CHECK(rows == 3);
  CHECK(read.after == "MjQZD");
  CHECK(read.next == "https://graph.facebook.com/v23.0/act_9876543210/insights?after=MjQZD");

  const InsightsPage bad = read_insights(
      R"({"data":[{"ad_id":"1","impressions":"x","spend":"1","date_start":"2026-03-01",)"
      R"("account_currency":"EUR"}],"paging":{"cursors":{"after":"Z"}}})",
      "page 2", {}, rejects, take);
  CHECK(bad.read == 1);
  CHECK(bad.rejected == 1);
  CHECK(bad.next.empty());
  CHECK(bad.after == "Z");
  CHECK(rejects.shown().front() == "page 2:1 /impressions: not an amount: \"x\"");
  CHECK(read_insights(R"({"data":[],"paging":{}})", "empty", {}, rejects, take).read == 0);
  for (const char* no_page : {"", "[]", "{}", R"({"data":[)", R"({"error":{"code":190}})", "x"}) {
    CAPTURE(no_page);
    CHECK_THROWS_AS(read_insights(no_page, "page", {}, rejects, take), core::InvalidInput);
  }
}
