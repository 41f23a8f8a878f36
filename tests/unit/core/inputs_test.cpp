#include <doctest/doctest.h>

#include <adgenome/core/csv.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/rewindable.hpp>
#include <adgenome/core/text.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <streambuf>

using namespace adgenome::core;

namespace {

/// An input that cannot be sought, as a pipe cannot.
class Pipe : public std::istream {
 public:
  explicit Pipe(std::string text) : std::istream(nullptr), buffer_(std::move(text)) {
    rdbuf(&buffer_);
  }

 private:
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(std::string text) : text_(std::move(text)) {
      setg(text_.data(), text_.data(), text_.data() + text_.size());
    }

   private:
    std::string text_;
  };
  Buffer buffer_;
};

std::string rest_of(std::istream& stream) {
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string file_of(const std::string& bytes) {
  const std::string path = (std::filesystem::temp_directory_path() / "adgenome-input").string();
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::vector<std::string> records_of(const std::string& text, std::string* beside = nullptr) {
  RecordReader reader({.name = "x", .stream = std::make_unique<std::istringstream>(text)});
  std::vector<std::string> records;
  while (const auto record = reader.next()) records.push_back(record->to_json());
  if (beside != nullptr) *beside = reader.beside_list();
  return records;
}

}  // namespace

TEST_CASE("an input is read from its beginning again, sought or kept") {
  // Small enough for memory, and so large that most of it goes to a file.
  for (const std::size_t size : {std::size_t{10}, std::size_t{3'000'000}}) {
    std::string text;
    while (text.size() < size) text += std::to_string(text.size()) + " ";
    for (const bool is_pipe : {false, true}) {
      CAPTURE(size);
      CAPTURE(is_pipe);
      std::unique_ptr<std::istream> stream;
      if (is_pipe) {
        stream = std::make_unique<Pipe>(text);
      } else {
        stream = std::make_unique<std::istringstream>(text);
      }
      RewindableInput input({.name = "x", .stream = std::move(stream)});
      std::string part(text.size() / 2, ' ');
      input.stream().read(part.data(), static_cast<std::streamsize>(part.size()));
      input.rewind();
      CHECK(rest_of(input.stream()) == text);
      input.rewind();
      input.stream().read(part.data(), static_cast<std::streamsize>(part.size()));
      CHECK(part == text.substr(0, part.size()));
      input.rewind_for_good();
      CHECK(rest_of(input.stream()) == text);
      CHECK(input.stream().eof() == false);
    }
  }
}

TEST_CASE("text of UTF-16 is read as UTF-8") {
  const auto read = [](const std::string& bytes) {
    const std::string path = file_of(bytes);
    std::string text = read_all(path);
    std::filesystem::remove(path);
    return text;
  };
  using namespace std::string_literals;
  CHECK(read("\xFF\xFE"
             "A\0\xE9\0\xAC\x20\x3D\xD8\x1E\xDF"s) == "Aé€\U0001F71E");
  CHECK(read("\xFE\xFF\0A\0\xE9\x20\xAC"s) == "Aé€");
  CHECK(read("\xFF\xFE"s) == "");
  // Halves that stand alone, and a byte too many.
  CHECK(read("\xFF\xFE\x3D\xD8"
             "A\0"s) == "\uFFFDA");
  CHECK(read("\xFF\xFE\x1E\xDF"s) == "\uFFFD");
  CHECK(read("\xFF\xFE"
             "A\0B"s) == "A\uFFFD");
  CHECK(read("\xFF\xFE"
             "A\0\x3D\xD8"s) == "A\uFFFD");
  std::string wide = "\xFF\xFE";
  std::string narrow;
  for (int i = 0; i < 100'000; ++i) {
    wide += i % 2 == 0 ? "x\0"s : "\xE9\0"s;
    narrow += i % 2 == 0 ? "x" : "é";
  }
  CHECK(read(wide) == narrow);
}

TEST_CASE("pages of records give the records of their lists") {
  std::string beside;
  CHECK(records_of(R"({"data":[{"a":1},{"a":2}],"paging":{"next":"n"}})", &beside) ==
        std::vector<std::string>{R"({"a":1})", R"({"a":2})"});
  CHECK(beside == R"({"paging":{"next":"n"}})");
  CHECK(records_of("{\n  \"data\" : [\n    {\"a\": \"}]\"}\n  ]\n}\n{\"data\":[]}\n{\"data\":[3]}",
                   &beside) == std::vector<std::string>{R"({"a":"}]"})", "3"});
  CHECK(beside == "{}");
  // What only begins alike is a record of its own.
  CHECK(records_of("{\"data\":1}\n{\"date\":2}\n{}") ==
        std::vector<std::string>{R"({"data":1})", R"({"date":2})", "{}"});
  for (const char* wrong :
       {R"({"data":[1)", R"({"data":[1])", R"({"data":[1]} x)", R"({"data":[1]}{"a":1})", "{"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(records_of(wrong), InvalidInput);
  }
}

TEST_CASE("delimited text across the blocks in which it is read") {
  std::string text = "a,b\n";
  std::size_t rows = 1;
  for (; text.size() < 700'000; ++rows) {
    text +=
        "\"" + std::string(rows % 300, 'q') + "\"\"\r\n\"," + std::string(rows % 170, 'x') + "\r\n";
  }
  text += "\"last\",";
  Pipe pipe(text);
  CsvReader reader(pipe, "x", ',');
  std::vector<std::string_view> cells;
  std::size_t row = 0;
  for (; reader.next(cells); ++row) {
    REQUIRE(cells.size() == 2);
    if (row == 0 || row == rows) continue;
    REQUIRE(cells[0] == std::string(row % 300, 'q') + "\"\r\n");
    REQUIRE(cells[1] == std::string(row % 170, 'x'));
    REQUIRE(reader.line() == static_cast<std::int64_t>(2 * row));
  }
  CHECK(row == rows + 1);
  CHECK(cells[0] == "last");
  CHECK(cells[1] == "");
  CHECK(reader.raw() == "\"last\",");

  // A quote that is never closed does not fill the memory.
  std::string open = "a,b\n\"";
  open.append(std::size_t{20} << 20, 'x');
  std::istringstream stream(open);
  CsvReader endless(stream, "x", ',');
  CHECK(endless.next(cells));
  CHECK_THROWS_WITH_AS(endless.next(cells),
                       "the row is longer than 16 MiB: a quote in it is never closed",
                       InvalidInput);
}

TEST_CASE("UTF-8 that stores can take") {
  CHECK(is_utf8("Käufe €"));
  CHECK(is_utf8(""));
  CHECK(!is_utf8("K\xE4ufe"));
  CHECK(!is_utf8(std::string_view("a\0b", 3)));
}
