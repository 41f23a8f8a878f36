#include <adgenome/learning/interactions.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "../../support/reference.hpp"

using namespace adgenome;
using adgenome::test::reference;
using learning::PairInteraction;
using learning::TaggedReward;
using learning::TagValue;

namespace {

std::vector<TaggedReward> rewards_of(const core::Json& rows) {
  std::vector<TaggedReward> rewards;
  for (const auto& row : rows) {
    TaggedReward reward;
    reward.ad_id = row["ad_id"];
    reward.run = row["run"];
    reward.tags = row["tags"].get<std::map<std::string, std::string>>();
    reward.reward = row["reward"];
    reward.weight = row["weight"];
    rewards.push_back(std::move(reward));
  }
  return rewards;
}

/// 60 runs of two ads; story and brand earn more together than apart.
std::vector<TaggedReward> with_synergy() {
  std::vector<TaggedReward> rewards;
  for (int run = 0; run < 60; ++run) {
    for (int i = 0; i < 2; ++i) {
      const bool is_story = run % 2 == 0;
      const bool is_brand = (run / 2 + i) % 2 == 0;
      TaggedReward reward;
      reward.ad_id = "ad" + std::to_string(2 * run + i);
      reward.run = "run" + std::to_string(run);
      reward.tags = {{"hook", is_story ? "story" : "question"},
                     {"color", is_brand ? "brand" : "light"}};
      reward.reward = 0.4 + (is_story && is_brand ? 0.3 : 0.0) + 0.002 * ((run * 7 + i * 3) % 11);
      rewards.push_back(std::move(reward));
    }
  }
  return rewards;
}

const PairInteraction* find(const learning::Interactions& found, const TagValue& a,
                            const TagValue& b) {
  for (const PairInteraction& pair : found.pairs) {
    if (pair.a == a && pair.b == b) return &pair;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("effects of pairs are those of plain means and of a ridge regression") {
  for (const auto expected_cases = reference("interactions.json");
       const auto& each : expected_cases["cases"]) {
    const std::vector<TaggedReward> rewards = rewards_of(each["rows"]);
    const auto classic = learning::find_interactions(rewards, true, 1);
    const auto robust = learning::find_interactions(rewards, false, 1);
    std::size_t of_classic = 0;
    std::size_t of_robust = 0;
    for (const auto& pair : each["pairs"]) {
      const TagValue a{pair["a"][0], pair["a"][1]};
      const TagValue b{pair["b"][0], pair["b"][1]};
      const PairInteraction* const plain = find(classic, a, b);
      CHECK((plain != nullptr) == (pair["ads"] >= 5));
      if (plain) CHECK_CLOSE(plain->effect, pair["classic"], 1e-10, 1e-12);
      of_classic += plain != nullptr;
      const PairInteraction* const ridge = find(robust, a, b);
      CHECK((ridge != nullptr) == (pair["ads"] >= 8 && pair["runs"] >= 4 && pair["apart"] >= 2));
      if (ridge) CHECK_CLOSE(ridge->effect, pair["robust"], 1e-8, 1e-10);
      of_robust += ridge != nullptr;
    }
    CHECK(of_classic == classic.pairs.size());
    CHECK(of_robust == robust.pairs.size());
    CHECK(classic.pairs_seen == static_cast<std::int64_t>(each["pairs"].size()));
  }
}

TEST_CASE("a synergy is found under both rules, by the same figures however often and ordered") {
  for (const bool is_classic : {true, false}) {
    std::vector<TaggedReward> rewards = with_synergy();
    const auto found = learning::find_interactions(rewards, is_classic, 1);
    const PairInteraction* const pair = find(found, {"color", "brand"}, {"hook", "story"});
    REQUIRE(pair);
    CHECK(pair->direction == PairInteraction::Direction::kSynergy);
    CHECK(pair->effect > 0);
    CHECK(pair->interval->lower > 0);
    CHECK(pair->ads == 30);
    CHECK(pair->runs == 30);
    CHECK(*pair->q < 0.1);
    std::ranges::reverse(rewards);
    const auto again = learning::find_interactions(rewards, is_classic, 1);
    REQUIRE(again.pairs.size() == found.pairs.size());
    for (std::size_t i = 0; i < found.pairs.size(); ++i) {
      CHECK(again.pairs[i].a == found.pairs[i].a);
      CHECK(again.pairs[i].a < again.pairs[i].b);
      CHECK(again.pairs[i].effect == found.pairs[i].effect);
      CHECK(again.pairs[i].interval->lower == found.pairs[i].interval->lower);
      CHECK(again.pairs[i].q == found.pairs[i].q);
    }
  }
}

TEST_CASE("elements that never occur apart are no pair") {
  std::vector<TaggedReward> rewards = with_synergy();
  for (TaggedReward& reward : rewards) {
    reward.tags["template"] = reward.tags["hook"] == "story" ? "t1" : "t2";
    reward.tags["version"] = "1";
  }
  const auto found = learning::find_interactions(rewards, false, 1);
  CHECK(found.pairs_seen == 16);
  CHECK_FALSE(find(found, {"hook", "story"}, {"template", "t1"}));
  CHECK_FALSE(find(found, {"color", "brand"}, {"version", "1"}));
  CHECK(find(found, {"color", "brand"}, {"hook", "story"}));
}

TEST_CASE("what says nothing is neutral or left out") {
  std::vector<TaggedReward> rewards = with_synergy();
  SUBCASE("all rewards equal") {
    for (TaggedReward& reward : rewards) reward.reward = 0.5;
    for (const bool is_classic : {true, false}) {
      for (const PairInteraction& pair :
           learning::find_interactions(rewards, is_classic, 1).pairs) {
        CHECK(pair.effect == 0);
        CHECK(pair.interval->lower == 0);
        CHECK(pair.interval->upper == 0);
        CHECK(pair.p == 1);
        CHECK(pair.direction == PairInteraction::Direction::kNeutral);
      }
    }
  }
  SUBCASE("no reward at all") {
    for (TaggedReward& reward : rewards) reward.reward = 0;
    const auto found = learning::find_interactions(rewards, true, 1);
    REQUIRE_FALSE(found.pairs.empty());
    CHECK(found.pairs[0].effect == 0);
  }
  SUBCASE("weights of 0") {
    for (TaggedReward& reward : rewards) reward.weight = 0;
    CHECK(learning::find_interactions(rewards, false, 1).pairs.empty());
  }
  SUBCASE("too few ads") {
    rewards.resize(6);
    const auto found = learning::find_interactions(rewards, false, 1);
    CHECK(found.pairs.empty());
    CHECK(found.pairs_seen > 0);
  }
  SUBCASE("nothing") {
    CHECK(learning::find_interactions({}, true, 1).pairs.empty());
  }
}
