#include <adgenome/core/error.hpp>
#include <adgenome/creative/quality.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace adgenome::creative {
namespace {

using core::Json;

// A number of the config by its name in the document, and the range that it may lie in.
struct Bound {
  const char* name;
  double QualityConfig::*member;
  double high;
};

constexpr Bound kBounds[] = {
    {"approve_from", &QualityConfig::approve_from, 10},
    {"flag_from", &QualityConfig::flag_from, 10},
    {"auto_reject_below", &QualityConfig::auto_reject_below, 10},
    {"second_opinion_from", &QualityConfig::second_opinion_from, 10},
    {"second_opinion_to", &QualityConfig::second_opinion_to, 10},
    {"least_assessed", &QualityConfig::least_assessed, 1},
    {"audit_rate", &QualityConfig::audit_rate, 1},
};

constexpr double kGreatestWeight = 10;

std::size_t index_of(std::string_view check) {
  const auto rules = rubric();
  const auto at = std::find_if(rules.begin(), rules.end(),
                               [&](const CheckRule& rule) { return rule.id == check; });
  return static_cast<std::size_t>(at - rules.begin());
}

void check_weights(const Json& document, std::vector<std::string>& problems) {
  const auto weights = document.find("weights");
  if (weights == document.end() || !weights->is_object()) {
    problems.emplace_back("weights: expected an object of a weight a check");
    return;
  }
  for (const CheckRule& rule : rubric()) {
    const auto weight = weights->find(std::string(rule.id));
    if (weight == weights->end()) {
      problems.push_back("weights: check " + std::string(rule.id) + " is missing");
    } else if (!weight->is_number() || !(weight->get<double>() >= 0) ||
               weight->get<double>() > kGreatestWeight) {
      problems.push_back("weights: " + std::string(rule.id) + " is no number from 0 to 10");
    }
  }
  for (const auto& [id, weight] : weights->items()) {
    if (index_of(id) == kChecks) problems.push_back("weights: no check \"" + id + "\"");
  }
}

void check_auto_reject(const Json& document, std::vector<std::string>& problems) {
  const auto checks = document.find("auto_reject");
  if (checks == document.end() || !checks->is_array()) {
    problems.emplace_back("auto_reject: expected a list of checks");
    return;
  }
  for (const Json& check : *checks) {
    if (!check.is_string() || index_of(check.get<std::string>()) == kChecks) {
      problems.push_back("auto_reject: no check " + check.dump());
    }
  }
}

}  // namespace

std::string_view to_string(Agreement agreement) {
  return agreement == Agreement::kMean ? "mean" : "or";
}

QualityConfig::QualityConfig() {
  for (std::size_t i = 0; i < kChecks; ++i) {
    weights[i] = {rubric()[i].weight, rubric()[i].is_auto_reject};
  }
}

const CheckWeight& QualityConfig::of(std::string_view check) const {
  const std::size_t at = index_of(check);
  if (at == kChecks) throw core::InvalidInput("no check \"" + std::string(check) + "\"");
  return weights[at];
}

Json to_json(const QualityConfig& config) {
  Json weights = Json::object();
  Json auto_reject = Json::array();
  for (std::size_t i = 0; i < kChecks; ++i) {
    const std::string id(rubric()[i].id);
    weights[id] = config.weights[i].weight;
    if (config.weights[i].is_auto_reject) auto_reject.push_back(id);
  }
  Json document = {{"weights", std::move(weights)}, {"auto_reject", std::move(auto_reject)}};
  for (const Bound& bound : kBounds) document[bound.name] = config.*bound.member;
  return document;
}

std::vector<std::string> quality_problems(const Json& document) {
  if (!document.is_object()) return {"expected an object"};
  std::vector<std::string> problems;
  check_weights(document, problems);
  check_auto_reject(document, problems);
  bool has_bounds = true;
  for (const Bound& bound : kBounds) {
    const auto found = document.find(bound.name);
    const bool is_valid = found != document.end() && found->is_number() &&
                          found->get<double>() >= 0 && found->get<double>() <= bound.high;
    if (!is_valid) {
      problems.push_back(std::string(bound.name) + ": expected a number from 0 to " +
                         (bound.high > 1 ? "10" : "1"));
    }
    has_bounds = has_bounds && is_valid;
  }
  for (const auto& [name, value] : document.items()) {
    const bool is_known = name == "weights" || name == "auto_reject" ||
                          std::any_of(std::begin(kBounds), std::end(kBounds),
                                      [&](const Bound& bound) { return name == bound.name; });
    if (!is_known) problems.push_back("nothing reads \"" + name + "\"");
  }
  if (!has_bounds) return problems;
  const auto number = [&](const char* name) { return document.at(name).get<double>(); };
  if (number("flag_from") >= number("approve_from")) {
    problems.emplace_back("flag_from is not below approve_from");
  }
  if (number("second_opinion_from") > number("second_opinion_to")) {
    problems.emplace_back("second_opinion_from is above second_opinion_to");
  }
  return problems;
}

QualityConfig quality_from_json(const Json& document, const std::string& where) {
  const std::vector<std::string> problems = quality_problems(document);
  if (!problems.empty()) throw core::InvalidInput(problems.front(), "", where);
  QualityConfig config;
  for (std::size_t i = 0; i < kChecks; ++i) {
    const std::string id(rubric()[i].id);
    const Json& auto_reject = document.at("auto_reject");
    config.weights[i] = {
        document.at("weights").at(id).get<double>(),
        std::find(auto_reject.begin(), auto_reject.end(), Json(id)) != auto_reject.end()};
  }
  for (const Bound& bound : kBounds) config.*bound.member = document.at(bound.name).get<double>();
  return config;
}

std::optional<double> weighted_score(std::span<const CheckScore> checks,
                                     const QualityConfig& config) {
  double weight = 0;
  double weighted = 0;
  for (const CheckScore& check : checks) {
    const double own = config.of(check.id).weight;
    const auto twins = std::count_if(checks.begin(), checks.end(),
                                     [&](const CheckScore& each) { return each.id == check.id; });
    if (twins > 1) throw core::InvalidInput("check " + check.id + " is there twice");
    if (!check.score) continue;
    if (!(*check.score >= 0 && *check.score <= 10)) {
      throw core::InvalidInput("score of " + check.id + " is outside 0 to 10");
    }
    weight += own;
    weighted += own * *check.score;
  }
  if (weight == 0) return std::nullopt;
  return weighted / weight;
}

double assessed_share(std::span<const ReviewStage> stages, const QualityConfig& config) {
  double total = 0;
  double assessed = 0;
  for (std::size_t i = 0; i < kChecks; ++i) {
    total += config.weights[i].weight;
    const bool has_score = std::any_of(stages.begin(), stages.end(), [&](const ReviewStage& stage) {
      return std::any_of(stage.checks.begin(), stage.checks.end(), [&](const CheckScore& check) {
        return check.id == rubric()[i].id && check.score;
      });
    });
    if (has_score) assessed += config.weights[i].weight;
  }
  return total > 0 ? assessed / total : 0;
}

}  // namespace adgenome::creative
