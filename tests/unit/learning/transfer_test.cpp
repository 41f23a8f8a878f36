#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/learning/transfer.hpp>
#include <cmath>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

const StaticWeights kStatic = {{"asset_match", 1.0}, {"fatigue", 0.6}};

LentWeights lender(double similarity, double effect, int snapshots, std::uint64_t seed) {
  LentWeights lent{.similarity = similarity, .state = WeightState(2)};
  core::RandomStream random(seed, "lender");
  for (int i = 0; i < snapshots; ++i) {
    Snapshot snapshot{.weights_used = {1.0, 0.6},
                      .scores = {random.next_uniform(), random.next_uniform()}};
    snapshot.reward = 0.4 + effect * snapshot.scores[1];
    lent.state.fold(snapshot);
  }
  return lent;
}

}  // namespace

TEST_CASE("brands are alike where their elements differ from one half in the same direction") {
  const ElementMeans a = {{{"hook", "x"}, 0.7}, {{"hook", "y"}, 0.3}, {{"hook", "z"}, 0.9}};
  const ElementMeans same = {{{"hook", "x"}, 0.6}, {{"hook", "y"}, 0.4}};
  const ElementMeans opposite = {{{"hook", "x"}, 0.3}, {{"hook", "y"}, 0.7}};
  // Two common elements: cosine 1, shrunk by 2 / 12.
  CHECK(brand_similarity(a, same) == doctest::Approx(2.0 / 12));
  CHECK(brand_similarity(a, opposite) == 0);
  CHECK(brand_similarity(a, {}) == 0);
  CHECK(brand_similarity(a, {{{"hook", "x"}, 0.5}}) == 0);
}

TEST_CASE("shares are capped, and what is cut off goes to the others") {
  CHECK(capped_shares({8, 1, 1}, 1.0 / 3) == std::vector<double>(3, 1.0 / 3));
  const auto shares = capped_shares({97, 1, 1, 1}, 1.0 / 3);
  CHECK(shares[0] == doctest::Approx(1.0 / 3));
  CHECK(shares[1] == doctest::Approx(2.0 / 9));
  const auto cascade = capped_shares({60, 30, 5, 5}, 1.0 / 3);
  CHECK(cascade[1] == doctest::Approx(1.0 / 3));
  CHECK(cascade[2] == doctest::Approx(1.0 / 6));
}

TEST_CASE("beta posteriors are pooled by observations times similarity and shrunk by 0.3") {
  LentWeights one{.similarity = 0.5, .state = WeightState(2)};
  LentWeights other{.similarity = 1, .state = WeightState(2)};
  one.state.beta[0] = {.alpha = 41, .beta = 21, .observations = 60};
  other.state.beta[0] = {.alpha = 11, .beta = 31, .observations = 40};
  const WeightPrior prior = transfer_prior(kStatic, std::vector{one, other});
  // weights 30 and 40: (30 * 40 + 40 * 10) / 70 and (30 * 20 + 40 * 30) / 70, times 0.3
  CHECK(prior.beta[0].alpha == doctest::Approx(1 + 0.3 * 1600 / 70));
  CHECK(prior.beta[0].beta == doctest::Approx(1 + 0.3 * 1800 / 70));
  CHECK(prior.beta[0].observations == 0);
  CHECK(prior.beta[1].alpha == 1);

  one.similarity = other.similarity = 0;  // strangers lend nothing
  CHECK(transfer_prior(kStatic, std::vector{one, other}).beta.empty());
}

TEST_CASE("effects come from three brands at least, and move those of a brand that knows little") {
  std::vector<LentWeights> lent{lender(0, 0.4, 200, 1), lender(0, 0.4, 200, 2)};
  CHECK(transfer_prior(kStatic, lent).effects.empty());
  lent.push_back(lender(0, 0.4, 200, 3));
  const WeightPrior prior = transfer_prior(kStatic, lent);
  REQUIRE(prior.effects.size() == 2);
  CHECK(prior.effects[1] == doctest::Approx(0.4).epsilon(0.15));
  CHECK(std::abs(prior.effects[0]) < 0.1);
  CHECK(prior.brands == 3);

  const WeightState little = lender(0, 0, 4, 9).state;
  const auto alone = effects_of(kStatic, little);
  const auto helped = effects_of(kStatic, little, prior);
  CHECK(helped->mean[1] > alone->mean[1] + 0.1);
  // One lender, however sure, has a third at most.
  lent[0] = lender(0, -0.4, 100'000, 4);
  const WeightPrior outvoted = transfer_prior(kStatic, lent);
  CHECK(outvoted.effects[1] > 0);
}
