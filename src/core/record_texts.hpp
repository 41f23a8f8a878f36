#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

namespace adgenome::core {

/// Cuts an input into the texts of its records: lines, the elements of one array, or those of the
/// lists that pages begin with.
struct RecordTexts {
  Input input;
  std::string raw;  // the record last read
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

  /// Reads the next text; false at the end.
  bool next() {
    if (!started) start();
    return in_array ? read_array_element() : read_line();
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

}  // namespace adgenome::core
