#include <doctest/doctest.h>

#include <adgenome/core/cron.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/scoring/preset.hpp>
#include <adgenome/store/records.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/record_values.hpp"
#include "fuzz.hpp"

using namespace adgenome;

namespace {

void check(const scoring::Weights& weights) {
  if (weights.size() < scoring::scorers().size()) FAIL_CHECK("a scorer without a weight");
  if (!std::ranges::all_of(weights, [](double w) { return std::isfinite(w) && w >= 0; }))
    FAIL_CHECK("a weight that is not good");
}

/// Reads a record as its type says, else as one of the kinds that name none.
void read_record(const core::RecordView& record) {
  const auto name = record.optional_string("type");
  const store::RecordType* type = name ? store::find_catalogue_type(*name) : nullptr;
  if (!type) type = &store::ad_type();
  app::ReadRecord read(record, *type, app::Extra::kKeep);
  for (const auto& value : read.values().fields) {
    const auto* const text = value ? std::get_if<std::string>(&*value) : nullptr;
    if (text != nullptr && !core::is_utf8(*text)) FAIL_CHECK("a text that is not UTF-8");
  }
}

/// Whether a parser that reads what the other one wrote finds the same.
template <class Parse, class Format>
void check_round_trip(const std::string& text, Parse parse, Format format) {
  decltype(parse(text)) value{};
  try {
    value = parse(text);
  } catch (const core::InvalidInput&) {
    return;  // refused, as most of them are
  }
  if (parse(format(value)) != value) FAIL_CHECK("reads " << format(value) << " otherwise");
}

}  // namespace

TEST_CASE("records of catalogue and ads") {
  fuzz::run({.name = "records",
             .folders = {"fuzz/corpus/records"},
             .rounds = 50'000,
             .parse = [](const std::string& text) {
               core::RecordReader reader(
                   {.name = "x", .stream = std::make_unique<std::istringstream>(text)});
               core::Rejects rejects;
               std::int64_t taken = 0;
               const std::int64_t read =
                   core::read_records(reader, rejects, [&](const core::RecordView& record) {
                     read_record(record);
                     ++taken;
                   });
               if (read != taken + rejects.count()) FAIL_CHECK("the counts do not add up");
             }});
}

TEST_CASE("presets") {
  fuzz::run({.name = "presets",
             .folders = {"fuzz/corpus/presets"},
             .rounds = 100'000,
             .parse = [](const std::string& text) {
               const scoring::Preset preset =
                   scoring::parse_preset(core::parse_json(text, "x"), "x");
               check(preset.weights);
               if (!(preset.temperature > 0) || !(preset.explore_floor >= 0))
                 FAIL_CHECK("a preset that is not good");
             }});
}

TEST_CASE("weights") {
  fuzz::run({.name = "weights",
             .folders = {"fuzz/corpus/weights", "fuzz/corpus/presets"},
             .rounds = 100'000,
             .parse = [](const std::string& text) {
               check(scoring::parse_weights(core::parse_json(text, "x"), "x").weights);
             }});
}

TEST_CASE("times and schedules") {
  fuzz::run({.name = "times",
             .folders = {"fuzz/corpus/times", "fuzz/corpus/dates"},
             .by_line = true,
             .rounds = 1'000'000,
             .parse = [](const std::string& text) {
               check_round_trip(text, core::parse_time, core::format_time);
               check_round_trip(text, core::parse_day, core::format_day);
               const core::Cron schedule = core::Cron::parse(text);
               const core::Time now = core::parse_time("2026-02-28T23:59:59Z");
               if (schedule.next_after(now) <= now) FAIL_CHECK("a schedule that goes back");
             }});
}

TEST_CASE("numbers") {
  fuzz::run({.name = "numbers",
             .folders = {"fuzz/corpus/numbers", "fuzz/corpus/figures"},
             .by_line = true,
             .rounds = 1'000'000,
             .parse = [](const std::string& text) {
               check_round_trip(text, core::parse_micros, core::format_micros);
               if (const auto whole = core::to_int64(text);
                   whole && core::to_int64(std::to_string(*whole)) != whole) {
                 FAIL_CHECK("another whole number");
               }
               if (const auto real = core::to_double(text);
                   real &&
                   (!std::isfinite(*real) || core::to_double(core::format_double(*real)) != real)) {
                 FAIL_CHECK("another number");
               }
             }});
}
