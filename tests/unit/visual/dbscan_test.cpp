#include <doctest/doctest.h>

#include <adgenome/core/json.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/visual/dbscan.hpp>
#include <adgenome/visual/representatives.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "visual/near_pairs.hpp"

using namespace adgenome;

namespace {

const core::Workers kAlone(1);

template <class Real>
void check_case(const core::Json& expected) {
  const auto points = expected.at("points").get<std::vector<std::vector<Real>>>();
  std::vector<Real> values;
  for (const auto& point : points) values.insert(values.end(), point.begin(), point.end());
  const visual::DbscanSettings settings{.eps = expected.at("eps"),
                                        .min_samples = expected.at("min_samples")};
  for (const int workers : {1, 2, 3}) {
    CAPTURE(workers);
    const visual::Clustering found = visual::dbscan(
        std::span<const Real>(values), static_cast<std::int64_t>(points.front().size()), settings,
        core::Workers(workers));
    CHECK(found.labels == expected.at("labels").get<std::vector<std::int32_t>>());
    std::vector<std::size_t> core_points;
    for (std::size_t i = 0; i < found.is_core.size(); ++i) {
      if (found.is_core[i]) core_points.push_back(i);
    }
    CHECK(core_points == expected.at("core").get<std::vector<std::size_t>>());
    const std::set<std::int32_t> labels(found.labels.begin(), found.labels.end());
    CHECK(static_cast<std::size_t>(found.cluster_count) ==
          labels.size() - labels.count(visual::Clustering::kNoise));
  }
}

void check_file(const std::string& path) {
  const core::Json document = core::read_json(path);
  for (const core::Json& expected : document.at("cases")) {
    CAPTURE(expected.value("name", ""));
    if (expected.value("values", "float64") == "float32") check_case<float>(expected);
    check_case<double>(expected);
  }
}

std::vector<double> noise(std::size_t count, std::string_view stream) {
  core::RandomStream random(7, stream);
  std::vector<double> values(count);
  for (double& value : values) value = random.next_uniform() - 0.5;
  return values;
}

std::set<std::pair<int, int>> near_pairs(std::span<const double> values, std::int64_t dimensions,
                                         double eps, const visual::Kernel& kernel) {
  std::set<std::pair<int, int>> found;
  std::size_t reported = 0;
  visual::for_each_near_pair(values, dimensions, eps, kAlone, kernel,
                             [&](int, std::span<const visual::Pair> pairs) {
                               reported += pairs.size();
                               for (const auto& pair : pairs)
                                 found.emplace(pair.first, pair.second);
                             });
  CHECK(reported == found.size());  // each pair once
  return found;
}

}  // namespace

TEST_CASE("dbscan: labels and core points are those of scikit-learn") {
  check_file(TEST_SOURCE_DIR "/reference/dbscan.json");
}

TEST_CASE("dbscan: the shared vectors") {
  const std::string path = TEST_SHARED_DIR "/vectors/dbscan.json";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: shared/vectors/dbscan.json is not there");
    return;
  }
  check_file(path);
}

TEST_CASE("dbscan: every kernel finds the pairs that the rule in double precision finds") {
  // Sizes around the panels of each kernel and beyond a block; eps in the thick of the distances.
  for (const std::int64_t dimensions : {1, 3, 8, 65}) {
    for (const std::int64_t count : {1, 2, 13, 14, 15, 33, 130}) {
      const std::vector<double> values =
          noise(static_cast<std::size_t>(count * dimensions), "kernels");
      const auto row = [&](std::int64_t i) {
        return std::span(values).subspan(static_cast<std::size_t>(i * dimensions),
                                         static_cast<std::size_t>(dimensions));
      };
      for (const double eps : {1e-6, 0.5, 1.0, 2.0}) {
        std::set<std::pair<int, int>> expected;
        for (int i = 0; i < count; ++i) {
          for (int j = i + 1; j < count; ++j) {
            const double distance = visual::cosine_distance(row(i), visual::length(row(i)), row(j),
                                                            visual::length(row(j)));
            if (distance <= eps) expected.emplace(i, j);
          }
        }
        for (const visual::Kernel& kernel : visual::kernels()) {
          CAPTURE(kernel.rows);
          CAPTURE(count);
          CAPTURE(dimensions);
          CAPTURE(eps);
          CHECK(near_pairs(values, dimensions, eps, kernel) == expected);
        }
      }
    }
  }
}

TEST_CASE("dbscan: the whole of several blocks, and a cluster that is everything") {
  // A block holds less than a hundred vectors of this size.
  constexpr std::int64_t kCount = 241;
  constexpr std::int64_t kDimensions = 16000;
  std::vector<float> values(kCount * kDimensions, 0.0F);
  for (std::size_t i = 0; i < kCount; ++i) {
    // Eighty vectors of each of three directions, in turn, and a last one by itself.
    const std::size_t direction = i + 1 == kCount ? 9 : i % 3;
    values[i * kDimensions + direction] = 1.0F + static_cast<float>(i);
  }
  const visual::Clustering apart =
      visual::dbscan(values, kDimensions, {.eps = 0.5, .min_samples = 70}, core::Workers(2));
  CHECK(apart.cluster_count == 3);
  for (std::size_t i = 0; i + 1 < kCount; ++i) {
    REQUIRE(apart.labels[i] == static_cast<std::int32_t>(i % 3));
    REQUIRE(apart.is_core[i]);
  }
  CHECK(apart.labels.back() == visual::Clustering::kNoise);
  const visual::Clustering together =
      visual::dbscan(values, kDimensions, {.eps = 1.0, .min_samples = 241}, core::Workers(2));
  CHECK(together.cluster_count == 1);
  CHECK(std::count(together.labels.begin(), together.labels.end(), 0) == kCount);
}

TEST_CASE("dbscan: no vectors, no clusters") {
  const visual::Clustering none = visual::dbscan(std::span<const float>(), 4, {}, kAlone);
  CHECK(none.labels.empty());
  CHECK(none.cluster_count == 0);
}

TEST_CASE("representatives: the medoid is nearest to all, examples nearest to it") {
  // Degrees on the circle: the third is in the middle; the last is noise.
  std::vector<double> values;
  for (const double degrees : {0.0, 10.0, 13.0, 20.0, 29.0, 180.0}) {
    const double angle = degrees * 3.14159265358979323846 / 180;
    values.insert(values.end(), {5 * std::cos(angle), 5 * std::sin(angle)});
  }
  const visual::Clustering clustering =
      visual::dbscan(std::span<const double>(values), 2, {.eps = 0.02, .min_samples = 2}, kAlone);
  const auto found = visual::representatives(std::span<const double>(values), 2, clustering, 3);
  REQUIRE(found.size() == 1);
  CHECK(found[0].members == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(found[0].medoid == 2);
  CHECK(found[0].examples == std::vector<std::size_t>{1, 3, 0});
}
