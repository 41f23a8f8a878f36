#include "review_document.hpp"

#include <adgenome/core/error.hpp>

namespace adgenome::app {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const creative::Evidence& evidence) {
  Json object = Json::object();
  for (const auto& [name, figure] : evidence) {
    object[name] = std::visit(
        [](const auto& value) -> Json {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
            return nullptr;
          } else {
            return value;
          }
        },
        figure);
  }
  return object;
}

Json to_json(const creative::Spread& spread) {
  Json checks = Json::object();
  for (const auto& [id, width] : spread.checks) checks[id] = width;
  return {{"repeats", spread.repeats}, {"scores", spread.scores}, {"checks", std::move(checks)}};
}

Json to_json(const creative::Disagreement& disagreement) {
  Json checks = Json::object();
  for (const auto& [id, difference] : disagreement.checks) checks[id] = difference;
  return {{"score", disagreement.score}, {"checks", std::move(checks)}};
}

// Names and figures in pairs: a store sorts the members of an object.
Json evidence_list(const creative::Evidence& evidence) {
  Json list = Json::array();
  const Json object = to_json(evidence);
  for (const auto& [name, value] : object.items()) list.push_back({name, value});
  return list;
}

creative::FigureValue figure_from(const Json& value) {
  if (value.is_null()) return std::monostate();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  return value.get<std::vector<std::string>>();
}

creative::Evidence evidence_from(const Json& list) {
  creative::Evidence evidence;
  for (const Json& pair : list) {
    evidence.emplace_back(pair.at(0).get<std::string>(), figure_from(pair.at(1)));
  }
  return evidence;
}

creative::DefectState state_from(const std::string& text) {
  for (const auto state : {creative::DefectState::kFound, creative::DefectState::kClear}) {
    if (text == creative::to_string(state)) return state;
  }
  return creative::DefectState::kNotAssessed;
}

creative::Spread spread_from(const Json& document) {
  creative::Spread spread;
  spread.repeats = document.at("repeats").get<std::int64_t>();
  spread.scores = document.at("scores").get<std::vector<double>>();
  for (const auto& [id, width] : document.at("checks").items()) {
    spread.checks.emplace_back(id, width.get<double>());
  }
  return spread;
}

}  // namespace

Json to_json(const std::vector<creative::CheckScore>& checks) {
  Json object = Json::object();
  for (const creative::CheckScore& check : checks) {
    object[check.id] = {{"score", or_null(check.score)}, {"evidence", to_json(check.evidence)}};
  }
  return object;
}

Json to_json(const std::vector<creative::Defect>& defects) {
  Json list = Json::array();
  for (const creative::Defect& defect : defects) {
    list.push_back({{"kind", defect.kind},
                    {"state", creative::to_string(defect.state)},
                    {"evidence", to_json(defect.evidence)}});
  }
  return list;
}

Json stage_to_json(const creative::ReviewStage& stage) {
  Json checks = Json::array();
  for (const creative::CheckScore& check : stage.checks) {
    checks.push_back({{"id", check.id},
                      {"score", or_null(check.score)},
                      {"evidence", evidence_list(check.evidence)}});
  }
  Json defects = Json::array();
  for (const creative::Defect& defect : stage.defects) {
    defects.push_back({{"kind", defect.kind},
                       {"state", creative::to_string(defect.state)},
                       {"evidence", evidence_list(defect.evidence)}});
  }
  return {{"stage", stage.stage},
          {"reviewer", stage.reviewer},
          {"checks", std::move(checks)},
          {"defects", std::move(defects)},
          {"spread", stage.spread ? to_json(*stage.spread) : Json()}};
}

creative::ReviewStage stage_from_json(const Json& document, const std::string& where) {
  try {
    creative::ReviewStage stage{.stage = document.at("stage").get<std::int64_t>(),
                                .reviewer = document.at("reviewer").get<std::string>()};
    for (const Json& check : document.at("checks")) {
      const Json& score = check.at("score");
      stage.checks.push_back({check.at("id").get<std::string>(),
                              score.is_null() ? std::nullopt : std::optional(score.get<double>()),
                              evidence_from(check.at("evidence"))});
    }
    for (const Json& defect : document.at("defects")) {
      stage.defects.push_back({defect.at("kind").get<std::string>(),
                               state_from(defect.at("state").get<std::string>()),
                               evidence_from(defect.at("evidence"))});
    }
    if (!document.at("spread").is_null()) stage.spread = spread_from(document.at("spread"));
    return stage;
  } catch (const nlohmann::json::exception&) {
    throw core::InvalidInput("not the answer of a reviewer", "", where);
  }
}

Json to_json(const store::AdForReview& ad, const creative::Review& review, const Judging& judging,
             bool is_cached) {
  Json stages = Json::array();
  for (const creative::ReviewStage& stage : review.stages) {
    stages.push_back(
        {{"stage", stage.stage},
         {"reviewer", stage.reviewer},
         {"score", or_null(creative::weighted_score(stage.checks, judging.rules.config))},
         {"checks", to_json(stage.checks)},
         {"defects", to_json(stage.defects)},
         {"spread", stage.spread ? to_json(*stage.spread) : Json()},
         {"error", or_null(stage.error)}});
  }
  return {{"ad_id", ad.id},
          {"verdict", creative::to_string(review.verdict)},
          {"score", or_null(review.score)},
          {"assessed_weight", or_null(review.assessed_weight)},
          {"failed_checks", review.failed_checks},
          {"not_assessed", review.not_assessed},
          {"disagreement", review.disagreement ? to_json(*review.disagreement) : Json()},
          {"stages", std::move(stages)},
          {"cached", is_cached},
          {"quality_config", judging.quality.name},
          {"arm", judging.arm.empty() ? Json() : Json(judging.arm)},
          {"retry_of", or_null(ad.retry_of)}};
}

}  // namespace adgenome::app
