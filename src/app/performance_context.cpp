#include "performance_context.hpp"

#include <adgenome/learning/genome.hpp>
#include <adgenome/store/element_scores.hpp>
#include <map>
#include <vector>

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::size_t kBest = 3;

Json shown(const learning::ElementScore& score) {
  const learning::Interval interval = learning::credible_interval(score.alpha, score.beta);
  return {{"value", score.element.value},
          {"mean", score.mean()},
          {"interval", {interval.low, interval.high}},
          {"observations", score.observations}};
}

}  // namespace

Json performance_context(store::Session& session, const std::string& brand_id) {
  std::vector<learning::ElementScore> scores;
  for (const store::StoredElementScore& score : store::element_scores(session, brand_id, "")) {
    scores.push_back({.element = {score.product_id, score.dimension, score.value},
                      .alpha = score.alpha,
                      .beta = score.beta,
                      .observations = score.observations});
  }
  if (scores.empty()) return nullptr;
  learning::order_for_display(scores);
  std::map<std::string, std::vector<learning::ElementScore>> by_dimension;
  for (learning::ElementScore& score : scores)
    by_dimension[score.element.dimension].push_back(std::move(score));
  Json dimensions = Json::array();
  for (const auto& [dimension, values] : by_dimension) {
    double mean = 0;
    for (const learning::ElementScore& value : values)
      mean += value.mean() / static_cast<double>(values.size());
    Json top = Json::array();
    Json weak = Json::array();
    for (const learning::ElementScore& value : values) {
      if (learning::credible_interval(value.alpha, value.beta).high < mean) {
        weak.push_back(shown(value));
      } else if (top.size() < kBest) {
        top.push_back(shown(value));
      }
    }
    dimensions.push_back(
        {{"dimension", dimension}, {"top", std::move(top)}, {"weak", std::move(weak)}});
  }
  return {{"is_advice", true},
          {"matured_ads", store::count_rewarded_ads(session, brand_id)},
          {"dimensions", std::move(dimensions)}};
}

}  // namespace adgenome::app
