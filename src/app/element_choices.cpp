#include "element_choices.hpp"

#include <adgenome/learning/element_pick.hpp>
#include <adgenome/store/element_scores.hpp>

namespace adgenome::app {

ElementChooser::ElementChooser(store::Session& session, const std::string& brand_id,
                               std::string how, std::uint64_t seed)
    : how_(std::move(how)), seed_(seed) {
  if (!is_open()) return;
  for (const store::StoredElementScore& score : store::element_scores(session, brand_id, ""))
    scores_[{score.dimension, score.value}] = {score.alpha, score.beta};
  exploration_ = learning::forced_exploration(store::count_rewarded_ads(session, brand_id));
}

std::pair<std::size_t, ElementChoice> ElementChooser::choose(
    const std::string& run, const std::string& dimension,
    std::span<const std::string> values) const {
  if (!is_open()) return {0, {.value = values[0]}};
  std::vector<learning::ElementBelief> beliefs;
  for (const std::string& value : values) {
    const auto score = scores_.find({dimension, value});
    beliefs.push_back(score == scores_.end()
                          ? learning::ElementBelief{}
                          : learning::ElementBelief{score->second.first, score->second.second});
  }
  if (how_ == "best") {
    const auto mean = [&](std::size_t i) {
      return beliefs[i].alpha / (beliefs[i].alpha + beliefs[i].beta);
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
      if (mean(i) > mean(best)) best = i;
    }
    return {best, {.value = values[best], .how = "sampled", .propensity = 1}};
  }
  core::RandomStream random(seed_, "elements/" + run + "/" + dimension);
  const learning::ElementPick draw = learning::pick_element(beliefs, exploration_, random);
  return {draw.index,
          {.value = values[draw.index],
           .how = draw.is_explored ? "explored" : "sampled",
           .propensity = draw.propensity}};
}

}  // namespace adgenome::app
