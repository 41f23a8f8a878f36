#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/outcome.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// Where the quartiles of a component come from.
enum class BaselineSource { kBrand, kOrganization, kConstants };
std::string_view name_of(BaselineSource source);

struct ComponentBaseline {
  double p25 = 0;
  double p75 = 0;
  BaselineSource source = BaselineSource::kConstants;
  std::int64_t ads = 0;  ///< on which the quartiles rest; 0 for the constants
};

/// Against what ads are measured. Robust: those of a quarter, against the ads that were mature when
/// it began, as they were known then, so that it holds still for the quarter. Classic: against the
/// ads that are mature now, by their raw rates.
struct Baseline {
  core::Day since;  ///< the quarter's first day; under classic rules the day of the run
  PerComponent<ComponentBaseline> components;
  Rules rules = Rules::kRobust;

  /// The time and where each component's quartiles come from:
  /// "2026Q4 ctr=brand:41 conv=constants roas=constants cpm=brand:41", classic rules begin with
  /// "classic 2026-11-20 ".
  std::string version() const;
};

/// What the version of a baseline begins with.
std::string version_prefix(Rules rules, core::Day since);
/// The rules under which a baseline of this version was made.
Rules rules_of_version(std::string_view version);

core::Day quarter_of(core::Day day);
std::string quarter_name(core::Day quarter);  ///< "2026Q4"

/// Rates (shrunk; raw under classic rules) of the ads whose component is mature on a day.
using MaturedRates = PerComponent<std::vector<double>>;
MaturedRates matured_rates(std::span<const AdOutcome> outcomes, const BrandModel& model,
                           core::Day day, Rules rules = Rules::kRobust);

/// Quartiles (linear between order statistics) of the brand's rates where there are 20, else of
/// the organization's, else the constants of page 6.1; by component.
Baseline make_baseline(core::Day since, const MaturedRates& brand, const MaturedRates& organization,
                       Rules rules = Rules::kRobust);

/// Quartiles of a figure that is no component of rewards, where there are 20 of it.
std::optional<ComponentBaseline> quartiles_of(std::vector<double> figures, BaselineSource source);

}  // namespace adgenome::learning
