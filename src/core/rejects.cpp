#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/rejects.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::core {
namespace {

/// Bytes that are not UTF-8 are replaced, so that the file of rejects itself can be read.
std::string json_line(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Rejects::Rejects(const std::optional<std::string>& file, bool strict) : strict_(strict) {
  if (!file) return;
  path_ = *file;
  file_.open(path_, std::ios::binary | std::ios::trunc);
  if (!file_) throw InvalidInput("cannot write \"" + path_ + "\"", "", "option --rejects");
}

Rejects::Rejects(Sink sink) : sink_(std::move(sink)) {}

void Rejects::add(std::string_view source, std::int64_t line, const InvalidInput& error,
                  std::string_view raw) {
  if (strict_) throw error;
  ++count_;
  if (sink_) {
    sink_(source, line, error, raw);
    return;
  }
  const std::string where =
      error.where().empty() ? std::string(source) + ":" + std::to_string(line) : error.where();
  if (shown_.size() < kShown) shown_.push_back(where + ": " + error.what());
  if (path_.empty()) return;
  const Json record = {
      {"source", source}, {"line", line}, {"reason", error.what()}, {"raw", std::string(raw)}};
  file_ << json_line(record) << '\n' << std::flush;
  if (!file_) throw InvalidInput("cannot write \"" + path_ + "\"", "", "option --rejects");
}

std::int64_t read_records(RecordReader& reader, Rejects& rejects,
                          const std::function<void(const RecordView&)>& take) {
  std::int64_t count = 0;
  std::optional<InvalidInput> first;
  const std::int64_t rejected_before = rejects.count();
  for (;; ++count) {
    try {
      const std::optional<RecordView> record = reader.next();
      if (!record) break;
      take(*record);
    } catch (const InvalidInput& error) {
      if (reader.is_broken()) throw;
      rejects.add(reader.name(), reader.line(), error, reader.raw());
      if (!first) first = error;
    }
  }
  if (first && rejects.count() - rejected_before == count) throw *first;
  return count;
}

}  // namespace adgenome::core
