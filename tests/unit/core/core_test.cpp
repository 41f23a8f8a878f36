#include <doctest/doctest.h>

#include <adgenome/core/csv.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/ids.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/core/time.hpp>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace adgenome::core;

namespace {

Input text_input(const std::string& text) {
  return {"rows", std::make_unique<std::istringstream>(text)};
}

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::istringstream stream(text);
  CsvReader reader(stream, "sheet");
  std::vector<std::vector<std::string>> rows;
  for (std::vector<std::string_view> cells; reader.next(cells);) {
    rows.emplace_back(cells.begin(), cells.end());
  }
  return rows;
}

}  // namespace

TEST_CASE("time is read and written as ISO 8601 in UTC") {
  CHECK(format_time(parse_time("2026-11-20")) == "2026-11-20T00:00:00Z");
  CHECK(format_time(parse_time("2026-11-20T09:30:00+02:00")) == "2026-11-20T07:30:00Z");
  CHECK(format_time(parse_time("2026-11-20 09:30:00.25+00")) == "2026-11-20T09:30:00.250000Z");
  CHECK(format_time(parse_time("1969-12-31T23:59:59.999999Z")) == "1969-12-31T23:59:59.999999Z");
  for (const char* wrong : {"2026-02-30", "2026-1-1", "20261120", "2026-11-20T25:00", "", "x",
                            "2026-11-20T09:30:00.", "2026-11-20T09:30:00Zx"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_time(wrong), InvalidInput);
  }
  CHECK(days_between(parse_time("2026-11-01"), parse_time("2026-11-02T12:00")) == 1.5);
  CHECK(days_between(parse_time("2026-11-02"), parse_time("2026-11-01")) == 0);
}

TEST_CASE("amounts are exact to the last micro") {
  CHECK(parse_micros("12.5") == 12'500'000);
  CHECK(parse_micros("-0.000001") == -1);
  CHECK(parse_micros("1.429999948") == 1'430'000);
  CHECK(parse_micros("0.0000005") == 0);  // half to even
  CHECK(parse_micros("0.0000015") == 2);
  CHECK(parse_micros("0.00000050001") == 1);
  CHECK(parse_micros("1e3") == 1'000'000'000);
  CHECK(parse_micros("0e300") == 0);
  CHECK(parse_micros("9223372036854.775807") == INT64_MAX);
  for (const char* wrong : {"", "-", ".", "1,000", "12 ", "9223372036854.775808", "1e400", "nan"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_micros(wrong), InvalidInput);
  }
  CHECK(format_micros(12'500'000) == "12.5");
  CHECK(format_micros(-1) == "-0.000001");
  CHECK(format_micros(INT64_MIN) == "-9223372036854.775808");
  CHECK_THROWS_WITH(Money(1, Currency("EUR")) + Money(1, Currency("usd")),
                    "cannot add EUR and USD");
  CHECK_THROWS_AS(Money(INT64_MAX, Currency("EUR")) + Money(1, Currency("EUR")), InvalidInput);
}

TEST_CASE("random streams are Philox4x32-10, addressed by seed, name and position") {
  RandomStream a(1, "draw");
  RandomStream b(1, "draw");
  RandomStream other_name(1, "ids");
  RandomStream other_seed(0, "draw");
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t bits = a.next_bits();
    CHECK(bits == b.bits_at(i));
    seen.insert(bits);
    seen.insert(other_name.next_bits());
    seen.insert(other_seed.next_bits());
  }
  CHECK(seen.size() == 3000);
  CHECK(RandomStream::to_uniform(0) > 0);
  CHECK(RandomStream::to_uniform(~std::uint64_t{0}) < 1);
  RandomStream below(7, "below");
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[below.next_below(6)];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 500);
}

TEST_CASE("ids are UUIDv7 that repeat with seed and clock") {
  const Time now = parse_time("2026-11-20T09:30:00Z");
  IdSource first(5, "generate", now);
  IdSource again(5, "generate", now);
  const std::string id = first.next();
  CHECK(id == again.next());
  CHECK(id != first.next());
  CHECK(is_uuid(id));
  CHECK(id[14] == '7');
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
  CHECK(id.substr(0, 13) == uuid7(now, 1, 2).substr(0, 13));
  CHECK(short_id(id) == id.substr(28));
  CHECK(short_id("ad-1").size() == 8);
}

