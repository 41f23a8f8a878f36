#include "attribution_document.hpp"

#include <algorithm>

namespace adgenome::app {
namespace {

using core::Json;
using learning::ElementAttribution;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json interval_json(const std::optional<stats::Interval>& interval) {
  return interval ? Json::array({interval->lower, interval->upper}) : Json();
}

Json naive_json(const ElementAttribution::Naive& naive) {
  return {{"assumes_independent_trials", true},
          {"interval", interval_json(naive.interval)},
          {"cmh_chi2", or_null(naive.chi_squared)},
          {"cmh_p", or_null(naive.p)},
          {"cmh_p_corrected", or_null(naive.p_corrected)},
          {"q", or_null(naive.q)},
          {"breslow_day_p", or_null(naive.breslow_day_p)},
          {"consistent", naive.is_consistent},
          {"reported", naive.is_reported}};
}

Json element_json(const ElementAttribution& element, bool is_classic) {
  const bool is_reported = is_classic ? element.naive.is_reported : element.is_reported;
  Json confounded = Json::array();
  for (const learning::TagValue& other : element.confounded_with) {
    confounded.push_back({{"dimension", other.dimension}, {"value", other.value}});
  }
  return {{"dimension", element.tag.dimension},
          {"value", element.tag.value},
          {"odds_ratio", or_null(element.odds_ratio)},
          {"log_odds_ratio", or_null(element.log_odds_ratio)},
          {"shrunk_log_odds_ratio", or_null(element.shrunk_log_odds_ratio)},
          {"se_jackknife", or_null(element.se_jackknife)},
          {"df", or_null(element.df)},
          {"interval", interval_json(element.interval)},
          {"p", or_null(element.p)},
          {"permutation_p", or_null(element.permutation_p)},
          {"q", or_null(element.q)},
          {"design_effect", or_null(element.design_effect)},
          {"clusters_with", element.clusters_with},
          {"clusters_without", element.clusters_without},
          {"strata", element.strata},
          {"weight_consistent", or_null(element.weight_consistent)},
          {"crude_odds_ratio", or_null(element.crude_odds_ratio)},
          {"simpsons_paradox", element.is_simpsons_paradox},
          {"confounded_with", std::move(confounded)},
          {"reported", is_reported},
          // Too few clusters for robust rules are no reason where classic ones report.
          {"reason", element.reason.empty() || is_reported ? Json() : Json(element.reason)},
          {"evidence", "correlational"},
          {"naive", naive_json(element.naive)}};
}

/// By dimension, the strata within which its elements are not compared, as they are made of it.
Json left_out(const learning::Attribution& attribution, const StrataNames& strata) {
  Json left_out = Json::object();
  for (const std::string& name : strata.names) {
    const std::string dimension(learning::dimension_of_stratum(strata.dimensions, name));
    const bool has_elements = std::ranges::any_of(
        attribution.elements,
        [&](const ElementAttribution& element) { return element.tag.dimension == dimension; });
    if (has_elements) left_out[dimension].push_back(name);
  }
  return left_out;
}

}  // namespace

std::vector<std::string> stratum_warnings(const std::vector<std::string>& strata) {
  std::vector<std::string> warnings;
  for (const std::string& name : strata) {
    if (!learning::is_post_treatment(name)) continue;
    warnings.push_back("post_treatment_stratum: " + name +
                       " is a result of performance: comparing within it may hide or invent what "
                       "an element does");
  }
  return warnings;
}

Json attribution_document(const learning::Attribution& attribution, const AttributeOptions& options,
                          const StrataNames& strata, Json brand_id, Json summary) {
  Json elements = Json::array();
  std::int64_t reported = 0;
  for (const ElementAttribution& element : attribution.elements) {
    elements.push_back(element_json(element, options.is_classic));
    reported += elements.back()["reported"].get<bool>();
  }
  Json dimensions = Json::array();
  for (const learning::DimensionSpread& spread : attribution.dimensions) {
    dimensions.push_back({{"dimension", spread.dimension},
                          {"values", spread.values},
                          {"tau2", spread.tau2},
                          {"mean_log_odds_ratio", spread.mean},
                          {"reason", spread.tau2 > 0 ? Json() : Json("no_differences_found")}});
  }
  summary["strata"] = strata.names;
  summary["strata_left_out"] = left_out(attribution, strata);
  summary["clusters"] = attribution.clusters;
  summary["elements"] = attribution.elements.size();
  summary["reported"] = reported;
  summary["reason"] = attribution.elements.empty() ? Json("no_rows") : Json();
  return {{"brand_id", std::move(brand_id)}, {"rules", options.is_classic ? "classic" : "robust"},
          {"evidence", "correlational"},     {"seed", core::wide_integer(options.seed)},
          {"elements", std::move(elements)}, {"dimensions", std::move(dimensions)},
          {"summary", std::move(summary)}};
}

}  // namespace adgenome::app
