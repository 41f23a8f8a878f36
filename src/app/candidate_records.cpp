#include "candidate_records.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;
using core::RecordView;
using scoring::Candidate;
using scoring::Evaluation;
using scoring::Usage;

constexpr std::array<std::string_view, 5> kStages{"unaware", "problem_aware", "solution_aware",
                                                  "product_aware", "most_aware"};
constexpr const char* kExpectedStage = "expected a stage from 1 to 5 or its name";

std::optional<int> stage_number(std::int64_t number) {
  if (number < 1 || number > 5) return std::nullopt;
  return static_cast<int>(number);
}

std::optional<int> stage_of_name(std::string_view name) {
  const auto found = std::find(kStages.begin(), kStages.end(), name);
  if (found == kStages.end()) return std::nullopt;
  return static_cast<int>(found - kStages.begin()) + 1;
}

int stage_of(const RecordView& value) {
  const auto stage = value.kind() == RecordView::Kind::kString ? stage_of_name(value.as_string())
                                                               : stage_number(value.as_int64());
  if (!stage) value.fail(kExpectedStage);
  return *stage;
}

core::Time time_of(const RecordView& value) {
  try {
    return core::parse_time(value.as_string());
  } catch (const InvalidInput& error) {
    if (!error.where().empty()) throw;
    throw InvalidInput(error.what(), error.hint(), value.where());
  }
}

std::optional<std::string_view> text_of(const RecordView& value) {
  const std::string_view text = value.as_string();
  return text.empty() ? std::nullopt : std::optional(text);
}

Evaluation evaluation_of(const RecordView& value) {
  Evaluation evaluation{.is_given = true};
  constexpr std::array<std::string_view, 5> kNames{"d1", "d2", "d3", "d4", "d5"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto member = value.find(kNames[i]);
    if (!member) continue;
    const std::int64_t points = member->as_int64();
    if (points < 0 || points > 3) member->fail("expected 0 to 3");
    evaluation.d[i] = static_cast<std::int8_t>(points);
  }
  if (const auto compliant = value.optional_bool("d6")) evaluation.is_compliant = *compliant;
  return evaluation;
}

double posterior_mean_of(const RecordView& value) {
  const double alpha = value.at("alpha").as_double();
  const double beta = value.at("beta").as_double();
  if (alpha <= 0 || beta <= 0) value.fail("alpha and beta are above 0");
  return alpha / (alpha + beta);
}

void read_combination(const RecordView& value, Candidate& candidate) {
  if (const auto uses = value.find("times_used")) {
    candidate.combination_uses = uses->as_int64();
    if (*candidate.combination_uses < 0) uses->fail("a number of uses is not negative");
  }
  if (const auto last = value.find("last_used_at"))
    candidate.combination_last_used = time_of(*last);
}

void read_whole_number(const char* member, const std::optional<double>& found, std::int32_t& target,
                       const std::function<void(const char*, const std::string&)>& refuse) {
  if (!found) return;
  if (*found < 1 || *found > 1e9 || *found != std::floor(*found)) {
    refuse(member, "expected a whole number from 1");
  }
  target = static_cast<std::int32_t>(*found);
}

/// What the members of one record say together.
struct Row {
  Candidate candidate;
  std::string id;
  std::optional<bool> is_unused;
  std::optional<core::Time> last_used;
};

/// False for a member that candidates do not have.
bool read_member(std::string_view name, const RecordView& value, Row& row) {
  Candidate& candidate = row.candidate;
  if (name == "id") {
    row.id = value.as_id();
  } else if (name == "category") {
    candidate.category = text_of(value);
  } else if (name == "awareness_level") {
    candidate.awareness_level = stage_of(value);
  } else if (name == "target_sex") {
    candidate.target_sex = text_of(value);
  } else if (name == "required_assets") {
    value.for_each_element(
        [&](RecordView tag) { candidate.required_assets.push_back(tag.as_string()); });
  } else if (name == "detected") {
    candidate.is_detected = value.as_bool();
  } else if (name == "is_unused") {
    row.is_unused = value.as_bool();
  } else if (name == "last_used_at") {
    row.last_used = time_of(value);
  } else if (name == "evaluation") {
    candidate.evaluation = evaluation_of(value);
  } else if (name == "performance") {
    candidate.posterior_mean = posterior_mean_of(value);
  } else if (name == "combo") {
    read_combination(value, candidate);
  } else if (name == "ad_library") {
    candidate.ad_library = read_ad_library(
        [&](const char* member) { return value.optional_double(member); },
        [&](const char* member, const std::string& message) { value.at(member).fail(message); });
  } else if (name == "embedding") {
    value.for_each_element([&](RecordView element) {
      candidate.embedding.push_back(static_cast<float>(element.as_double()));
      if (!std::isfinite(candidate.embedding.back())) element.fail("out of range");
    });
  } else {
    return name == "schema";
  }
  return true;
}

