#include <doctest/doctest.h>

#include <adgenome/core/base64.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/scoring/pool_log.hpp>
#include <cmath>

using namespace adgenome;
using namespace adgenome::scoring;

namespace {

/// A pool in the former format, written by hand (Python's struct and zstd): candidates a, b and c
/// with 1, 0.5 and 0 from asset_match, the first one drawn.
constexpr const char* kFormer =
    "KLUv/SRM7QEA1AIDAPA/AQAAAAsAAABhc3NldF9tYXRjaANhAQAAAGJjAAAAPwAAgD7/gAD/AAAFALs4KKHQmWtn"
    "FQ5gAc3xHp8=";

PoolLog log_of(int candidates) {
  PoolLog log{.scorers = {"fatigue", "exec:./mine"},
              .min_asset_score = 0.3,
              .drawn = 2,
              .candidates = 10 * candidates,
              .fraction = 0.1};
  for (int i = 0; i < candidates; ++i) {
    log.ids.push_back("template-" + std::to_string(i));
    log.propensities.push_back(1.0F / static_cast<float>(i + 1));
    log.is_detected.push_back(i % 3 == 0);
    log.scores.push_back(quantised(std::fmod(0.37 * i, 1.0)));
    log.scores.push_back(quantised(i % 2));
  }
  return log;
}

}  // namespace

TEST_CASE("a pool comes back as it was kept") {
  const PoolLog log = log_of(500);
  const std::string bytes = encode(log);
  CHECK(bytes == encode(log));
  CHECK(bytes.size() < 500 * 10);
  const PoolLog back = decode_pool(kPoolFormat, bytes);
  CHECK(back.scorers == log.scorers);
  CHECK(back.ids == log.ids);
  CHECK(back.propensities == log.propensities);
  CHECK(back.scores == log.scores);
  CHECK(back.is_detected == log.is_detected);
  CHECK(back.min_asset_score == 0.3);
  CHECK(back.drawn == 2);
  CHECK(back.candidates == 5000);
  CHECK(back.fraction == 0.1);
  CHECK(std::abs(back.score(3, 0) - std::fmod(1.11, 1.0)) <= 0.5 / 65535);
  CHECK(back.score(3, 1) == 1);
  CHECK(back.score(4, 1) == 0);
  CHECK(back.multiplicity(1) == 1);
  CHECK(back.multiplicity(2) == doctest::Approx(10));
  const PoolLog nobody = decode_pool(kPoolFormat, encode({.scorers = {"fatigue"}}));
  CHECK(nobody.ids.empty());
  CHECK(nobody.is_detected.empty());
  CHECK(!nobody.min_asset_score);
}

TEST_CASE("a pool that was kept before detection and gate were is still read") {
  const std::string bytes = core::from_base64(kFormer).value();
  const PoolLog log = decode_pool(kFormerPoolFormat, bytes);
  CHECK(log.ids == std::vector<std::string>{"a", "b", "c"});
  CHECK(log.scorers == std::vector<std::string>{"asset_match"});
  CHECK(log.score(0, 0) == 1);
  CHECK(log.score(1, 0) == doctest::Approx(0.5).epsilon(1e-4));
  CHECK(log.drawn == 1);
  CHECK(log.is_detected.empty());
  CHECK(!log.min_asset_score);
  // The bytes of one format are none of the other.
  CHECK_THROWS_AS(decode_pool(kPoolFormat, bytes), core::InvalidInput);
}

TEST_CASE("scores of 0 and 1 are exact, others the nearest") {
  CHECK(quantised(0) == 0);
  CHECK(quantised(1) == 65535);
  CHECK(quantised(0.5) == 32768);
}

TEST_CASE("bytes that are no pool are refused") {
  const std::string bytes = encode(log_of(5));
  CHECK_THROWS_AS(decode_pool("pool2", bytes), core::InvalidInput);
  CHECK_THROWS_AS(decode_pool(kPoolFormat, "nonsense"), core::InvalidInput);
  PoolLog unsure = log_of(5);
  unsure.is_detected.pop_back();
  CHECK_THROWS_AS(decode_pool(kPoolFormat, encode(unsure)), core::InvalidInput);
  CHECK_THROWS_AS(decode_pool(kPoolFormat, ""), core::InvalidInput);
  CHECK_THROWS_AS(decode_pool(kPoolFormat, bytes.substr(0, bytes.size() / 2)), core::InvalidInput);
}
