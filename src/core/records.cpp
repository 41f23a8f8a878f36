#include <simdjson.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <bit>
#include <cmath>

#include "record_texts.hpp"

namespace adgenome::core {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

static_assert(sizeof(element) == 16 && std::is_trivially_copyable_v<element>);

std::string_view name_of(RecordView::Kind kind) {
  switch (kind) {
    case RecordView::Kind::kNull:
      return "null";
    case RecordView::Kind::kBool:
      return "true or false";
    case RecordView::Kind::kNumber:
      return "a number";
    case RecordView::Kind::kString:
      return "a string";
    case RecordView::Kind::kArray:
      return "a list";
    case RecordView::Kind::kObject:
      return "an object";
  }
  return "unknown";
}

}  // namespace

struct RecordReader::State {
  RecordTexts texts;
  simdjson::dom::parser parser;
};

RecordReader::RecordReader(Input input) : state_(new State) {
  state_->texts.input = std::move(input);
}

RecordReader::~RecordReader() {
  delete state_;
}

std::optional<RecordView> RecordReader::next() {
  RecordTexts& texts = state_->texts;
  try {
    if (!texts.next()) return std::nullopt;
  } catch (const std::ios_base::failure& failure) {
    texts.broken = true;
    throw InvalidInput(std::string("cannot read: ") + failure.what(), "", texts.input.name);
  }
  const std::size_t size = texts.raw.size();
  texts.raw.reserve(size + simdjson::SIMDJSON_PADDING);
  element parsed;
  const auto error = state_->parser.parse(texts.raw.data(), size, false).get(parsed);
  if (error) {
    throw InvalidInput(std::string("not JSON: ") + simdjson::error_message(error), "",
                       texts.here());
  }
  RecordView view;
  view.element_ = std::bit_cast<std::array<std::byte, 16>>(parsed);
  view.reader_ = this;
  return view;
}

bool RecordReader::is_broken() const {
  return state_->texts.broken;
}
std::int64_t RecordReader::line() const {
  return state_->texts.line;
}
bool RecordReader::is_paged() const {
  return state_->texts.in_page;
}
std::string_view RecordReader::beside_list() const {
  return state_->texts.beside;
}
std::string_view RecordReader::raw() const {
  return state_->texts.raw;
}
const std::string& RecordReader::name() const {
  return state_->texts.input.name;
}

// The view -----------------------------------------------------------------------------------

#define ELEMENT (std::bit_cast<element>(element_))

RecordView::Kind RecordView::kind() const {
  switch (ELEMENT.type()) {
    case element_type::NULL_VALUE:
      return Kind::kNull;
    case element_type::BOOL:
      return Kind::kBool;
    case element_type::STRING:
      return Kind::kString;
    case element_type::ARRAY:
      return Kind::kArray;
    case element_type::OBJECT:
      return Kind::kObject;
    default:
      return Kind::kNumber;
  }
}

std::string RecordView::where() const {
  std::string text = reader_->state_->texts.here();
  if (depth_ == 0) return text;
  text += ' ';
  for (std::size_t i = 0; i < std::min(depth_, path_.size()); ++i) {
    text += '/';
    text += path_[i];
  }
  return text;
}

void RecordView::fail(const std::string& message) const {
  throw InvalidInput(message, "", where());
}

RecordView RecordView::child(std::array<std::byte, 16> element, std::string_view key) const {
  RecordView view = *this;
  view.element_ = element;
  if (depth_ < path_.size()) view.path_[depth_] = key;
  ++view.depth_;
  return view;
}

std::string_view RecordView::as_string() const {
  std::string_view text;
  if (ELEMENT.get(text)) fail("expected a string, found " + std::string(name_of(kind())));
  return text;
}

double RecordView::as_double() const {
  double number = 0;
  if (ELEMENT.get(number) || !std::isfinite(number)) {
    fail("expected a number, found " + std::string(name_of(kind())));
  }
  return number;
}

