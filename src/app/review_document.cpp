#include "review_document.hpp"

namespace adgenome::app {
namespace {

template <class T>
core::Json or_null(const std::optional<T>& value) {
  return value ? core::Json(*value) : core::Json();
}

core::Json to_json(const creative::Evidence& evidence) {
  core::Json object = core::Json::object();
  for (const auto& [name, figure] : evidence) {
    object[name] = std::visit(
        [](const auto& value) -> core::Json {
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

}  // namespace

core::Json to_json(const std::vector<creative::CheckScore>& checks) {
  core::Json object = core::Json::object();
  for (const creative::CheckScore& check : checks) {
    object[check.id] = {{"score", or_null(check.score)}, {"evidence", to_json(check.evidence)}};
  }
  return object;
}

core::Json to_json(const std::vector<creative::Defect>& defects) {
  core::Json list = core::Json::array();
  for (const creative::Defect& defect : defects) {
    list.push_back({{"kind", defect.kind},
                    {"state", creative::to_string(defect.state)},
                    {"evidence", to_json(defect.evidence)}});
  }
  return list;
}

core::Json to_json(const std::string& ad_id, const creative::Review& review) {
  core::Json stages = core::Json::array();
  for (const creative::ReviewStage& stage : review.stages) {
    stages.push_back({{"stage", stage.stage},
                      {"reviewer", stage.reviewer},
                      {"score", or_null(creative::weighted_score(stage.checks))},
                      {"checks", to_json(stage.checks)},
                      {"defects", to_json(stage.defects)},
                      {"error", or_null(stage.error)}});
  }
  return {{"ad_id", ad_id},
          {"verdict", creative::to_string(review.verdict)},
          {"score", or_null(review.score)},
          {"assessed_weight", or_null(review.assessed_weight)},
          {"stages", std::move(stages)},
          {"cached", false}};
}

}  // namespace adgenome::app
