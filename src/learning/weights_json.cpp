#include <adgenome/learning/weights.hpp>
#include <algorithm>

#include "place.hpp"

namespace adgenome::learning {
namespace {

using core::InvalidInput;
using core::Json;

constexpr std::string_view kContract = "adgenome/weights/v1";
constexpr const char* kHint = "--posteriors takes the output of an earlier learn-weights";

Json limit_json(Limit limit) {
  switch (limit) {
    case Limit::kNone:
      return nullptr;
    case Limit::kFloor:
      return "floor";
    case Limit::kCeiling:
      return "ceiling";
    case Limit::kStep:
      return "step";
  }
  return nullptr;
}

/// What to do about a scorer of which the sums know nothing.
enum class Unknown { kRefuse, kBegin };

/// The sums with one more column, of which every row says the same.
LinearSums with_constant(const LinearSums& sums, double score) {
  const std::size_t k = sums.x.size();
  LinearSums wider(k + 1);
  wider.snapshots = sums.snapshots;
  wider.n = sums.n;
  wider.y = sums.y;
  wider.yy = sums.yy;
  std::copy(sums.x.begin(), sums.x.end(), wider.x.begin());
  std::copy(sums.xy.begin(), sums.xy.end(), wider.xy.begin());
  auto products = std::copy(sums.xx.begin(), sums.xx.end(), wider.xx.begin());
  for (const double x : sums.x) *products++ = score * x;
  *products = score * score * sums.n;
  wider.x[k] = score * sums.n;
  wider.xy[k] = score * sums.y;
  return wider;
}

std::vector<BetaPosterior> beta_state(const Place& beta, const StaticWeights& static_weights,
                                      Unknown unknown) {
  std::vector<BetaPosterior> posteriors;
  for (const auto& [scorer, weight] : static_weights) {
    if (unknown == Unknown::kBegin && !beta.value.contains(scorer)) {
      posteriors.emplace_back();
      continue;
    }
    const Place entry = beta.at(scorer);
    posteriors.push_back({.alpha = entry.at("alpha").number_above(0),
                          .beta = entry.at("beta").number_above(0),
                          .observations = entry.at("observations").count()});
  }
  return posteriors;
}

LinearSums linear_state(const Place& linear, const StaticWeights& static_weights, Unknown unknown) {
  const Place names = linear.at("scorers").list();
  const std::size_t k = names.value.size();
  std::vector<std::string> order;
  for (std::size_t i = 0; i < k; ++i) order.push_back(names.at(i).text());
  LinearSums stored(k);
  stored.snapshots = linear.at("snapshots").count();
  stored.n = linear.at("n").number_from(0);
  stored.y = linear.at("sum_y").number();
  stored.yy = linear.at("sum_yy").number();
  const Place x = linear.at("sum_x").list_of(k);
  const Place xy = linear.at("sum_xy").list_of(k);
  const Place xx = linear.at("sum_xx").list_of(k);
  double* products = stored.xx.data();
  for (std::size_t i = 0; i < k; ++i) {
    stored.x[i] = x.at(i).number();
    stored.xy[i] = xy.at(i).number();
    const Place row = xx.at(i).list_of(k);
    for (std::size_t j = 0; j <= i; ++j) *products++ = row.at(j).number();
  }
  // The static weights may name fewer scorers now, or in another order.
  std::vector<std::size_t> positions;
  for (const auto& [scorer, weight] : static_weights) {
    if (std::find(order.begin(), order.end(), scorer) == order.end()) {
      if (unknown == Unknown::kRefuse) names.fail("scorer \"" + scorer + "\" is missing");
      stored = with_constant(stored, kScoreOfUnscored);
      order.push_back(scorer);
    }
    const auto found = std::find(order.begin(), order.end(), scorer);
    positions.push_back(static_cast<std::size_t>(found - order.begin()));
  }
  return stored.only(positions);
}

WeightState state_at(const Place& place, const StaticWeights& static_weights, Unknown unknown) {
  WeightState state(static_weights.size());
  state.beta = beta_state(place.at("beta"), static_weights, unknown);
  state.linear = linear_state(place.at("linear"), static_weights, unknown);
  return state;
}

}  // namespace

Json to_json(const ScorerWeight& weight) {
  Json effect = nullptr;
  Json effect_interval = nullptr;
  if (weight.effect) effect = *weight.effect;
  if (weight.effect_interval) effect_interval = *weight.effect_interval;
  return {{"scorer", weight.scorer},
          {"static_weight", weight.static_weight},
          {"alpha", weight.posterior.alpha},
          {"beta", weight.posterior.beta},
          {"observations", weight.posterior.observations},
          {"phase", name_of(weight.phase)},
          {"posterior_mean", weight.posterior.mean()},
          {"credible_interval", weight.credible_interval},
          {"effect", std::move(effect)},
          {"effect_interval", std::move(effect_interval)},
          {"learned_weight", weight.learned_weight},
          {"previous_weight", weight.previous_weight},
          {"effective_weight", weight.effective_weight},
          {"limited_by", limit_json(weight.limit)}};
}

Json to_json(const WeightState& state, const StaticWeights& static_weights) {
  Json beta = Json::object();
  Json scorers = Json::array();
  Json products = Json::array();
  for (std::size_t i = 0; i < static_weights.size(); ++i) {
    const std::string& scorer = static_weights[i].first;
    const BetaPosterior& posterior = state.beta[i];
    beta[scorer] = {{"alpha", posterior.alpha},
                    {"beta", posterior.beta},
                    {"observations", posterior.observations}};
    scorers.push_back(scorer);
    Json row = Json::array();
    for (std::size_t j = 0; j < static_weights.size(); ++j) {
      row.push_back(state.linear.product(i, j));
    }
    products.push_back(std::move(row));
  }
  return {{"beta", std::move(beta)},
          {"linear",
           {{"scorers", std::move(scorers)},
            {"snapshots", state.linear.snapshots},
            {"n", state.linear.n},
            {"sum_x", state.linear.x},
            {"sum_xx", std::move(products)},
            {"sum_xy", state.linear.xy},
            {"sum_y", state.linear.y},
            {"sum_yy", state.linear.yy}}}};
}

WeightState weight_state(const Json& state, const StaticWeights& static_weights,
                         const std::string& name) {
  return state_at({state, name}, static_weights, Unknown::kBegin);
}

WeightHistory weight_history(const Json& document, const StaticWeights& static_weights,
                             const std::string& name) {
  const Place root{document, name, "", kHint};
  const std::string contract = root.at("schema").text();
  if (contract != kContract) {
    root.at("schema").fail("expected " + std::string(kContract) + ", found " + contract);
  }
  WeightHistory history{.brand_id = root.optional_text("brand_id"),
                        .weight_set = root.optional_text("weight_set"),
                        .method = WeightMethod::kLinear,
                        .state = WeightState(static_weights.size()),
                        .effective = {}};
  const std::string method = root.at("method").text();
  if (method != "linear" && method != "beta") root.at("method").fail("expected linear or beta");
  if (method == "beta") history.method = WeightMethod::kBeta;

  history.state = state_at(root.at("state"), static_weights, Unknown::kRefuse);

  const Place scorers = root.at("scorers").list();
  for (std::size_t i = 0; i < scorers.value.size(); ++i) {
    const Place scorer = scorers.at(i);
    const std::string called = scorer.at("scorer").text();
    history.effective[called] = scorer.at("effective_weight").number_from(0);
  }
  return history;
}

StaticWeights static_weights_of(const Json& document, std::span<const std::string> scorers,
                                const std::string& name) {
  const bool is_preset = document.is_object() && document.contains("weights");
  const Json& map = is_preset ? document.at("weights") : document;
  const std::string prefix = is_preset ? "/weights" : "";
  if (!map.is_object() || map.empty()) {
    throw InvalidInput("expected a preset or a map of scorer to weight", "", name + " " + prefix);
  }
  StaticWeights weights;
  for (const auto& [scorer, weight] : map.items()) {
    if (!is_preset && scorer == "schema") continue;
    const std::string where = name + " " + prefix + "/" + scorer;
    if (std::find(scorers.begin(), scorers.end(), scorer) == scorers.end()) {
      const auto near = core::nearest(scorer, scorers);
      throw InvalidInput("no scorer \"" + scorer + "\"", near ? "did you mean " + *near + "?" : "",
                         where);
    }
    if (!weight.is_number() || !std::isfinite(weight.get<double>()) || weight.get<double>() < 0) {
      throw InvalidInput("weight of " + scorer + " is not a number of 0 or more", "", where);
    }
    weights.emplace_back(scorer, weight.get<double>());
  }
  return weights;
}

}  // namespace adgenome::learning
