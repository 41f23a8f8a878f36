#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/imaging/text_reader.hpp>
#include <cstdlib>
#include <optional>
#include <string>

using namespace adgenome;

namespace {

// The environment for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value, 1);
  }
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("an empty picture has no words") {
  const auto reader = imaging::open_text_reader();
  CHECK(reader->version().starts_with("tesseract "));
  const imaging::Gray blank{80, 40, std::vector<std::uint8_t>(80 * 40, 255)};
  for (const auto flow :
       {imaging::TextFlow::kBlock, imaging::TextFlow::kLine, imaging::TextFlow::kSparse}) {
    std::string text;
    for (const auto& word : reader->read(blank, flow)) text += word.text;
    CHECK(text == "");
  }
  CHECK(reader->read({}, imaging::TextFlow::kBlock).empty());
}

TEST_CASE("a reader without its data is an error with a hint") {
  const Variable prefix("TESSDATA_PREFIX", TEST_SOURCE_DIR);
  try {
    imaging::open_text_reader();
    FAIL("opened without data");
  } catch (const core::ProviderError& error) {
    CHECK(error.code() == core::ExitCode::kProvider);
    CHECK(error.hint().find("tesseract-ocr-eng") != std::string::npos);
  }
}