Usage usage_of(const Row& row) {
  if (row.is_unused.value_or(!row.last_used)) return {};
  return row.last_used ? Usage::at(*row.last_used) : Usage::date_unknown();
}

std::string unknown_member(const std::string& what, const std::string& name) {
  return what + " member \"" + name + "\" is not known and not used";
}

std::optional<std::string> id_member(const Json& document, const char* name,
                                     const std::string& where) {
  const Json value = document.value(name, Json());
  if (value.is_null()) return std::nullopt;
  if (value.is_number_integer()) return core::dump(value);
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) return value;
  throw InvalidInput("expected an id as a string", "", where + name);
}

std::optional<std::string> text_member(const Json& document, const char* name,
                                       const std::string& where) {
  const Json value = document.value(name, Json());
  if (value.is_null() || value == "") return std::nullopt;
  if (!value.is_string()) throw InvalidInput("expected a string", "", where + name);
  return value;
}

std::optional<int> stage_member(const Json& document, const char* name, const std::string& where) {
  const Json value = document.value(name, Json());
  if (value.is_null()) return std::nullopt;
  std::optional<int> stage;
  if (value.is_string()) stage = stage_of_name(value.get_ref<const std::string&>());
  if (value.is_number_integer()) stage = stage_number(value.get<std::int64_t>());
  if (!stage) throw InvalidInput(kExpectedStage, "", where + name);
  return stage;
}

}  // namespace

std::optional<int> parse_stage(std::string_view text) {
  const auto number = core::to_int64(text);
  return number ? stage_number(*number) : stage_of_name(text);
}

scoring::AdLibrary read_ad_library(
    const std::function<std::optional<double>(const char* member)>& number,
    const std::function<void(const char* member, const std::string& message)>& refuse) {
  scoring::AdLibrary ad;
  const auto whole = [&](const char* member, std::int32_t& target) {
    read_whole_number(member, number(member), target, refuse);
  };
  whole("best_position", ad.best_position);
  whole("latest_position", ad.latest_position);
  whole("total", ad.total);
  whole("variants", ad.variants);
  if (const auto age = number("age_days")) {
    if (*age < 0) refuse("age_days", "an age is not negative");
    ad.age_days = *age;
  }
  return ad;
}

scoring::Pool read_candidates(core::RecordReader& reader, std::vector<std::string>& warnings,
                              std::string* lines) {
  scoring::Pool pool;
  std::unordered_set<std::string> ids;
  std::map<std::string, std::int64_t> unknown;
  Row row;
  while (const auto record = reader.next()) {
    row.candidate = {};
    row.id.clear();
    row.is_unused.reset();
    row.last_used.reset();
    record->for_each_member([&](std::string_view name, RecordView value) {
      if (!value.is_null() && !read_member(name, value, row)) ++unknown[std::string(name)];
    });
    if (row.id.empty()) record->at("id");  // says that it is missing
    row.candidate.id = row.id;
    row.candidate.product_usage = usage_of(row);
    if (!ids.insert(row.id).second) record->at("id").fail("candidate " + row.id + " occurs twice");
    pool.add(row.candidate);
    if (lines != nullptr) *lines += record->to_json() + '\n';
  }
  for (const auto& [name, count] : unknown) warnings.push_back(unknown_member("candidate", name));
  return pool;
}

scoring::Context parse_context(const Json& document, const std::string& source,
                               std::vector<std::string>& warnings) {
  if (!document.is_object()) throw InvalidInput("expected an object", "", source);
  constexpr std::array<std::string_view, 7> kMembers{"brand_id", "product_id",      "asset_tags",
                                                     "category", "awareness_stage", "target_sex",
                                                     "schema"};
  for (const auto& [name, value] : document.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) {
      warnings.push_back(unknown_member("context", name));
    }
  }
  const std::string where = source + " /";
  scoring::Context context{.brand_id = id_member(document, "brand_id", where),
                           .product_id = id_member(document, "product_id", where),
                           .category = text_member(document, "category", where),
                           .awareness_stage = stage_member(document, "awareness_stage", where),
                           .target_sex = text_member(document, "target_sex", where)};
  const Json tags = document.value("asset_tags", Json());
  if (tags.is_null()) return context;
  if (!tags.is_array()) throw InvalidInput("expected a list of tags", "", where + "asset_tags");
  context.asset_tags.emplace();
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!tags[i].is_string()) {
      throw InvalidInput("expected a string", "", where + "asset_tags/" + std::to_string(i));
    }
    context.asset_tags->push_back(tags[i]);
  }
  return context;
}

}  // namespace adgenome::app
