#include <doctest/doctest.h>

#include <adgenome/core/hash.hpp>
#include <adgenome/experiments/assignment.hpp>

using namespace adgenome;
using namespace adgenome::experiments;

TEST_CASE("an arm follows from key and experiment alone") {
  // python3: int(hashlib.sha256(b"key-1:exp-1").hexdigest(), 16) % 10000
  CHECK(bucket_of("key-1", "exp-1") == 3029);
  CHECK(bucket_of("key-2", "exp-1") == 8605);
  CHECK(bucket_of("key-1", "exp-2") == 5069);
}

TEST_CASE("a split is rounded half up to buckets") {
  CHECK(is_variant(4999, 0.5));
  CHECK_FALSE(is_variant(5000, 0.5));
  CHECK(is_variant(0, 0.0001));
  CHECK_FALSE(is_variant(1, 0.0001));
  CHECK(is_variant(1, 0.00015));
  CHECK_FALSE(is_variant(9999, 0.9999));
}

TEST_CASE("a seed key is of the minute in which the batch began") {
  const core::Time began = core::parse_time("2026-11-20T17:24:31Z");
  CHECK(seed_key("p", "t", began) == core::sha256_hex("p:t:202611201724"));
  CHECK(seed_key("p", "", began) == core::sha256_hex("p:none:202611201724"));
  CHECK(seed_key("p", "t", began) == seed_key("p", "t", core::parse_time("2026-11-20T17:24:59Z")));
}

TEST_CASE("keys share out as planned") {
  int variants = 0;
  for (int i = 0; i < 10'000; ++i) {
    variants += is_variant(bucket_of("run-" + std::to_string(i), "experiment"), 0.3);
  }
  CHECK(variants > 2850);
  CHECK(variants < 3150);
}
