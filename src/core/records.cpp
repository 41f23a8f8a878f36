#include <simdjson.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <bit>
#include <cmath>
#include <istream>

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
  Input input;
  simdjson::dom::parser parser;
  std::string raw;  // the record's text, with room behind it for the parser's padding
  std::int64_t line = 0;
  std::int64_t next_line = 1;
  std::string ahead;   // what was read of the first line to see whether it begins a page
  std::string beside;  // the list of a page, as an object
  bool started = false;
  bool in_array = false;
  bool in_page = false;
  bool is_finished = false;
  bool broken = false;

  std::string here() const { return input.name + ":" + std::to_string(line); }

  // Character by character through the buffer itself: the stream would check its state each time.
  int get() {
    const int c = input.stream->rdbuf()->sbumpc();
    if (c == '\n') ++next_line;
    return c;
  }

  int peek() { return input.stream->rdbuf()->sgetc(); }

  static bool is_blank(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  [[noreturn]] void break_off(const std::string& message) {
    broken = true;
    throw InvalidInput(message, "", here());
  }

  void skip_blank() {
    while (is_blank(peek())) get();
  }

  /// Takes `{"data": [` off the input; what was taken of anything else is left in `ahead`.
  bool take_page() {
    ahead.clear();
    for (const std::string_view part : {"{", "\"data\"", ":", "["}) {
      while (is_blank(peek())) ahead += static_cast<char>(get());
      for (const char wanted : part) {
        if (peek() != wanted) return false;
        ahead += static_cast<char>(get());
      }
    }
    ahead.clear();
    return true;
  }

  /// Decides between JSONL, one array and pages from the first characters.
  void start() {
    started = true;
    if (peek() == 0xEF) {  // byte-order mark
      get();
      get();
      get();
    }
    skip_blank();
    line = next_line;
    if (peek() == '[') {
      get();
      in_array = true;
    } else if (peek() == '{') {
      in_array = in_page = take_page();
    }
  }

  bool read_line() {
    for (;;) {
      if (ahead.empty()) line = next_line;
      const bool has_more = !std::getline(*input.stream, raw).fail();
      if (!has_more && ahead.empty()) return false;
      if (!has_more) raw.clear();
      ++next_line;
      raw.insert(0, ahead);
      ahead.clear();
      if (!trim(raw).empty()) return true;
    }
  }

  /// Behind the list: the end of the input, or the rest of a page and then the next one.
  bool enter_next_page() {
    if (in_page) read_beside();
    skip_blank();
    is_finished = peek() == std::char_traits<char>::eof();
    if (is_finished) return false;
    line = next_line;
    if (!in_page) break_off("text behind the end of the list");
    if (!take_page()) break_off("behind a page of records stands something else");
    return true;
  }

  /// What a page holds behind its list, up to the bracket that closes it.
  void read_beside() {
    skip_blank();
    line = next_line;
    beside = "{";
    if (peek() == ',') get();
    read_value([](int c) { return c == '}'; });
    get();
    beside += raw;
    beside += '}';
  }

  /// Reads into `raw` up to a character that ends it outside of brackets and quotes.
  template <class IsEnd>
  void read_value(IsEnd is_end) {
    raw.clear();
    int depth = 0;
    bool quoted = false;
    for (;;) {
      const int c = peek();
      if (c == std::char_traits<char>::eof()) break_off("the list is never closed");
      if (!quoted && depth == 0 && is_end(c)) return;
      raw += static_cast<char>(get());
      if (quoted) {
        if (c == '\\') raw += static_cast<char>(get());
        if (c == '"') quoted = false;
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      }
    }
  }

  /// Cuts the next element off the array by brackets and quotes; the parser judges its inside.
  bool read_array_element() {
    if (is_finished) return false;
    skip_blank();
    while (peek() == ']') {
      get();
      if (!enter_next_page()) return false;
      skip_blank();
    }
    line = next_line;
    read_value([](int c) { return c == ',' || c == ']'; });
    if (peek() == ',') {
      get();
      skip_blank();
      if (peek() == ']') throw InvalidInput("a comma before the end of the list", "", here());
    }
    return true;
  }
};

RecordReader::RecordReader(Input input) : state_(new State) {
  state_->input = std::move(input);
}

RecordReader::~RecordReader() {
  delete state_;
}

std::optional<RecordView> RecordReader::next() {
  State& state = *state_;
  try {
    if (!state.started) state.start();
    if (!(state.in_array ? state.read_array_element() : state.read_line())) return std::nullopt;
  } catch (const std::ios_base::failure& failure) {
    state.broken = true;
    throw InvalidInput(std::string("cannot read: ") + failure.what(), "", state.input.name);
  }
  const std::size_t size = state.raw.size();
  state.raw.reserve(size + simdjson::SIMDJSON_PADDING);
  element parsed;
  const auto error = state.parser.parse(state.raw.data(), size, false).get(parsed);
  if (error) {
    throw InvalidInput(std::string("not JSON: ") + simdjson::error_message(error), "",
                       state.here());
  }
  RecordView view;
  view.element_ = std::bit_cast<std::array<std::byte, 16>>(parsed);
  view.reader_ = this;
  return view;
}

bool RecordReader::is_broken() const {
  return state_->broken;
}
std::int64_t RecordReader::line() const {
  return state_->line;
}
bool RecordReader::is_paged() const {
  return state_->in_page;
}
std::string_view RecordReader::beside_list() const {
  return state_->beside;
}
std::string_view RecordReader::raw() const {
  return state_->raw;
}
const std::string& RecordReader::name() const {
  return state_->input.name;
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
  std::string text = reader_->state_->here();
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
