#include "setting_keys.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/estimate.hpp>
#include <adgenome/learning/fatigue_thresholds.hpp>
#include <adgenome/learning/maturity_thresholds.hpp>
#include <adgenome/learning/objective.hpp>
#include <adgenome/scoring/preset.hpp>
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;
using Home = SettingKey::Home;
using Type = SettingKey::Type;

constexpr std::string_view kWeights = "weights.";
constexpr std::string_view kPrices = "prices.";
constexpr double kNoLimit = 1e9;

// One row a key; it is here only if something reads it.
const SettingKey kKeys[] = {
    {.name = "name", .home = Home::kField, .type = Type::kText, .read_by = "generate, --brand"},
    {.name = "currency",
     .home = Home::kField,
     .type = Type::kText,
     .is_of_account = true,
     .read_by = "import performance, import deals"},
    {.name = "voice", .home = Home::kField, .type = Type::kText, .read_by = "generate"},
    {.name = "palette", .home = Home::kField, .type = Type::kTexts, .read_by = "generate"},
    {.name = "prohibited_claims",
     .home = Home::kField,
     .type = Type::kTexts,
     .read_by = "generate, review"},
    {.name = "required_disclaimers",
     .home = Home::kField,
     .type = Type::kTexts,
     .read_by = "generate, review"},
    {.name = "tier",
     .home = Home::kSelectionConfig,
     .type = Type::kChoice,
     .choices = "default|growth|premium",
     .default_value = "default",
     .read_by = "select"},
    {.name = "min_asset_score",
     .home = Home::kSelectionConfig,
     .type = Type::kNumber,
     .low = 0,
     .high = 1,
     .read_by = "select"},
    {.name = std::string(kWeights),
     .home = Home::kSelectionConfig,
     .type = Type::kNumber,
     .low = 0,
     .high = kNoLimit,
     .read_by = "select, learn-weights"},
    {.name = "rules",
     .home = Home::kAccountConfig,
     .type = Type::kChoice,
     .choices = "robust|classic",
     .default_value = "robust",
     .read_by = "attribute, calibrate, experiment, fatigue, generate, genome, "
                "interactions, learn-weights, review, reward, select, whitespace"},
    {.name = "objective_weights",
     .home = Home::kAccountConfig,
     .type = Type::kObjectiveWeights,
     .read_by = "reward"},
    {.name = "reviewers", .home = Home::kAccountConfig, .type = Type::kText, .read_by = "review"},
    {.name = "wording",
     .home = Home::kAccountConfig,
     .type = Type::kChoice,
     .choices = "local|gemini|openai|anthropic",
     .read_by = "generate, estimate"},
    {.name = "congruence_threshold",
     .home = Home::kAccountConfig,
     .type = Type::kNumber,
     .low = 0,
     .high = 1,
     .default_value = "0.6",
     .read_by = "generate"},
    {.name = "conversion_event",
     .home = Home::kAccountConfig,
     .type = Type::kText,
     .default_value = "purchase",
     .is_of_account = true,
     .read_by = "import performance, sync meta"},
    {.name = "attempt_cap",
     .home = Home::kAccountConfig,
     .type = Type::kNumber,
     .low = 1,
     .high = 1000,
     .default_value = "50",
     .read_by = "generate, estimate"},
    // STEP, or PROVIDER.STEP for what one provider takes; in dollars.
    {.name = std::string(kPrices),
     .home = Home::kAccountConfig,
     .type = Type::kNumber,
     .low = 0,
     .high = kNoLimit,
     .read_by = "generate, estimate"},
    {.name = "second_opinion_rate",
     .home = Home::kAccountConfig,
     .type = Type::kNumber,
     .low = 0,
     .high = 1,
     .default_value = "0.4",
     .read_by = "generate, estimate"},
    {.name = "retry_rate",
     .home = Home::kAccountConfig,
     .type = Type::kNumber,
     .low = 0,
     .high = 10,
     .default_value = "0.3",
     .read_by = "generate, estimate"},
};

template <class Thresholds>
void add_thresholds(const std::string& group,
                    std::span<const learning::Threshold<Thresholds>> thresholds,
                    std::string_view read_by, std::vector<SettingKey>& keys) {
  const Thresholds usual;
  for (const learning::Threshold<Thresholds>& threshold : thresholds) {
    keys.push_back({.name = group + "." + std::string(threshold.name),
                    .home = Home::kAccountConfig,
                    .type = Type::kNumber,
                    .low = threshold.low,
                    .high = threshold.high,
                    .default_value = core::format_double(usual.*threshold.value),
                    .is_of_account = true,
                    .read_by = read_by});
  }
}

