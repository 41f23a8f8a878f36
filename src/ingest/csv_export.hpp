#pragma once

#include <adgenome/core/csv.hpp>
#include <adgenome/core/rewindable.hpp>
#include <adgenome/ingest/performance.hpp>
#include <functional>
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

  void find_header();
  bool find_header(char delimiter);
  void refuse_archive();
  void to_first_row();
  Survey survey();
  Line look(FieldTexts& texts);
  bool is_total(const FieldTexts& texts) const;
  bool begins_as_total() const;
  PerformanceRow row(FieldTexts& texts, const Writing& writing);
  void take_results(FieldTexts& texts);

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
  std::string result_type_;  // of the row before
  bool is_event_ = false;
};

}  // namespace adgenome::ingest
