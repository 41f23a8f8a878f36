#include "columns.hpp"

#include <adgenome/core/embedded.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/json.hpp>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "fields.hpp"
#include "header_text.hpp"

namespace adgenome {

extern const std::span<const core::EmbeddedFile> ingest_files;

namespace ingest {
namespace {

using core::InvalidInput;
using core::Json;

constexpr std::array<std::string_view, 4> kSources = {"meta", "google", "tiktok", "generic"};

bool is_known(std::string_view what) {
  for (const std::string_view prefix : {"conversions.", "conversion_value."}) {
    if (what.starts_with(prefix) && what.size() > prefix.size()) return true;
  }
  constexpr std::array<std::string_view, 5> kOthers = {"spend_micros", "results", "result_type",
                                                       "breakdowns", "totals"};
  return field_named(what) || std::ranges::find(kOthers, what) != kOthers.end();
}

[[noreturn]] void refuse(const std::string& file, const std::string& pointer,
                         const std::string& message) {
  throw InvalidInput(message, "see adgenome schema columns", file + " " + pointer);
}

const Json& object_at(const Json& value, const std::string& file, const std::string& pointer) {
  if (!value.is_object()) refuse(file, pointer, "expected an object");
  return value;
}

}  // namespace

ColumnTable::ColumnTable(const std::optional<std::string>& file) {
  add(ingest_files.front().bytes, "columns.json", false);
  if (file) add(core::read_all(*file), *file, true);
}

/// Names of the same rank come in the order of their languages, so that no language's second best
/// comes before another's best.
void ColumnTable::add(std::string_view text, const std::string& file, bool is_first) {
  const Json document = core::parse_json(text, file);
  for (const auto& [key, value] : object_at(document, file, "/").items()) {
    if (key != "schema" && key != "sources")
      refuse(file, "/" + key, "unknown field \"" + key + "\"");
  }
  if (!document.contains("sources")) refuse(file, "/sources", "\"sources\" is missing");
  std::map<std::string, std::vector<std::vector<ColumnName>>> added;  // by rank
  for (const auto& [source, languages] : object_at(document["sources"], file, "/sources").items()) {
    const std::string at = "/sources/" + source;
    if (std::ranges::find(kSources, source) == kSources.end())
      refuse(file, at, "no source \"" + source + "\": known are meta, google, tiktok and generic");
    for (const auto& [language, columns] : object_at(languages, file, at).items()) {
      for (const auto& [what, names] : object_at(columns, file, at + "/" + language).items()) {
        const std::string pointer = at + "/" + language + "/" + what;
        if (!is_known(what)) refuse(file, pointer, "no field \"" + what + "\" to name columns for");
        if (!names.is_array()) refuse(file, pointer, "expected a list of names");
        auto& ranks = added[source + " " + what];
        for (std::size_t rank = 0; rank < names.size(); ++rank) {
          if (!names[rank].is_string()) refuse(file, pointer, "expected a list of names");
          if (ranks.size() <= rank) ranks.resize(rank + 1);
          ranks[rank].push_back({folded(names[rank].get_ref<const std::string&>()), language});
        }
      }
    }
  }
  for (const auto& [key, ranks] : added) {
    std::vector<ColumnName> names;
    for (const auto& rank : ranks) names.insert(names.end(), rank.begin(), rank.end());
    auto& all = names_[key];
    all.insert(is_first ? all.begin() : all.end(), names.begin(), names.end());
  }
}

const std::vector<ColumnName>& ColumnTable::names(std::string_view source,
                                                  std::string_view what) const {
  static const std::vector<ColumnName> none;
  std::string key(source);
  key += ' ';
  key += what;
  const auto found = names_.find(key);
  return found == names_.end() ? none : found->second;
}

}  // namespace ingest
}  // namespace adgenome
