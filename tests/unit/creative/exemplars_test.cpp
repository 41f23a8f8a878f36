#include <doctest/doctest.h>

#include <adgenome/creative/exemplars.hpp>

using namespace adgenome;
using namespace adgenome::creative;

namespace {

core::Time day(int n) {
  return core::Time{std::chrono::days{20000 + n}};
}

ExemplarAd approval(const char* id, const char* category, const char* size, const char* color,
                    int at) {
  return {id, ExemplarKind::kGoldApproval, {category, size, color}, day(at)};
}

std::vector<std::string> ids(std::span<const ExemplarAd> ads,
                             const std::vector<std::size_t>& places) {
  std::vector<std::string> list;
  for (const std::size_t i : places) list.push_back(ads[i].ad_id);
  return list;
}

}  // namespace

TEST_CASE("the category comes before size, size before color, color before the newest") {
  const std::vector<ExemplarAd> ads{approval("newest", "other", "9:16", "brand", 9),
                                    approval("color", "other", "9:16", "original", 8),
                                    approval("size", "other", "1:1", "brand", 7),
                                    approval("category", "ugc", "9:16", "brand", 1),
                                    approval("old", "other", "9:16", "brand", 0)};
  const ExemplarTraits ad{"ugc", "1:1", "original"};
  CHECK(ids(ads, nearest_exemplars(ads, "x", ad, ExemplarKind::kGoldApproval, 10)) ==
        std::vector<std::string>{"category", "size", "color", "newest", "old"});
  CHECK(ids(ads, nearest_exemplars(ads, "category", ad, ExemplarKind::kGoldApproval, 1)) ==
        std::vector<std::string>{"size"});
  CHECK(nearest_exemplars(ads, "x", ad, ExemplarKind::kEdgeCase, 10).empty());
}

TEST_CASE("a category that is not known is like no other") {
  const std::vector<ExemplarAd> ads{approval("unknown", "", "9:16", "brand", 1),
                                    approval("sized", "ugc", "1:1", "brand", 0)};
  CHECK(ids(ads, nearest_exemplars(ads, "x", {"", "1:1", ""}, ExemplarKind::kGoldApproval, 1)) ==
        std::vector<std::string>{"sized"});
}

TEST_CASE("a reviewer gets two approvals, two rejections and one edge case") {
  std::vector<ExemplarAd> ads;
  for (const ExemplarKind kind :
       {ExemplarKind::kEdgeCase, ExemplarKind::kGoldRejection, ExemplarKind::kGoldApproval}) {
    for (int i = 0; i < 3; ++i) {
      ads.push_back({std::string(to_string(kind)) + std::to_string(i),
                     kind,
                     {"ugc", "1:1", "brand"},
                     day(i)});
    }
  }
  CHECK(ids(ads, exemplars_for_review(ads, "x", {"ugc", "1:1", "brand"})) ==
        std::vector<std::string>{"gold_approval2", "gold_approval1", "gold_rejection2",
                                 "gold_rejection1", "edge_case2"});
}

TEST_CASE("seeds are spread over what differs, the newest of each first") {
  const std::vector<ExemplarAd> ads{
      approval("a3", "ugc", "1:1", "brand", 9), approval("a2", "ugc", "1:1", "brand", 8),
      approval("a1", "ugc", "1:1", "brand", 7), approval("b1", "ugc", "9:16", "brand", 2),
      approval("c1", "offer", "1:1", "brand", 1)};
  CHECK(ids(ads, spread_out(ads, {}, 4)) == std::vector<std::string>{"a3", "b1", "c1", "a2"});
  const std::vector<ExemplarTraits> taken{{"ugc", "1:1", "brand"}};
  CHECK(ids(ads, spread_out(ads, taken, 2)) == std::vector<std::string>{"b1", "c1"});
  CHECK(spread_out(ads, {}, 0).empty());
}
