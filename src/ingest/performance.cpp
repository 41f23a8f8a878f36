#include <adgenome/core/error.hpp>
#include <adgenome/core/rewindable.hpp>
#include <adgenome/ingest/performance.hpp>
#include <adgenome/ingest/performance_records.hpp>
#include <istream>

#include "csv_export.hpp"
#include "json_rows.hpp"

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

/// Whether the first character, behind blanks and a byte-order mark, opens a JSON value.
bool is_json(core::RewindableInput& input) {
  std::istream& stream = input.stream();
  int first = stream.get();
  while (first == ' ' || first == '\t' || first == '\r' || first == '\n' || first == 0xEF ||
         first == 0xBB || first == 0xBF) {
    first = stream.get();
  }
  input.rewind();
  return first == '{' || first == '[';
}

core::Input as_input(core::RewindableInput& input) {
  input.rewind_for_good();
  auto stream = std::make_unique<std::istream>(input.stream().rdbuf());
  stream->exceptions(std::ios::badbit);
  return {.name = input.name(), .stream = std::move(stream)};
}

/// The fields as JSON records name them.
PerformanceExplanation explain_json(core::Input input, const PerformanceOptions& options) {
  core::RecordReader reader(std::move(input));
  const auto record = reader.next();
  PerformanceExplanation explanation;
  const bool is_insight =
      options.source ? options.source == "meta" : record && JsonRows::is_insight(*record);
  explanation.source = is_insight ? "meta" : "generic";
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const std::string field(field_names()[i]);
    std::string member =
        is_insight ? JsonRows::insight_name(static_cast<Field>(i), options) : field;
    if (const auto given = options.columns.find(field); given != options.columns.end())
      member = given->second;
    if (const auto constant = options.constants.find(field); constant != options.constants.end())
      member = "=" + constant->second;
    if (!member.empty()) explanation.mapping.push_back({field, member});
  }
  for (const std::string& tag : options.tag_columns)
    explanation.mapping.push_back({"tags." + tag, tag});
  explanation.date_order = options.date_order.value_or(DateOrder::kYearMonthDay);
  explanation.comma_is_decimal = false;
  return explanation;
}

void check_source(const PerformanceOptions& options) {
  if (!options.source || options.source == "meta" || options.source == "generic") return;
  throw InvalidInput("records of " + *options.source + " cannot be read, only delimited text",
                     "say --source meta or --source generic", "option --source");
}

}  // namespace

PerformanceSummary read_performance(core::Input input, const PerformanceOptions& options,
                                    core::Rejects& rejects,
                                    const std::function<void(const PerformanceRow&)>& take) {
  core::RewindableInput rewindable(std::move(input));
  if (!is_json(rewindable)) return CsvExport(rewindable, options).read(rejects, take);
  check_source(options);
  return read_json(as_input(rewindable), options, rejects, take);
}

PerformanceExplanation explain_performance(core::Input input, const PerformanceOptions& options) {
  core::RewindableInput rewindable(std::move(input));
  if (!is_json(rewindable)) return CsvExport(rewindable, options).explain();
  check_source(options);
  return explain_json(as_input(rewindable), options);
}

PerformanceRecords::PerformanceRecords() : rows_(std::make_unique<JsonRows>(options_)) {}
PerformanceRecords::~PerformanceRecords() = default;

PerformanceRecords::Record PerformanceRecords::read(const core::RecordView& record) {
  Record read;
  read.row = rows_->piped(record, read.ad_id);
  return read;
}

}  // namespace adgenome::ingest
