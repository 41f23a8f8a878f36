#include <adgenome/app/experiment_analysis.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using Builders = std::map<std::string, stats::SampleBuilder, std::less<>>;

// Squares of larger values leave the range of doubles.
constexpr double kMostMagnitude = 1e150;

/// Rows whose units are not independent would be judged by tests that do not hold for them, so
/// the whole input is refused rather than the row.
void refuse_unsupported(const core::RecordView& row) {
  for (const char* member : {"cluster", "day", "covariate", "numerator", "denominator"}) {
    if (!row.find(member)) continue;
    throw core::Error(core::ExitCode::kInvalidInput,
                      "rows with \"" + std::string(member) + "\" are not supported yet",
                      "rows hold arm, value and count, each value being a unit of its own",
                      row.where());
  }
}

void take_row(const core::RecordView& row, Builders& builders) {
  refuse_unsupported(row);
  const std::string arm = row.at("arm").as_id();
  const core::RecordView value_member = row.at("value");
  const double value = value_member.as_double();
  if (std::abs(value) > kMostMagnitude) value_member.fail("expected a number within +-1e150");
  std::int64_t count = 1;
  if (const auto given = row.find("count")) {
    count = given->as_int64();
    if (count < 0) given->fail("expected a whole number from 0");
  }
  builders[arm].add(value, count);
}

}  // namespace

core::Json analyze_experiment_rows(const std::string& path, core::Rejects& rejects,
                                   const experiments::AnalysisOptions& options) {
  core::RecordReader reader(core::open_input(path));
  Builders builders;
  const std::int64_t read = core::read_records(
      reader, rejects, [&](const core::RecordView& row) { take_row(row, builders); });

  std::vector<experiments::Arm> arms;
  for (auto& [name, builder] : builders) {
    arms.push_back({.name = name, .sample = std::move(builder).build()});
  }
  core::Json document = {{"kind", "generation"}};
  document.update(experiments::to_json(experiments::analyze(std::move(arms), options)));
  document["read"] = read;
  document["rejected"] = rejects.count();
  return document;
}

}  // namespace adgenome::app
