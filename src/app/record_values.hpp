#pragma once

#include <adgenome/app/records.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/store/records.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// A record as it was read, field by field; what it says lives until the next one is read.
class ReadRecord {
 public:
  /// Throws InvalidInput for a value that its field cannot hold, a required field that is missing,
  /// and under Extra::kReject for a member that no field takes.
  ReadRecord(const core::RecordView& record, const store::RecordType& type, Extra extra);

  const store::RecordType& type() const { return *type_; }
  store::RecordValues& values() { return values_; }
  const core::RecordView& record() const { return record_; }

  /// Where a field was given (null counts as given).
  const core::RecordView* given(std::string_view field) const;
  /// The text of a field; nothing where it is absent.
  std::optional<std::string> text(std::string_view field) const;
  std::optional<core::Time> time(std::string_view field) const;
  core::Json json(std::string_view field) const;  ///< null where it is absent
  void set(std::string_view field, store::Value value);

  /// Refuses the record for this field.
  [[noreturn]] void fail(std::string_view field, const std::string& message) const;

 private:
  const store::Value* value(std::string_view field) const;

  const store::RecordType* type_;
  core::RecordView record_;
  std::vector<std::optional<core::RecordView>> given_;
  store::RecordValues values_;
};

}  // namespace adgenome::app
