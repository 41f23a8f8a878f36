#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace adgenome::core {

struct Input;

/// A value of a record that was just read: cheap to copy, valid until the next record. Typed
/// access throws InvalidInput whose `where` is "file:line /json/pointer".
///
/// "Absent" means that the member is not there or is null.
class RecordView {
 public:
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind() const;
  bool is_null() const { return kind() == Kind::kNull; }

  // The value itself.
  std::string_view as_string() const;
  double as_double() const;       ///< finite
  std::int64_t as_int64() const;  ///< a whole number, also when written 3.0
  bool as_bool() const;
  /// An id: a string, or a whole number taken digit by digit.
  std::string as_id() const;
  /// A decimal in millionths, from a number (exactly as its shortest text reads) or a string.
  std::int64_t as_micros() const;

  // Members of an object.
  std::optional<RecordView> find(std::string_view key) const;  ///< nullopt where absent
  RecordView at(std::string_view key) const;                   ///< throws where absent
  void for_each_member(const std::function<void(std::string_view, RecordView)>& visit) const;
  void for_each_element(const std::function<void(RecordView)>& visit) const;
  std::size_t size() const;  ///< of an array or object

  std::optional<std::string> optional_string(std::string_view key) const;
  std::optional<double> optional_double(std::string_view key) const;
  std::optional<std::int64_t> optional_int64(std::string_view key) const;
  std::optional<bool> optional_bool(std::string_view key) const;

  /// The value as JSON text.
  std::string to_json() const;
  /// "file:line" or "file:line /pointer" of this value.
  std::string where() const;
  [[noreturn]] void fail(const std::string& message) const;

 private:
  friend class RecordReader;
  std::array<std::byte, 16> element_{};  // a simdjson::dom::element, kept out of this header
  const class RecordReader* reader_ = nullptr;
  // The path from the record, innermost last; longer paths are cut in messages.
  std::array<std::string_view, 4> path_{};
  std::size_t depth_ = 0;
  RecordView child(std::array<std::byte, 16> element, std::string_view key) const;
};

/// Reads JSONL, or one JSON array of records, or pages of records ({"data": [...], ...} with the
/// list first, one behind the other), record by record in bounded memory per record. Lines that are
/// blank are passed over. Reads JSONL as it arrives, so that pipes do not wait.
class RecordReader {
 public:
  explicit RecordReader(Input input);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// The next record, or nothing at the end. Throws InvalidInput for text that is not JSON; the
  /// reader then stands behind that line, so that a caller who collects rejects can go on.
  std::optional<RecordView> next();

  /// Whether the last error was one behind which no record can be found (a list that never ends).
  bool is_broken() const;

  /// Whether the records stand in pages, once the first one was read.
  bool is_paged() const;
  /// What stands beside the list of the page last finished, as an object.
  std::string_view beside_list() const;

  /// Line (from 1) of the record last read; in an array, the line on which it begins.
  std::int64_t line() const;
  /// The text of the record last read or refused.
  std::string_view raw() const;
  const std::string& name() const;

 private:
  friend class RecordView;
  struct State;
  State* state_;
};

}  // namespace adgenome::core
