#include "record_values.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::app {
namespace {

using core::Json;
using core::RecordView;
using store::RecordField;
using Kind = RecordField::Kind;

/// A text that both backends can hold: PostgreSQL has no place for NUL.
std::string text_of(const RecordView& value) {
  std::string text(value.as_string());
  if (text.find('\0') != std::string::npos) value.fail("a text cannot hold the character NUL");
  return text;
}

std::string choice_of(const RecordView& value, std::string_view choices) {
  const std::string text = text_of(value);
  if (choices.empty()) return text;
  const std::vector<std::string> allowed = core::split(choices, '|');
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
    value.fail("must be one of " + core::join(allowed, ", ") + ", not \"" + text + "\"");
  }
  return text;
}

Json texts_of(const RecordView& value) {
  // One text is a list of one.
  if (value.kind() == RecordView::Kind::kString) return Json::array({text_of(value)});
  Json list = Json::array();
  value.for_each_element([&](const RecordView& item) { list.push_back(text_of(item)); });
  return list;
}

/// Texts by name; numbers and truth values are taken as their text.
Json tags_of(const RecordView& value) {
  Json tags = Json::object();
  value.for_each_member([&](std::string_view name, const RecordView& tag) {
    if (name.empty()) tag.fail("a tag has no name");
    switch (tag.kind()) {
      case RecordView::Kind::kNull:
        return;
      case RecordView::Kind::kNumber:
      case RecordView::Kind::kBool:
        tags[std::string(name)] = tag.to_json();
        return;
      default:
        tags[std::string(name)] = text_of(tag);
    }
  });
  return tags;
}

bool holds_nul(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().find('\0') != std::string::npos;
  if (!value.is_structured()) return false;
  for (const auto& item : value.items()) {
    if (value.is_object() && item.key().find('\0') != std::string::npos) return true;
    if (holds_nul(item.value())) return true;
  }
  return false;
}

Json document_of(const RecordView& value) {
  Json document = Json::parse(value.to_json());
  if (holds_nul(document)) value.fail("a text cannot hold the character NUL");
  return document;
}

store::Bytes vector_of(const RecordView& value) {
  std::string bytes;
  value.for_each_element([&](const RecordView& item) {
    const auto number = static_cast<float>(item.as_double());
    if (!std::isfinite(number)) item.fail("too large for a 32-bit float");
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  });
  if (bytes.empty()) value.fail("a vector has at least one dimension");
  return {std::move(bytes)};
}

core::Time time_of(const RecordView& value) {
  try {
    return core::parse_time(value.as_string());
  } catch (const core::InvalidInput& error) {
    if (!error.where().empty()) throw;
    value.fail(error.what());
  }
}

store::Value value_of(const RecordView& value, const RecordField& field) {
  switch (field.kind) {
    case Kind::kId:
    case Kind::kOptionalId:
      if (value.kind() == RecordView::Kind::kString) text_of(value);
      return value.as_id();
    case Kind::kText: {
      std::string text = choice_of(value, field.choices);
      if (text.empty() && field.need == RecordField::Need::kKey) value.fail("is empty");
      return text;
    }
    case Kind::kTexts:
      return store::json_value(texts_of(value));
    case Kind::kTags:
      return store::json_value(tags_of(value));
    case Kind::kJson:
      return store::json_value(document_of(value));
    case Kind::kInteger: {
      const std::int64_t number = value.as_int64();
      if (field.high > field.low && (number < field.low || number > field.high)) {
        value.fail("must be between " + std::to_string(field.low) + " and " +
                   std::to_string(field.high));
      }
      return number;
    }
    case Kind::kReal:
      return value.as_double();
    case Kind::kBoolean:
      return value.as_bool();
    case Kind::kMoney:
      return value.as_micros();
    case Kind::kVector:
      return vector_of(value);
    case Kind::kTime:
      break;
  }
  return time_of(value);
}

}  // namespace

ReadRecord::ReadRecord(const RecordView& record, const store::RecordType& type, Extra extra)
    : type_(&type), record_(record), given_(type.fields.size()) {
  values_.fields.resize(type.fields.size());
  Json extras = Json::object();
  record.for_each_member([&](std::string_view name, const RecordView& value) {
    const std::size_t i = type.index(name);
    if (i < type.fields.size()) {
      given_[i] = value;
    } else if (name != "schema" && name != "type") {
      if (extra == Extra::kReject) {
        std::vector<std::string> known;
        for (const RecordField& field : type.fields) known.emplace_back(field.name);
        const auto near = core::nearest(name, known);
        value.fail("unknown field of " + std::string(type.name) +
                   (near ? ", did you mean " + *near + "?" : ""));
      }
      extras[std::string(name)] = document_of(value);
    }
  });
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const RecordField& field = type.fields[i];
    const bool is_nothing = !given_[i] || given_[i]->is_null();
    if (is_nothing && field.need != RecordField::Need::kOptional) record.at(field.name);
    if (!given_[i]) continue;
    values_.fields[i] = is_nothing ? store::initial_value(field) : value_of(*given_[i], field);
  }
  if (extra == Extra::kKeep && !extras.empty()) values_.extra = store::json_value(extras);
}

const RecordView* ReadRecord::given(std::string_view field) const {
  const auto& view = given_[type_->index(field)];
  return view ? &*view : nullptr;
}

const store::Value* ReadRecord::value(std::string_view field) const {
  const auto& value = values_.fields[type_->index(field)];
  return value && !std::holds_alternative<std::monostate>(*value) ? &*value : nullptr;
}

std::optional<std::string> ReadRecord::text(std::string_view field) const {
  const store::Value* held = value(field);
  return held ? std::optional(std::get<std::string>(*held)) : std::nullopt;
}

std::optional<core::Time> ReadRecord::time(std::string_view field) const {
  const store::Value* held = value(field);
  return held ? std::optional(std::get<core::Time>(*held)) : std::nullopt;
}

Json ReadRecord::json(std::string_view field) const {
  const store::Value* held = value(field);
  return held ? Json::parse(std::get<std::string>(*held)) : Json();
}

void ReadRecord::set(std::string_view field, store::Value value) {
  values_.fields[type_->index(field)] = std::move(value);
}

void ReadRecord::fail(std::string_view field, const std::string& message) const {
  if (const RecordView* view = given(field)) view->fail(message);
  record_.fail(std::string(field) + ": " + message);
}

}  // namespace adgenome::app
