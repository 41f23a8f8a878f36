#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// What the steps of an ad cost, in micros; the shares are of all attempts.
struct Prices {
  std::int64_t image = 0;
  std::int64_t defect_scan = 0;
  std::int64_t full_review = 0;
  std::int64_t second_opinion = 0;
  std::int64_t congruence = 0;         ///< a hook
  std::int64_t template_analysis = 0;  ///< a template that was never analysed
  std::int64_t descriptor = 0;
  double second_opinion_rate = 0.4;
  double retry_rate = 0.3;
};

/// The price of a step by its name; null for a name that is none.
std::int64_t* price_of(Prices& prices, std::string_view step);
/// image, defect_scan, ... in the order of an estimate.
std::vector<std::string> priced_steps();

/// The size of what is to be made.
struct Workload {
  std::int64_t attempts = 0;
  std::int64_t hooks = 0;
  std::int64_t templates_to_analyse = 0;
  bool retries = true;
};

struct EstimateLine {
  std::string step;
  double quantity = 0;
  std::int64_t price_micros = 0;  ///< each
  std::int64_t cost_micros = 0;
  std::string provider = {};  ///< whose price it is; not set here
};

struct Estimate {
  std::vector<EstimateLine> lines;
  std::int64_t total_micros = 0;  ///< the sum of the lines
};

/// attempts x (image + scan + review + rate x second opinion) x (1 + 0.3 where retries are on)
/// + hooks x congruence + templates to analyse x analysis + attempts x descriptor, one line each.
Estimate estimate_cost(const Workload& work, const Prices& prices);

}  // namespace adgenome::creative
