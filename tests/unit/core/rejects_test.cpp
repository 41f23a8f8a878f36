#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/rejects.hpp>
#include <filesystem>
#include <sstream>

using namespace adgenome::core;

namespace {

Input rows(const std::string& text) {
  return {"rows", std::make_unique<std::istringstream>(text)};
}

struct Taken {
  std::int64_t read = 0;
  std::int64_t sum = 0;
};

Taken take_all(const std::string& text, Rejects& rejects) {
  RecordReader reader(rows(text));
  Taken taken;
  taken.read = read_records(
      reader, rejects, [&](const RecordView& record) { taken.sum += record.at("n").as_int64(); });
  return taken;
}

}  // namespace

TEST_CASE("good rows are taken, bad ones counted, shown and written") {
  const auto file = std::filesystem::temp_directory_path() / "adgenome_rejects_test.jsonl";
  {
    Rejects rejects(file.string());
    const Taken taken = take_all("{\"n\":1}\nnot json\n\n{\"n\":\"x\"}\n{\"n\":4}\n", rejects);
    CHECK(taken.read == 4);
    CHECK(taken.sum == 5);
    CHECK(rejects.count() == 2);
    REQUIRE(rejects.shown().size() == 2);
    CHECK(rejects.shown()[1] == "rows:4 /n: expected a number, found a string");
  }
  const std::string written = read_all(file.string());
  CHECK(written.find("{\"source\":\"rows\",\"line\":2,\"reason\":\"not JSON") == 0);
  CHECK(written.find("\"raw\":\"{\\\"n\\\":\\\"x\\\"}\"}\n") != std::string::npos);
  std::filesystem::remove(file);
}

TEST_CASE("under strict the first bad row ends it") {
  Rejects rejects(std::nullopt, true);
  CHECK_THROWS_AS(take_all("{\"n\":1}\n{}\n", rejects), InvalidInput);
}

TEST_CASE("an input without any usable row, or without an end, is refused") {
  Rejects rejects;
  CHECK_THROWS_WITH(take_all("{}\n{}\n", rejects), "\"n\" is missing");
  CHECK_THROWS_WITH(take_all("[{\"n\":1},{\"n\":2}", rejects), "the list is never closed");
  CHECK_THROWS_WITH(take_all("[{\"n\":1}] {\"n\":2}", rejects), "text behind the end of the list");
  CHECK(take_all("", rejects).read == 0);
}
