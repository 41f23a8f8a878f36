#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace adgenome::creative {

/// A figure that led to a score, by the name under which it stands in `evidence`.
using FigureValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;
using Evidence = std::vector<std::pair<std::string, FigureValue>>;
FigureValue figure_or_null(const std::optional<double>& figure);

/// A check of the rubric with the weight that it has where no config says otherwise. A very low
/// auto-reject check decides alone.
struct CheckRule {
  std::string_view id;    ///< "V1"
  std::string_view name;  ///< "product accuracy"
  double weight = 0;
  bool is_auto_reject = false;
  std::string_view looks_at;  ///< what a reviewer is asked
};

/// The checks of a full review, in the order in which they are reported.
std::span<const CheckRule> rubric();
inline constexpr std::string_view kRubricVersion = "1";

/// What a reviewer says of a check: 0 to 10, or nothing, and why.
struct CheckScore {
  std::string id;
  std::optional<double> score;
  Evidence evidence;
};

/// A defect that a scan looks for.
struct DefectRule {
  std::string_view kind;
  std::string_view looks_at;
};

/// The defects that a scan looks for, in the order in which they are reported.
std::span<const DefectRule> defect_kinds();

enum class DefectState { kFound, kClear, kNotAssessed };
std::string_view to_string(DefectState state);

struct Defect {
  std::string kind;
  DefectState state = DefectState::kNotAssessed;
  Evidence evidence;
};

/// How far repeated answers of one reviewer lie apart.
struct Spread {
  std::int64_t repeats = 0;
  std::vector<double> scores;  ///< weighted, one an answer that has any
  /// Greatest less least score of each check that was scored at least twice.
  std::vector<std::pair<std::string, double>> checks;
};

/// One stage as one reviewer left it. A stage with an error has no other result.
struct ReviewStage {
  std::int64_t stage = 0;  ///< 1: defect scan, 2: full review, 3: second opinion
  std::string reviewer = {};
  std::vector<CheckScore> checks = {};
  std::vector<Defect> defects = {};
  std::optional<Spread> spread = {};  ///< where it was asked several times
  std::optional<std::string> error = {};
};

}  // namespace adgenome::creative
