#include <doctest/doctest.h>

#include <adgenome/core/base64.hpp>

namespace {

using adgenome::core::from_base64;
using adgenome::core::to_base64;

TEST_CASE("base 64 as RFC 4648 lists it") {
  const std::pair<const char*, const char*> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : known) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  CHECK(from_base64("Zm8") == "fo");
}

TEST_CASE("every byte survives, and what is no base 64 is nothing") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(from_base64(to_base64(bytes)) == bytes);
  for (const char* text : {"Z", "Zm9v!", "Zm 9v", "Zg===", "Z=g=", "Zm9vZ"})
    CHECK_FALSE(from_base64(text));
}

}  // namespace
