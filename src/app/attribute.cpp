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

/// Rows that are folded together.
struct FoldedRows {
  explicit FoldedRows(const std::vector<std::string>& strata_names) : strata(strata_names) {}

  StrataKey strata;
  learning::AttributionFold fold;
  std::int64_t rows = 0;
  std::int64_t successes = 0;
  std::int64_t trials = 0;
};

/// Reads rows and folds them: those of a cluster, and apart from them those of none, which count
/// only where no row has one.
class AttributionReader {
 public:
  explicit AttributionReader(const AttributeOptions& options)
      : cluster_(options.cluster.empty() ? "cluster" : options.cluster),
        of_clusters_(options.strata),
        of_none_(options.strata) {}

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
    FoldedRows& folded = row.cluster.empty() ? of_none_ : of_clusters_;
    folded.strata.begin_row();
    for (const auto& [stratum, value] : strata_row_) folded.strata.add(stratum, value);
    row.tags = tags_;
    row.stratum = folded.strata.end_row();
    folded.fold.add(row);
    folded.trials += row.trials;
    folded.successes += row.successes;
    ++folded.rows;
  }

  Json summary() const {
    const auto unknown = used().strata.unknown();
    Json counts = Json::object();
    for (const auto& [stratum, rows] : unknown) {
      if (rows > 0) counts[stratum] = rows;
    }
    return {{"rows", used().rows},
            {"without_cluster", of_none_.rows},
            {"successes", used().successes},
            {"trials", used().trials},
            {"cluster", has_clusters() ? Json(cluster_) : Json()},
            {"unknown", std::move(counts)}};
  }
  std::vector<std::string> strata_names() const {
    std::vector<std::string> names;
    for (const auto& [stratum, rows] : used().strata.unknown()) names.push_back(stratum);
    return names;
  }
  std::vector<std::string> warnings() const {
    std::vector<std::string> warnings = stratum_warnings(strata_names());
    if (has_clusters() && of_none_.rows > 0) {
      warnings.push_back(std::to_string(of_none_.rows) + " rows without \"" + cluster_ +
                         "\" are left out: other rows have one");
    }
    return warnings;
  }
  learning::AttributionCells finish() && {
    return std::move(has_clusters() ? of_clusters_ : of_none_).fold.finish();
  }

 private:
  bool has_clusters() const { return of_clusters_.rows > 0; }
  const FoldedRows& used() const { return has_clusters() ? of_clusters_ : of_none_; }

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
  FoldedRows of_clusters_;
  FoldedRows of_none_;
  std::vector<std::pair<std::string_view, std::string_view>> tags_;
  std::vector<std::pair<std::string_view, std::string_view>> strata_row_;
  std::deque<std::string> ids_;  // texts made of numbers; views into them last for the row
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
  std::vector<std::string> notes = rows.warnings();
  summary["warnings"] = notes;
  const learning::Attribution attribution =
      learning::attribute(std::move(rows).finish(), options.seed);
  return {.document = attribution_document(attribution, options,
                                           {.names = std::move(strata), .dimensions = {}}, nullptr,
                                           std::move(summary)),
          .notes = std::move(notes)};
}

}  // namespace adgenome::app
