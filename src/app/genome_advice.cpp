#include <adgenome/app/genome.hpp>
#include <adgenome/learning/element_choice.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "genome_beliefs.hpp"
#include "genome_document.hpp"

namespace adgenome::app {

using core::Json;

SampledElement sample_element(store::Session& session, const store::Brand& brand,
                              const SampleQuery& query, const GenomeOptions& options,
                              core::RandomStream random) {
  const GenomeBeliefs beliefs = load_beliefs(session, brand, query.product_id, options);
  std::vector<std::string> values =
      query.values.empty() ? beliefs.values_of(query.dimension) : query.values;
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  SampledElement result;
  const double rate = learning::exploration_rate(beliefs.matured_ads);
  Json list = Json::array();
  if (!values.empty()) {
    std::vector<learning::Belief> of_values;
    for (const std::string& value : values) of_values.push_back(beliefs.of(query.dimension, value));
    const learning::ElementDraw draw = learning::draw_element(of_values, rate, random);
    result.value = values[draw.chosen];
    result.is_explored = draw.is_explored;
    result.propensity = draw.propensities[draw.chosen];
    // The chosen one first, then by draw.
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if ((a == draw.chosen) != (b == draw.chosen)) return a == draw.chosen;
      return draw.draws[a] > draw.draws[b];
    });
    for (const std::size_t i : order) {
      const auto own = beliefs.own.find({query.dimension, values[i]});
      list.push_back({{"rank", list.size() + 1},
                      {"value", values[i]},
                      {"draw", draw.draws[i]},
                      {"propensity", draw.propensities[i]},
                      {"mean", of_values[i].mean()},
                      {"interval", interval_json(learning::credible_interval(of_values[i].alpha,
                                                                             of_values[i].beta))},
                      {"observations", own == beliefs.own.end() ? 0 : own->second.observations}});
    }
  }
  result.document = {{"brand_id", brand.id},
                     {"rules", learning::name_of(options.rules)},
                     {"dimension", query.dimension},
                     {"choice", values.empty() ? Json() : Json(result.value)},
                     {"choice_reason", values.empty()       ? Json()
                                       : result.is_explored ? Json("explored")
                                                            : Json("sampled")},
                     {"propensity", values.empty() ? Json() : Json(result.propensity)}};
  write_level(beliefs, result.document);
  result.document["reason"] = values.empty() ? Json("no_scores") : Json();
  result.document["values"] = std::move(list);
  return result;
}

Json genome_score(store::Session& session, const store::Brand& brand,
                  const std::map<std::string, std::string>& tags, const std::string& product_id,
                  const GenomeOptions& options) {
  const GenomeBeliefs beliefs = load_beliefs(session, brand, product_id, options);
  std::vector<learning::Belief> known;
  Json elements = Json::array();
  Json unknown = Json::array();
  for (const auto& [dimension, value] : tags) {
    if (!beliefs.is_known(dimension, value)) {
      unknown.push_back({{"dimension", dimension}, {"value", value}});
      continue;
    }
    const learning::Belief belief = beliefs.of(dimension, value);
    known.push_back(belief);
    const auto own = beliefs.own.find({dimension, value});
    elements.push_back(
        {{"dimension", dimension},
         {"value", value},
         {"mean", belief.mean()},
         {"interval", interval_json(learning::credible_interval(belief.alpha, belief.beta))},
         {"observations", own == beliefs.own.end() ? 0 : own->second.observations},
         {"weight", 1 / belief.variance()}});
  }
  double precision = 0;
  for (const learning::Belief& belief : known) precision += 1 / belief.variance();
  for (Json& element : elements) {
    element["weight"] = element["weight"].get<double>() / precision;
  }
  Json document = {{"brand_id", brand.id},
                   {"rules", learning::name_of(options.rules)},
                   {"product_id", product_id.empty() ? Json() : Json(product_id)},
                   {"score", nullptr},
                   {"interval", nullptr}};
  if (!known.empty()) {
    const learning::TagScore score = learning::score_tags(known);
    document["score"] = score.score;
    document["interval"] = interval_json(score.interval);
  }
  document["cold_start_level"] = learning::number_of(beliefs.level);
  document["evidence"] = "correlational";
  document["elements"] = std::move(elements);
  document["unknown"] = std::move(unknown);
  document["reason"] = !known.empty() ? Json() : Json(tags.empty() ? "no_tags" : "no_scores");
  return document;
}

}  // namespace adgenome::app
