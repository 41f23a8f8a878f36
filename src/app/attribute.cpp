#include <adgenome/app/attribute.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <deque>
#include <optional>

#include "attribution_document.hpp"
#include "strata_key.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using core::RecordView;

constexpr std::int64_t kMostTrials = std::int64_t{1} << 53;

/// Reads rows and folds them.
class AttributionReader {
 public:
  explicit AttributionReader(const AttributeOptions& options)
      : cluster_(options.cluster.empty() ? "cluster" : options.cluster), strata_(options.strata) {}

  void take(const RecordView& record) {
    tags_.clear();
    ids_.clear();
    strata_row_.clear();
    std::optional<RecordView> tags;
    std::optional<RecordView> strata;
    std::optional<RecordView> successes;
    std::optional<RecordView> trials;
    std::optional<RecordView> cluster;
    record.for_each_member([&](std::string_view name, const RecordView& value) {
      if (name == cluster_) {
        if (!value.is_null()) cluster = value;
      } else if (name == "tags") {
        tags = value;
      } else if (name == "strata") {
        if (!value.is_null()) strata = value;
      } else if (name == "successes") {
        successes = value;
      } else if (name == "trials") {
        trials = value;
      } else if (name != "cluster" && name != "schema") {
        value.fail("unknown field \"" + std::string(name) + "\"");
      }
    });
    if (!tags) record.at("tags");
    if (!successes) record.at("successes");
    if (!trials) record.at("trials");
    if (cluster.has_value() != has_clusters_.value_or(cluster.has_value())) {
      if (cluster) cluster->fail("the rows before have no \"" + cluster_ + "\"");
      record.at(cluster_);
    }
    learning::AttributionRow row;
    row.trials = count(*trials);
    row.successes = count(*successes);
    if (row.successes > row.trials) successes->fail("more successes than trials");
    if (cluster) row.cluster = text(*cluster);
    tags->for_each_member([&](std::string_view dimension, const RecordView& value) {
      if (value.is_null()) return;
      for (const auto& [other, unused] : tags_) {
        if (other == dimension) value.fail("a dimension given twice");
      }
      tags_.emplace_back(name(dimension, value), text(value));
    });
    if (strata) {
      strata->for_each_member([&](std::string_view stratum, const RecordView& value) {
        strata_row_.emplace_back(name(stratum, value), value.is_null() ? "" : text(value));
      });
    }
    // From here on nothing is found bad but the sum of all trials.
    strata_.begin_row();
    for (const auto& [stratum, value] : strata_row_) strata_.add(stratum, value);
    row.tags = tags_;
    row.stratum = strata_.end_row();
    fold_.add(row);
    has_clusters_ = cluster.has_value();
    trials_ += row.trials;
    successes_ += row.successes;
    ++rows_;
  }

  Json summary() const {
    const auto unknown = strata_.unknown();
    Json counts = Json::object();
    for (const auto& [stratum, rows] : unknown) {
      if (rows > 0) counts[stratum] = rows;
    }
    return {{"rows", rows_},
            {"successes", successes_},
            {"trials", trials_},
            {"cluster", has_clusters_.value_or(false) ? Json(cluster_) : Json()},
            {"unknown", std::move(counts)}};
  }
  std::vector<std::string> strata_names() const {
    std::vector<std::string> names;
    for (const auto& [stratum, rows] : strata_.unknown()) names.push_back(stratum);
    return names;
  }
  learning::AttributionCells finish() && { return std::move(fold_).finish(); }

 private:
  static std::int64_t count(const RecordView& value) {
    const std::int64_t number = value.as_int64();
    if (number < 0 || number > kMostTrials) value.fail("expected a whole number from 0 to 2^53");
    return number;
  }
  static std::string_view name(std::string_view member, const RecordView& value) {
    if (member.find('\0') != std::string_view::npos) value.fail("a name with a zero byte");
    return member;
  }
  /// A string or a whole number; valid to the next row.
  std::string_view text(const RecordView& value) {
    if (value.kind() != RecordView::Kind::kString) {
      return ids_.emplace_back(value.as_id());
    }
    const std::string_view string = value.as_string();
    if (string.find('\0') != std::string_view::npos) value.fail("a text with a zero byte");
    return string;
  }

  std::string cluster_;
  StrataKey strata_;
  learning::AttributionFold fold_;
  std::vector<std::pair<std::string_view, std::string_view>> tags_;
  std::vector<std::pair<std::string_view, std::string_view>> strata_row_;
  std::deque<std::string> ids_;  // texts made of numbers; views into them last for the row
  std::optional<bool> has_clusters_;
  std::int64_t rows_ = 0;
  std::int64_t successes_ = 0;
  std::int64_t trials_ = 0;
};

}  // namespace

Report attribution_from_stream(const std::string& input, core::Rejects& rejects,
                               const AttributeOptions& options) {
  AttributionReader rows(options);
  core::RecordReader reader(core::open_input(input));
  const std::int64_t read =
      core::read_records(reader, rejects, [&](const RecordView& record) { rows.take(record); });
  Json summary = {{"read", read}, {"rejected", rejects.count()}, {"outcome", "successes"}};
  summary.update(rows.summary());
  std::vector<std::string> strata = rows.strata_names();
  std::vector<std::string> notes = stratum_warnings(strata);
  summary["warnings"] = notes;
  const learning::Attribution attribution =
      learning::attribute(std::move(rows).finish(), options.seed);
  return {.document = attribution_document(attribution, options,
                                           {.names = std::move(strata), .dimensions = {}}, nullptr,
                                           std::move(summary)),
          .notes = std::move(notes)};
}

}  // namespace adgenome::app
