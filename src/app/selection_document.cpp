#include "selection_document.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace adgenome::app {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json by_scorer(const SelectionRecord& record, const auto& value_of) {
  Json object = Json::object();
  for (std::size_t s = 0; s < record.request.weights.size(); ++s) {
    object[std::string(scoring::scorer_name(record.request.preset, s))] = value_of(s);
  }
  return object;
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// What each scorer adds to the composite.
std::vector<double> contributions_of(const scoring::SelectedItem& item,
                                     const scoring::Weights& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> contributions(weights.size());
  for (std::size_t s = 0; s < weights.size(); ++s) {
    contributions[s] = total > 0 ? weights[s] * item.scores[s] / total : 0.0;
  }
  return contributions;
}

std::string sentence_of(const scoring::Preset& preset, const scoring::SelectedItem& item,
                        const std::vector<double>& contributions) {
  std::vector<std::size_t> order(contributions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return contributions[a] > contributions[b];
  });
  std::string sentence = "composite " + short_number(item.composite);
  if (contributions[order[0]] > 0) {
    sentence += ", most of it from ";
    for (std::size_t k = 0; k < 2 && contributions[order[k]] > 0; ++k) {
      if (k > 0) sentence += " and ";
      sentence += std::string(scoring::scorer_name(preset, order[k])) + " (" +
                  short_number(contributions[order[k]]) + ")";
    }
  }
  if (item.draw_probability) {
    return sentence + "; drawn with a probability of " + short_number(*item.draw_probability);
  }
  return sentence + (item.propensity ? "; a draw takes it first with a probability of " +
                                           short_number(*item.propensity)
                                     : "; the asset gate keeps it out");
}

Json explanation_of(const SelectionRecord& record, std::size_t position) {
  const scoring::SelectedItem& item = record.selection.items[position];
  const auto contributions = contributions_of(item, record.request.weights);
  const auto& rivals = record.under_static_weights->items;
  return {{"sentence", sentence_of(record.request.preset, item, contributions)},
          {"contributions", by_scorer(record, [&](std::size_t s) { return contributions[s]; })},
          {"static_winner",
           position < rivals.size() ? Json(record.pool.ids[rivals[position].candidate]) : Json()}};
}

Json templates_of(const SelectionRecord& record) {
  Json templates = Json::array();
  for (std::size_t i = 0; i < record.selection.items.size(); ++i) {
    const scoring::SelectedItem& item = record.selection.items[i];
    Json row = {{"template_id", record.pool.ids[item.candidate]},
                {"rank", i + 1},
                {"composite", item.composite},
                {"propensity", or_null(item.propensity)},
                {"draw_probability", or_null(item.draw_probability)},
                {"scores", by_scorer(record, [&](std::size_t s) { return item.scores[s]; })}};
    if (record.under_static_weights != nullptr) row["explain"] = explanation_of(record, i);
    templates.push_back(std::move(row));
  }
  return templates;
}

/// What else the probabilities depend on, so that the same draw can be made again.
Json request_of(const SelectionRecord& record) {
  const scoring::SelectionRequest& request = record.request;
  return {{"category", or_null(record.context.category)},
          {"is_category_filter", request.is_category_filter},
          {"min_asset_score", request.gate.min_asset_score},
          {"explore_floor", request.preset.explore_floor},
          {"max_similarity", request.max_similarity}};
}

}  // namespace

Json selection_document(const SelectionRecord& record, const SelectOptions& options) {
  const scoring::Selection& selection = record.selection;
  const scoring::Weights& weights = record.request.weights;
  return {{"selection_id", options.selection_id},
          {"brand_id", or_null(record.context.brand_id)},
          {"product_id", or_null(record.context.product_id)},
          {"preset", record.request.preset.name},
          {"weights_used", by_scorer(record, [&](std::size_t s) { return weights[s]; })},
          {"weight_set", record.weights ? or_null(record.weights->id) : Json()},
          {"phase", record.weights ? or_null(record.weights->phase) : Json()},
          {"temperature", or_null(selection.temperature)},
          {"seed", core::wide_integer(options.seed)},
          {"now", core::format_time(options.now)},
          {"candidates_before_gate", selection.candidates_before_gate},
          {"candidates_after_gate", selection.candidates_after_gate},
          {"relaxed", selection.relaxed},
          {"empty", selection.candidates_after_gate == 0},
          {"reason", or_null(selection.reason)},
          {"effective_templates", or_null(selection.effective_templates)},
          {"largest_share", or_null(selection.largest_share)},
          {"repeat_rate", or_null(selection.repeat_rate)},
          {"request", request_of(record)},
          {"scorers", by_scorer(record,
                                [&](std::size_t s) {
                                  return Json{{"weight", weights[s]},
                                              {"coverage", or_null(selection.scorers[s].coverage)},
                                              {"variance", or_null(selection.scorers[s].variance)}};
                                })},
          {"warnings", selection.warnings},
          {"templates", templates_of(record)}};
}

}  // namespace adgenome::app
