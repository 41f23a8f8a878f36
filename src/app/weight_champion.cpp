#include "weight_champion.hpp"

#include <adgenome/core/random.hpp>
#include <adgenome/learning/weights.hpp>

namespace adgenome::app {
namespace {

constexpr std::chrono::weeks kComparison{8};
constexpr double kShareOfFormer = 0.2;

}  // namespace

store::WeightChange make_champion(store::Session& session, const std::string& brand_id,
                                  const std::string& weight_set, const std::string& action,
                                  core::Time now) {
  const auto former = store::champion_weight_set(session, brand_id);
  const store::WeightChange change{.action = action,
                                   .weight_set = weight_set,
                                   .former_weight_set = former ? former->id : "",
                                   .changed_at = now};
  if (former) store::set_weight_set_status(session, brand_id, former->id, "retired");
  if (!weight_set.empty()) {
    store::set_weight_set_status(session, brand_id, weight_set, "champion");
  }
  store::add_weight_change(session, brand_id, change);
  // A new champion is tested against anew.
  for (const learning::WeightMethod method :
       {learning::WeightMethod::kLinear, learning::WeightMethod::kBeta}) {
    store::put_weight_test(session, brand_id, learning::name_of(method), {}, now);
  }
  return change;
}

std::optional<store::WeightSet> weights_in_use(store::Session& session, const std::string& brand_id,
                                               core::Time now, std::uint64_t seed,
                                               core::Time known_at) {
  auto champion = store::champion_weight_set(session, brand_id, known_at);
  if (!champion) return champion;
  const auto promotion = store::promotion_of(session, brand_id, champion->id, known_at);
  if (!promotion || now >= promotion->changed_at + kComparison) return champion;
  core::RandomStream random(seed, "select/former champion");
  if (random.next_uniform() >= kShareOfFormer) return champion;
  if (promotion->former_weight_set.empty()) return std::nullopt;
  return store::find_weight_set(session, brand_id, promotion->former_weight_set);
}

}  // namespace adgenome::app
