#include "genome_document.hpp"

#include <nlohmann/json.hpp>

namespace adgenome::app {

core::Json elements_json(std::vector<learning::ElementScore> scores) {
  learning::order_for_display(scores);
  core::Json list = core::Json::array();
  for (const learning::ElementScore& score : scores) {
    const learning::Interval interval = learning::credible_interval(score.alpha, score.beta);
    const std::string& scope = score.element.scope;
    list.push_back({{"product_id", scope.empty() ? core::Json() : core::Json(scope)},
                    {"dimension", score.element.dimension},
                    {"value", score.element.value},
                    {"alpha", score.alpha},
                    {"beta", score.beta},
                    {"mean", score.mean()},
                    {"interval", {interval.low, interval.high}},
                    {"observations", score.observations},
                    {"effective_observations", score.effective_observations()}});
  }
  return list;
}

core::Json genome_document(core::Json elements, core::Json summary) {
  return {{"rules", "robust"},
          {"evidence", "correlational"},
          {"elements", std::move(elements)},
          {"summary", std::move(summary)}};
}

void write_icc(const learning::Icc& icc, core::Json& summary) {
  summary["icc"] = {
      {"value", icc.value}, {"source", icc.is_fitted ? "fitted" : "default"}, {"runs", icc.runs}};
}

}  // namespace adgenome::app