std::int64_t RecordView::as_int64() const {
  std::int64_t number = 0;
  if (!ELEMENT.get(number)) return number;
  const double wide = as_double();
  if (wide != std::floor(wide) || std::abs(wide) >= 0x1p63) fail("expected a whole number");
  return static_cast<std::int64_t>(wide);
}

bool RecordView::as_bool() const {
  bool value = false;
  if (ELEMENT.get(value)) fail("expected true or false, found " + std::string(name_of(kind())));
  return value;
}

std::string RecordView::as_id() const {
  const element value = ELEMENT;
  if (value.is_string()) {
    const std::string_view text = as_string();
    if (text.empty()) fail("an id is empty");
    return std::string(text);
  }
  std::int64_t number = 0;
  if (!value.get(number)) return std::to_string(number);
  std::uint64_t wide = 0;
  if (!value.get(wide)) return std::to_string(wide);
  fail("expected an id as a string, found " + std::string(name_of(kind())));
}

std::int64_t RecordView::as_micros() const {
  try {
    if (ELEMENT.is_string()) return parse_micros(as_string());
    std::int64_t whole = 0;
    if (!ELEMENT.get(whole)) return parse_micros(std::to_string(whole));
    return parse_micros(format_double(as_double()));
  } catch (const InvalidInput& error) {
    if (!error.where().empty()) throw;
    fail(error.what());
  }
}

std::optional<RecordView> RecordView::find(std::string_view key) const {
  simdjson::dom::object object;
  if (ELEMENT.get(object)) fail("expected an object, found " + std::string(name_of(kind())));
  // The last of equal names counts, as in other readers; simdjson itself would take the first.
  std::optional<RecordView> found;
  for (const auto& member : object) {
    if (member.key == key) {
      found = child(std::bit_cast<std::array<std::byte, 16>>(element(member.value)), member.key);
    }
  }
  if (found && found->is_null()) return std::nullopt;
  return found;
}

RecordView RecordView::at(std::string_view key) const {
  if (auto found = find(key)) return *found;
  throw InvalidInput("\"" + std::string(key) + "\" is missing", "",
                     where() + (depth_ == 0 ? " /" : "/") + std::string(key));
}

void RecordView::for_each_member(
    const std::function<void(std::string_view, RecordView)>& visit) const {
  simdjson::dom::object object;
  if (ELEMENT.get(object)) fail("expected an object, found " + std::string(name_of(kind())));
  for (const auto& member : object) {
    visit(member.key,
          child(std::bit_cast<std::array<std::byte, 16>>(element(member.value)), member.key));
  }
}

void RecordView::for_each_element(const std::function<void(RecordView)>& visit) const {
  simdjson::dom::array array;
  if (ELEMENT.get(array)) fail("expected a list, found " + std::string(name_of(kind())));
  for (const element item : array) {
    visit(child(std::bit_cast<std::array<std::byte, 16>>(item), "*"));
  }
}

std::size_t RecordView::size() const {
  simdjson::dom::array array;
  if (!ELEMENT.get(array)) return array.size();
  simdjson::dom::object object;
  if (!ELEMENT.get(object)) return object.size();
  fail("expected a list or an object, found " + std::string(name_of(kind())));
}

std::optional<std::string> RecordView::optional_string(std::string_view key) const {
  const auto member = find(key);
  return member ? std::optional(std::string(member->as_string())) : std::nullopt;
}

std::optional<double> RecordView::optional_double(std::string_view key) const {
  const auto member = find(key);
  return member ? std::optional(member->as_double()) : std::nullopt;
}

std::optional<std::int64_t> RecordView::optional_int64(std::string_view key) const {
  const auto member = find(key);
  return member ? std::optional(member->as_int64()) : std::nullopt;
}

std::optional<bool> RecordView::optional_bool(std::string_view key) const {
  const auto member = find(key);
  return member ? std::optional(member->as_bool()) : std::nullopt;
}

std::string RecordView::to_json() const {
  return simdjson::minify(ELEMENT);
}

#undef ELEMENT

}  // namespace adgenome::core
