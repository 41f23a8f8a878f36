#pragma once

#include <adgenome/core/records.hpp>
#include <adgenome/ingest/performance.hpp>
#include <memory>
#include <string_view>

namespace adgenome::ingest {

class JsonRows;

/// Reads records of the performance shape (page 2.5) as they come through a pipe, where `ad_id`, an
/// ad of ours, may stand beside the platform's names or instead of them.
class PerformanceRecords {
 public:
  PerformanceRecords();
  ~PerformanceRecords();
  PerformanceRecords(const PerformanceRecords&) = delete;
  PerformanceRecords& operator=(const PerformanceRecords&) = delete;

  struct Record {
    PerformanceRow row;
    std::string_view ad_id;  ///< that of the platform where none of ours is there
  };

  /// The views last until the next record is read. Throws InvalidInput with the place of what is
  /// bad.
  Record read(const core::RecordView& record);

 private:
  PerformanceOptions options_;
  std::unique_ptr<JsonRows> rows_;
};

}  // namespace adgenome::ingest