TEST_CASE("hash and text") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_int64("-12") == -12);
  CHECK(!to_int64("12 "));
  CHECK(!to_double("inf"));
  CHECK(to_double("1e-3") == 0.001);
  CHECK(format_double(0.1) == "0.1");
  const std::vector<std::string> names{"fatigue", "performance"};
  CHECK(nearest("fatige", names) == "fatigue");
  CHECK(!nearest("colour", names));
}

TEST_CASE("csv: quotes, line ends inside cells, delimiters, byte-order mark") {
  using Rows = std::vector<std::vector<std::string>>;
  CHECK(rows_of("a,b\r\n1,\"x \"\"y\"\", z\"\r\n") == Rows{{"a", "b"}, {"1", "x \"y\", z"}});
  CHECK(rows_of("\xEF\xBB\xBF"
                "a;b\n1;2") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of("a\tb,c\n") == Rows{{"a", "b,c"}});
  CHECK(rows_of("a,b\n\"1\n2\",\n\n") == Rows{{"a", "b"}, {"1\n2", ""}, {""}});
  CHECK(rows_of("").empty());
  CHECK_THROWS_WITH(rows_of("a,b\n\"1,2\n"), "a quote is never closed");
  // A row longer than one block of reading.
  const std::string wide(200'000, 'x');
  CHECK(rows_of("a," + wide + "\nb,c\n") == Rows{{"a", wide}, {"b", "c"}});
  CHECK(csv_cell("a,\"b\"") == "\"a,\"\"b\"\"\"");
}

TEST_CASE("records come from JSONL and from one array alike, with line and pointer in errors") {
  for (const char* text : {"{\"id\":\"a\",\"n\":{\"x\":1}}\n\n{\"id\":7}\n",
                           " [\n{\"id\":\"a\",\"n\":{\"x\":1}},\n\n{\"id\":7}]\n"}) {
    CAPTURE(text);
    RecordReader reader(text_input(text));
    auto record = reader.next();
    REQUIRE(record);
    CHECK(record->at("id").as_id() == "a");
    CHECK(record->at("n").at("x").as_int64() == 1);
    CHECK(!record->find("absent"));
    record = reader.next();
    REQUIRE(record);
    CHECK(record->at("id").as_id() == "7");
    try {
      record->at("id").as_string();
      FAIL("a number is not a string");
    } catch (const InvalidInput& error) {
      CHECK(std::string(error.where()).find(" /id") != std::string::npos);
      CHECK(std::string(error.where()).rfind("rows:", 0) == 0);
    }
    CHECK(!reader.next());
  }
}

TEST_CASE("a record that is not JSON is refused and the reader goes on behind it") {
  RecordReader reader(text_input("{\"a\":1}\nnonsense\n{\"a\":2}"));
  CHECK(reader.next());
  CHECK_THROWS_AS(reader.next(), InvalidInput);
  CHECK(reader.line() == 2);
  CHECK(reader.raw() == "nonsense");
  CHECK(reader.next()->at("a").as_int64() == 2);
  CHECK(!reader.next());
  for (const char* wrong : {"[1,2", "[{\"a\":1},]", "[1] 2"}) {
    CAPTURE(wrong);
    RecordReader broken(text_input(wrong));
    CHECK_THROWS_AS(
        [&] {
          while (broken.next()) {
          }
        }(),
        InvalidInput);
  }
  RecordReader empty(text_input("[]"));
  CHECK(!empty.next());
  RecordReader money(text_input("{\"m\":0.1}\n{\"m\":\"12.34\"}\n{\"m\":1e-7}"));
  CHECK(money.next()->at("m").as_micros() == 100'000);
  CHECK(money.next()->at("m").as_micros() == 12'340'000);
  CHECK(money.next()->at("m").as_micros() == 0);
}

TEST_CASE("documents are written exactly and read with line and column") {
  Json document = {{"z", 1}, {"a", 0.1}, {"money", money_number(12'500'000)}, {"whole", 2.0}};
  CHECK(dump(document) == R"({"z":1,"a":0.1,"money":12.5,"whole":2.0})");
  CHECK(dump(Json(-0.0)) == "0.0");
  CHECK(dump(wide_integer(1ULL << 53)) == "\"9007199254740992\"");
  CHECK_THROWS_AS(dump(Json(std::nan(""))), Error);
  try {
    parse_json("{\n \"a\": x}", "preset.json");
    FAIL("not JSON");
  } catch (const InvalidInput& error) {
    CHECK(error.where() == "preset.json:2:7");
  }
}
