#include <adgenome/app/evaluate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "evaluation_document.hpp"

namespace adgenome::app {
namespace {

using core::RecordView;
using scoring::LoggedDraw;

/// A row: the draw under each of the wanted targets (the same but for `target`).
struct Row {
  std::int64_t draw = 1;
  bool is_rewarded = false;
  std::vector<LoggedDraw> by_target;
};

double number_in(const RecordView& value, double low, double high, bool is_low_open) {
  const double number = value.as_double();
  if (number < low || number > high || (is_low_open && number == low)) {
    value.fail("expected a number " + std::string(is_low_open ? "above " : "from ") +
               core::format_double(low) + " to " + core::format_double(high) + ", found " +
               core::format_double(number));
  }
  return number;
}

/// The probability under each target; without names the number itself.
std::vector<double> targets_of(const RecordView& value, const std::vector<std::string>& names) {
  std::vector<double> targets;
  if (names.empty()) {
    targets.push_back(number_in(value, 0, 1, false));
    return targets;
  }
  if (value.kind() != RecordView::Kind::kObject) {
    value.fail("expected an object of policy to probability, to compare " +
               core::join(names, " and "));
  }
  for (const std::string& name : names) targets.push_back(number_in(value.at(name), 0, 1, false));
  return targets;
}

Row read_row(const RecordView& record, const std::vector<std::string>& names) {
  Row row;
  LoggedDraw draw;
  draw.draw_probability = number_in(record.at("propensity"), 0, 1, true);
  if (const auto own = record.find("draw_probability")) {
    draw.draw_probability = number_in(*own, 0, 1, true);
  }
  const std::vector<double> targets = targets_of(record.at("target_propensity"), names);
  draw.model_logged = record.optional_double("model_logged");
  draw.model_target = record.optional_double("model_target");
  if (const auto reward = record.find("reward")) {
    draw.reward = reward->as_double();
    row.is_rewarded = true;
  } else {
    bool is_named = false;
    record.for_each_member(
        [&](std::string_view name, const RecordView&) { is_named = is_named || name == "reward"; });
    if (!is_named) record.at("reward");  // says that it is missing
  }
  if (const auto position = record.find("draw")) {
    row.draw = position->as_int64();
    if (row.draw < 1) position->fail("expected a whole number from 1");
  }
  for (const double target : targets) {
    draw.target = target;
    row.by_target.push_back(draw);
  }
  return row;
}

/// Selections are evaluated as soon as they are whole: those of one draw at once.
class Selections {
 public:
  Selections(const EvaluateOptions& options, const std::vector<std::string>& names)
      : evaluation_(options.estimation), comparison_(options.estimation), names_(names) {}

  void take(const RecordView& record) {
    Row row = read_row(record, names_);
    ++matured_.all;
    if (row.is_rewarded) ++matured_.rewarded;
    if (const auto id = record.find("selection_id")) {
      const std::string selection = id->as_id();
      const auto [at, is_new] = positions_.try_emplace(selection, waiting_.size());
      if (is_new) waiting_.emplace_back();
      std::vector<Row>& rows = waiting_[at->second];
      if (!record.find("draw")) row.draw = static_cast<std::int64_t>(rows.size()) + 1;
      const bool is_taken = std::any_of(rows.begin(), rows.end(),
                                        [&](const Row& other) { return other.draw == row.draw; });
      if (is_taken) {
        --matured_.all;
        if (row.is_rewarded) --matured_.rewarded;
        record.fail("selection " + selection + " has draw " + std::to_string(row.draw) + " twice");
      }
      rows.push_back(std::move(row));
    } else if (row.is_rewarded) {
      add({&row, 1});
    }
  }

  void finish() {
    for (std::vector<Row>& rows : waiting_) {
      std::sort(rows.begin(), rows.end(),
                [](const Row& a, const Row& b) { return a.draw < b.draw; });
      std::size_t leading = 0;
      while (leading < rows.size() && rows[leading].is_rewarded &&
             rows[leading].draw == static_cast<std::int64_t>(leading) + 1) {
        ++leading;
      }
      if (leading > 0) add({rows.data(), leading});
    }
  }

  const scoring::PolicyEvaluation& evaluation() const { return evaluation_; }
  const scoring::PolicyComparison& comparison() const { return comparison_; }
  EvaluationSource::Matured matured() const { return matured_; }

 private:
  void add(std::span<const Row> rows) {
    std::vector<std::vector<LoggedDraw>> draws(rows.front().by_target.size());
    for (const Row& row : rows) {
      for (std::size_t t = 0; t < draws.size(); ++t) draws[t].push_back(row.by_target[t]);
    }
    evaluation_.add(draws.front());
    if (draws.size() > 2) {
      comparison_.add(draws[1], draws[2]);
    } else if (draws.size() > 1) {
      comparison_.add(draws[0], draws[1]);
    }
  }

  scoring::PolicyEvaluation evaluation_;
  scoring::PolicyComparison comparison_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> positions_;
  std::vector<std::vector<Row>> waiting_;
  EvaluationSource::Matured matured_;
};

/// The targets that rows name, the evaluated one first; none: rows give one number.
std::vector<std::string> target_names(const EvaluateOptions& options) {
  std::vector<std::string> names;
  if (!options.compare) return names;
  const auto& [first, second] = *options.compare;
  if (options.policy && options.policy != first) names.push_back(*options.policy);
  names.push_back(first);
  names.push_back(second);
  return names;
}

}  // namespace

core::Json evaluate_input(const std::string& path, const EvaluateOptions& options,
                          core::Rejects& rejects, const std::function<void()>& on_row) {
  Selections selections(options, target_names(options));
  core::RecordReader reader(core::open_input(path));
  core::read_records(reader, rejects, [&](const RecordView& record) {
    on_row();
    selections.take(record);
  });
  selections.finish();
  EvaluationSource source{.rejected = rejects.count(),
                          .estimation = options.estimation,
                          .is_comparison = options.compare.has_value(),
                          .comparison = selections.comparison().result()};
  if (selections.matured().all > 0) source.matured["logged"] = selections.matured();
  return evaluation_document(selections.evaluation().result(), source);
}

}  // namespace adgenome::app
