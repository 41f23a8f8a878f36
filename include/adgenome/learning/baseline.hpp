#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/outcome.hpp>
#include <cstdint>
#include <span>
#include <string>
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

/// Against what the ads of a quarter are measured. Made from the ads that were mature when the
/// quarter began, as they were known then, so that it holds still for the quarter.
struct Baseline {
  core::Day quarter;  ///< its first day
  PerComponent<ComponentBaseline> components;

  /// The quarter and where each component's quartiles come from:
  /// "2026Q4 ctr=brand:41 conv=constants roas=constants cpm=brand:41".
  std::string version() const;
};

core::Day quarter_of(core::Day day);
std::string quarter_name(core::Day quarter);  ///< "2026Q4"

/// Shrunk rates of the ads whose component is mature on a day.
using MaturedRates = PerComponent<std::vector<double>>;
MaturedRates matured_rates(std::span<const AdOutcome> outcomes, const BrandModel& model,
                           core::Day day);

/// Quartiles (linear between order statistics) of the brand's rates where there are 20, else of
/// the organization's, else the constants of page 6.1; by component.
Baseline make_baseline(core::Day quarter, const MaturedRates& brand,
                       const MaturedRates& organization);

}  // namespace adgenome::learning
