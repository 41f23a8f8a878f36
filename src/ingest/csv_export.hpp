#pragma once

#include <adgenome/core/csv.hpp>
#include <adgenome/core/rewindable.hpp>
#include <adgenome/ingest/performance.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mapping.hpp"
#include "row.hpp"
#include "survey.hpp"

namespace adgenome::ingest {

/// Reads delimited text: finds the header, finds out how dates and figures are written, then goes
/// back and hands over the rows. One row is in memory at a time.
class CsvExport {
 public:
  CsvExport(core::RewindableInput& input, const PerformanceOptions& options);

  PerformanceSummary read(core::Rejects& rejects,
                          const std::function<void(const PerformanceRow&)>& take);
  PerformanceExplanation explain();

 private:
  /// What a line of the file is.
  enum class Line { kRow, kBlank, kTotal, kWrongWidth };

  /// Whether the results of the row before were of the event.
  struct Results {
    std::string type;
    bool are_events = false;
  };
  /// Where the conversions of another event are found.
  struct Event {
    Event(PerformanceOptions with_event, const std::vector<std::string>& header)
        : options(std::move(with_event)),
          mapper(options),
          mapping(mapper.map({header.begin(), header.end()}, "")) {}
    PerformanceOptions options;  // the mapper refers to them
    Mapper mapper;
    Mapping mapping;
    Results results;
  };

  void find_header();
  bool find_header(char delimiter);
  void refuse_archive();
  [[noreturn]] void refuse_header();
  void to_first_row();
  Survey survey();
  Line look(FieldTexts& texts);
  bool is_total(const FieldTexts& texts) const;
  bool begins_as_total() const;
  PerformanceRow row(FieldTexts& texts, const Writing& writing);
  Event* other_event_of(const FieldTexts& texts);
  void take_conversions(FieldTexts& texts);
  void take_results(const Mapper& mapper, const Mapping& mapping, Results& before,
                    FieldTexts& texts) const;

  core::RewindableInput& input_;
  const PerformanceOptions& options_;
  Mapper mapper_;
  Mapping mapping_;
  std::vector<std::string> total_words_;
  std::unique_ptr<core::CsvReader> reader_;
  std::vector<std::string_view> cells_;
  std::int64_t rows_to_header_ = 0;
  std::int64_t header_line_ = 0;
  RowMaker maker_;
  std::vector<Tag> tags_;
  std::vector<std::string> header_;  // where accounts count different events
  std::map<std::string, std::unique_ptr<Event>> other_events_;
  Results results_;
};

}  // namespace adgenome::ingest
