#include "element_choices.hpp"

#include <adgenome/learning/element_choice.hpp>
#include <adgenome/store/element_scores.hpp>
#include <algorithm>

namespace adgenome::app {

ElementChooser::ElementChooser(store::Session& session, std::string brand_id, std::uint64_t seed)
    : session_(session), brand_id_(std::move(brand_id)), seed_(seed) {}

void ElementChooser::choose_by(const std::string& how) {
  how_ = how;
  if (!is_open() || has_scores_) return;
  for (const store::StoredElementScore& score : store::element_scores(session_, brand_id_, ""))
    scores_[{score.dimension, score.value}] = {score.alpha, score.beta};
  exploration_ = learning::forced_exploration(store::count_rewarded_ads(session_, brand_id_));
  has_scores_ = true;
}

std::pair<std::size_t, ElementChoice> ElementChooser::choose(
    const std::string& run, const std::string& dimension,
    std::span<const std::string> values) const {
  if (!is_open()) return {0, {.value = values[0]}};
  std::vector<learning::Belief> beliefs;
  for (const std::string& value : values) {
    const auto score = scores_.find({dimension, value});
    beliefs.push_back(score == scores_.end()
                          ? learning::Belief{1, 1}
                          : learning::Belief{score->second.first, score->second.second});
  }
  if (how_ == "best") {
    const auto best = std::max_element(
        beliefs.begin(), beliefs.end(),
        [](const learning::Belief& a, const learning::Belief& b) { return a.mean() < b.mean(); });
    const auto index = static_cast<std::size_t>(best - beliefs.begin());
    return {index, {.value = values[index], .how = "sampled", .propensity = 1}};
  }
  core::RandomStream random(seed_, "elements/" + run + "/" + dimension);
  const learning::ElementDraw draw = learning::draw_element(beliefs, exploration_, random);
  return {draw.chosen,
          {.value = values[draw.chosen],
           .how = draw.is_explored ? "explored" : "sampled",
           .propensity = draw.propensities[draw.chosen]}};
}

}  // namespace adgenome::app
