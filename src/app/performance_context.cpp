#include "performance_context.hpp"

#include <adgenome/stats/distributions.hpp>
#include <adgenome/store/element_scores.hpp>
#include <algorithm>
#include <map>
#include <vector>

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::size_t kBest = 3;
constexpr double kTail = 0.025;  // of a 95 % interval

/// A value of a dimension with what is believed of it.
struct Shown {
  store::StoredElementScore score;
  double mean = 0;
  double low = 0;
  double high = 0;
};

Shown shown(const store::StoredElementScore& score) {
  return {.score = score,
          .mean = score.alpha / (score.alpha + score.beta),
          .low = stats::beta_quantile(kTail, score.alpha, score.beta),
          .high = stats::beta_quantile(1 - kTail, score.alpha, score.beta)};
}

Json to_json(const Shown& value) {
  return {{"value", value.score.value},
          {"mean", value.mean},
          {"interval", {value.low, value.high}},
          {"observations", value.score.observations}};
}

}  // namespace

Json performance_context(store::Session& session, const std::string& brand_id) {
  std::map<std::string, std::vector<Shown>> by_dimension;
  for (const store::StoredElementScore& score : store::element_scores(session, brand_id, ""))
    by_dimension[score.dimension].push_back(shown(score));
  if (by_dimension.empty()) return nullptr;
  Json dimensions = Json::array();
  for (auto& [dimension, values] : by_dimension) {
    // Small samples do not lead.
    std::stable_sort(values.begin(), values.end(),
                     [](const Shown& a, const Shown& b) { return a.low > b.low; });
    double mean = 0;
    for (const Shown& value : values) mean += value.mean / static_cast<double>(values.size());
    Json top = Json::array();
    Json weak = Json::array();
    for (const Shown& value : values) {
      if (value.high < mean) {
        weak.push_back(to_json(value));
      } else if (top.size() < kBest) {
        top.push_back(to_json(value));
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
