#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::core {

class RecordReader;
class RecordView;
struct InvalidInput;

/// What becomes of bad rows: they are counted, the first five are kept to be shown, and all go
/// to a file of JSON lines (source, line, reason, raw) where one was asked for. Under `strict`
/// the first one ends the command.
class Rejects {
 public:
  using Sink = std::function<void(std::string_view source, std::int64_t line,
                                  const InvalidInput& error, std::string_view raw)>;

  /// Throws InvalidInput where the file cannot be written.
  explicit Rejects(const std::optional<std::string>& file = std::nullopt, bool strict = false);

  /// Counts bad rows and hands them on, as they are.
  explicit Rejects(Sink sink);

  void add(std::string_view source, std::int64_t line, const InvalidInput& error,
           std::string_view raw);

  /// Whether the text of a bad row goes anywhere.
  bool keeps_raw() const { return !path_.empty(); }
  std::int64_t count() const { return count_; }
  /// The first five as "where: reason".
  const std::vector<std::string>& shown() const { return shown_; }

 private:
  static constexpr std::size_t kShown = 5;

  std::string path_;
  std::ofstream file_;
  bool strict_ = false;
  Sink sink_;
  std::int64_t count_ = 0;
  std::vector<std::string> shown_;
};

/// Calls `take` with every record. InvalidInput out of the text or out of `take` makes the record
/// a reject. Returns how many records there were, bad ones included. An input of which nothing at
/// all could be used is refused with the reason of its first record.
std::int64_t read_records(RecordReader& reader, Rejects& rejects,
                          const std::function<void(const RecordView&)>& take);

}  // namespace adgenome::core
