#include "genome_document.hpp"

#include <nlohmann/json.hpp>

namespace adgenome::app {

core::Json interval_json(const learning::Interval& interval) {
  return {interval.low, interval.high};
}

core::Json elements_json(std::vector<learning::ShownElement> elements,
                         const learning::ElementPriors& priors) {
  learning::order_for_display(elements);
  core::Json list = core::Json::array();
  for (const auto& [score, belief, interval] : elements) {
    const std::string& scope = score.element.scope;
    core::Json prior_json = nullptr;
    if (const auto prior = priors.of(score.element.dimension, score.element.value)) {
      prior_json = {{"alpha", prior->alpha},
                    {"beta", prior->beta},
                    {"source", priors.source(score.element.dimension)}};
    }
    list.push_back({{"product_id", scope.empty() ? core::Json() : core::Json(scope)},
                    {"dimension", score.element.dimension},
                    {"value", score.element.value},
                    {"alpha", score.alpha},
                    {"beta", score.beta},
                    {"mean", belief.mean()},
                    {"interval", interval_json(interval)},
                    {"observations", score.observations},
                    {"effective_observations", score.effective_observations()},
                    {"prior", std::move(prior_json)}});
  }
  return list;
}

core::Json genome_document(core::Json elements, core::Json summary, learning::Rules rules) {
  return {{"rules", learning::name_of(rules)},
          {"evidence", "correlational"},
          {"elements", std::move(elements)},
          {"summary", std::move(summary)}};
}

void write_icc(const learning::Icc& icc, core::Json& summary) {
  summary["icc"] = {
      {"value", icc.value}, {"source", icc.is_fitted ? "fitted" : "default"}, {"runs", icc.runs}};
}

}  // namespace adgenome::app