std::vector<SettingKey> all_keys() {
  std::vector<SettingKey> keys(std::begin(kKeys), std::end(kKeys));
  add_thresholds("fatigue", learning::fatigue_thresholds(), "fatigue", keys);
  add_thresholds("maturity", learning::maturity_thresholds(), "reward, genome", keys);
  return keys;
}

bool is_family(const SettingKey& key) {
  return key.name.ends_with('.');
}

bool has_key(const SettingKey& key, const std::string& name) {
  return is_family(key) ? name.starts_with(key.name) && name.size() > key.name.size()
                        : key.name == name;
}

std::vector<std::string> members_of(const SettingKey& family) {
  if (family.name == kPrices) return creative::priced_steps();
  std::vector<std::string> names;
  for (const scoring::Scorer& scorer : scoring::scorers()) names.emplace_back(scorer.name);
  return names;
}

void check_price(const std::string& name) {
  const std::string step = name.substr(name.rfind('.') + 1);
  const std::vector<std::string> steps = creative::priced_steps();
  if (std::find(steps.begin(), steps.end(), step) != steps.end()) return;
  throw InvalidInput("no step \"" + step + "\" has a price", "steps are " + core::join(steps, ", "),
                     name);
}

Json texts_of(const std::string& name, const std::string& text) {
  if (!text.starts_with('[')) {
    Json list = Json::array();
    for (const std::string& item : core::split(text, ',')) list.push_back(core::trim(item));
    return list;
  }
  Json list = core::parse_json(text, name);
  for (const Json& item : list) {
    if (!item.is_string()) throw InvalidInput("expected a list of texts", "", name);
  }
  return list;
}

}  // namespace

std::span<const SettingKey> setting_keys() {
  static const std::vector<SettingKey> kAll = all_keys();
  return kAll;
}

bool is_group(const std::string& name) {
  return std::ranges::any_of(setting_keys(), [&](const SettingKey& key) {
    return key.home == Home::kAccountConfig && key.name.size() > name.size() + 1 &&
           key.name.starts_with(name) && key.name[name.size()] == '.';
  });
}

const SettingKey& find_setting_key(const std::string& name, bool is_of_account) {
  std::vector<std::string> known;
  for (const SettingKey& key : setting_keys()) {
    if (is_of_account ? !key.is_of_account : !key.is_of_brand) continue;
    if (has_key(key, name)) return key;
    if (!is_family(key)) {
      known.emplace_back(key.name);
      continue;
    }
    for (const std::string& member : members_of(key)) known.push_back(key.name + member);
  }
  const auto near = core::nearest(name, known);
  throw InvalidInput(
      "nothing reads a setting \"" + name + "\"" + (is_of_account ? " of an account" : ""),
      near ? "did you mean " + *near + "?" : "known: " + core::join(known, ", "));
}

std::string range_of(const SettingKey& key) {
  switch (key.type) {
    case Type::kText:
      return "a text";
    case Type::kTexts:
      return "texts separated by commas, or a JSON list";
    case Type::kBoolean:
      return "true or false";
    case Type::kNumber:
      return key.high < kNoLimit
                 ? core::format_double(key.low) + " to " + core::format_double(key.high)
                 : "a number from " + core::format_double(key.low) + " on";
    case Type::kObjectiveWeights:
      return "weights by objective, {\"SALES\": {\"ctr\": 0.2, \"conv\": 0.3, \"roas\": 0.5}}";
    case Type::kChoice:
      break;
  }
  return "one of " + core::join(core::split(key.choices, '|'), ", ");
}

Json parse_setting(const SettingKey& key, const std::string& name, const std::string& text) {
  if (text.empty()) return nullptr;
  const auto refuse = [&]() -> Json {
    throw InvalidInput("expected " + range_of(key) + ", found \"" + text + "\"", "", name);
  };
  switch (key.type) {
    case Type::kText:
      return text;
    case Type::kTexts:
      return texts_of(name, text);
    case Type::kObjectiveWeights: {
      Json table = core::parse_json(text, name);
      learning::ObjectiveTable(table, name);
      return table;
    }
    case Type::kBoolean:
      if (text != "true" && text != "false") return refuse();
      return text == "true";
    case Type::kChoice: {
      const std::vector<std::string> allowed = core::split(key.choices, '|');
      if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) return refuse();
      return text;
    }
    case Type::kNumber:
      break;
  }
  const auto number = core::to_double(text);
  if (!number || *number < key.low || *number > key.high) return refuse();
  if (key.name == kPrices) check_price(name);
  if (key.name == kWeights) {
    // The scorers themselves know which names and weights there are.
    scoring::Weights weights = scoring::built_in_preset("smart_select")->weights;
    scoring::replace_weights(weights, {{name.substr(kWeights.size()), *number}}, "weights");
  }
  return *number;
}

}  // namespace adgenome::app
