#pragma once

#include <doctest/doctest.h>

#include <adgenome/core/json.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::test {

/// Numbers computed elsewhere: a file of tests/reference. It is kept, so that loops over a part of
/// it walk through a document that lives.
inline const core::Json& reference(const std::string& name) {
  static std::map<std::string, core::Json> files;
  const auto [file, is_new] = files.try_emplace(name);
  if (is_new) {
    file->second = core::read_json(std::string(TEST_SOURCE_DIR) + "/reference/" + name);
  }
  return file->second;
}

/// A file of the shared folder; nothing, and a line that says so, where it is absent.
inline std::optional<core::Json> shared_vectors(const std::string& name) {
  const std::string path = std::string(TEST_SHARED_DIR) + "/vectors/" + name;
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: ", name, " is not here");
    return std::nullopt;
  }
  return core::read_json(path);
}

/// Equal to `relative`, or to `absolute` where both are that small.
inline bool is_close(double actual, double expected, double relative, double absolute = 0) {
  return std::abs(actual - expected) <=
         std::max(absolute, relative * std::max(std::abs(actual), std::abs(expected)));
}

}  // namespace adgenome::test

#define CHECK_CLOSE(actual, expected, relative, absolute)                              \
  do {                                                                                 \
    const double actual_value = (actual);                                              \
    const double expected_value = (expected);                                          \
    INFO(#actual " = ", adgenome::core::Json(actual_value).dump(), ", expected ",      \
         adgenome::core::Json(expected_value).dump());                                 \
    CHECK(adgenome::test::is_close(actual_value, expected_value, relative, absolute)); \
  } while (false)
