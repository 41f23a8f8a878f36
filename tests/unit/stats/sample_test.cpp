#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/stats/sample.hpp>
#include <algorithm>
#include <cmath>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;

TEST_CASE("values are folded whatever their order, signs and number") {
  const Sample sample = make_sample({2, -1, 0.0, 2, -0.0, 2});
  CHECK(sample.values == std::vector<double>{-1, 0, 2});
  CHECK(sample.counts == std::vector<std::int64_t>{1, 2, 3});
  CHECK(sample.size == 6);
  CHECK(make_sample({3, 1, 2}).counts.empty());
  CHECK(make_sample({}).size == 0);

  // Enough of them for the sort that goes digit by digit.
  core::RandomStream random(3, "values");
  std::vector<double> values(20'000);
  for (double& value : values) value = (random.next_uniform() - 0.5) * 1e3;
  values[7] = -1e300;
  values[9] = 5e-324;
  std::vector<double> expected = values;
  std::sort(expected.begin(), expected.end());
  CHECK(make_sample(values).values == expected);
}

TEST_CASE("values that differ in their last bits alone are sorted by them") {
  core::RandomStream random(11, "values");
  for (const std::uint64_t bases : {1, 50, 3'000, 30'000}) {
    CAPTURE(bases);
    std::vector<double> values(20'000);
    for (double& value : values) {
      const double base = static_cast<double>(random.next_below(bases)) - 7;
      value = base + std::ldexp(static_cast<double>(random.next_below(1 << 16)), -40);
    }
    std::vector<double> expected = values;
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    const Sample sample = make_sample(values);
    CHECK(sample.values == expected);
    CHECK(sample.size == 20'000);
  }
}

TEST_CASE("collecting value by value is folding all at once") {
  core::RandomStream random(4, "values");
  std::vector<double> values;
  SampleBuilder builder;
  for (int i = 0; i < 200'000; ++i) {
    const auto value = static_cast<double>(random.next_below(i < 100'000 ? 100 : 1'000'000));
    const auto count = static_cast<std::int64_t>(random.next_below(3));
    builder.add(value, count);
    values.insert(values.end(), static_cast<std::size_t>(count), value);
  }
  const Sample collected = std::move(builder).build();
  const Sample at_once = make_sample(values);
  CHECK(collected.values == at_once.values);
  CHECK(collected.counts == at_once.counts);
  CHECK(collected.size == at_once.size);
}

TEST_CASE("no more values than a double counts exactly") {
  SampleBuilder builder;
  builder.add(1, kMaxSampleSize - 1);
  CHECK_THROWS_AS(builder.add(0, 2), core::InvalidInput);
  builder.add(0, 1);
  CHECK(std::move(builder).build().size == kMaxSampleSize);
}

TEST_CASE("moments keep their digits far from zero and over many values") {
  const Moments shifted = moments(make_sample({1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4}));
  CHECK(shifted.mean == 1e9 + 2.5);
  CHECK_CLOSE(shifted.variance, 5.0 / 3, 1e-15, 0);
  Sample tenths;
  tenths.values = {0.1, 0.3};
  tenths.counts = {50'000'000, 50'000'000};
  tenths.size = 100'000'000;
  const Moments many = moments(tenths);
  CHECK_CLOSE(many.sum, 2e7, 1e-15, 0);
  CHECK_CLOSE(many.variance, 0.01 * 1e8 / (1e8 - 1), 1e-14, 0);
  CHECK(moments(make_sample({0.1, 0.1, 0.1})).variance == 0);
  CHECK(moments(make_sample({5})).variance == 0);
}
