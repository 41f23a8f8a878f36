#pragma once

#include <adgenome/core/records.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/ingest/performance.hpp>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conversions.hpp"
#include "row.hpp"

namespace adgenome::ingest {

/// Texts of JSON values: strings as they are, numbers written out into room of their own.
class ValueTexts {
 public:
  /// The text of a string or number; nothing for null. Throws InvalidInput for other values.
  std::string_view text(const core::RecordView& value, std::size_t room);

  static constexpr std::size_t kRooms = kFieldCount + 4;  ///< beside the fields, a few more

 private:
  std::array<std::array<char, 32>, kRooms> rooms_;
};

/// Reads records of performance: our own shape (page 2.5), and those of Meta's insights.
class JsonRows {
 public:
  explicit JsonRows(const PerformanceOptions& options);

  /// Whether a record is one of Meta's insights: they know neither platform nor platform_ad_id.
  static bool is_insight(const core::RecordView& record);

  /// Where insights have a field of ours; empty where they have none.
  static std::string insight_name(Field field, const PerformanceOptions& options);

  /// The row of a record; its views last until the next one is read. Throws InvalidInput with the
  /// place of what is bad.
  PerformanceRow own(const core::RecordView& record);
  PerformanceRow insight(const core::RecordView& record);
  /// As they come through a pipe: `ad_id`, an ad of ours, may stand there as well or instead.
  PerformanceRow piped(const core::RecordView& record, std::string_view& ad_id);

 private:
  struct Action {
    std::string_view value;
    std::size_t rung;
  };
  FieldTexts texts_of(const core::RecordView& record, std::string_view* ad_id);
  PerformanceRow made(const core::RecordView& record, FieldTexts& texts);
  std::optional<Field> given_field(std::string_view name) const;
  bool take_tag(std::string_view name, const core::RecordView& value);
  Action best_action(const EventLadder& ladder, const core::RecordView& list, std::size_t room,
                     std::optional<std::size_t> only_rung);
  const EventLadder& ladder_of(std::string_view account_id);
  void take_event(FieldTexts& texts, const core::RecordView& record);
  void take_roas(const EventLadder& ladder, FieldTexts& texts, const core::RecordView& roas);

  const PerformanceOptions& options_;
  EventLadder ladder_;
  std::map<std::string, EventLadder, std::less<>> account_ladders_;
  RowMaker maker_;
  Writing writing_;
  ValueTexts values_;
  std::vector<Tag> tags_;
  std::vector<std::optional<std::string>> tag_texts_;  // in the order asked for
  std::string roas_value_;
};

/// Reads a whole input of records.
PerformanceSummary read_json(core::Input input, const PerformanceOptions& options,
                             core::Rejects& rejects,
                             const std::function<void(const PerformanceRow&)>& take);

}  // namespace adgenome::ingest
