#include <doctest/doctest.h>

#include <adgenome/stats/distributions.hpp>
#include <limits>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;

namespace {

double call(const std::string& function, const std::vector<double>& x) {
  if (function == "normal_sf") return normal_sf(x[0]);
  if (function == "normal_log_sf") return normal_log_sf(x[0]);
  if (function == "normal_quantile") return normal_quantile(x[0]);
  if (function == "student_t_sf") return student_t_sf(x[0], x[1]);
  if (function == "student_t_two_sided") return student_t_two_sided(x[0], x[1]);
  if (function == "student_t_quantile") return student_t_quantile(x[0], x[1]);
  if (function == "chi_squared_sf") return chi_squared_sf(x[0], x[1]);
  if (function == "beta_cdf") return beta_cdf(x[0], x[1], x[2]);
  if (function == "beta_sf") return beta_sf(x[0], x[1], x[2]);
  if (function == "beta_quantile") return beta_quantile(x[0], x[1], x[2]);
  FAIL("no such function: ", function);
  return 0;
}

}  // namespace

TEST_CASE("tails and quantiles are those of SciPy") {
  const core::Json numbers = test::reference("stats.json");
  for (const core::Json& row : numbers.at("distributions")) {
    CAPTURE(row.dump());
    const double actual = call(row[0].get<std::string>(), row[1].get<std::vector<double>>());
    CHECK_CLOSE(actual, row[2].get<double>(), 1e-11, 1e-300);
  }
}

TEST_CASE("the logarithm of a tail joins its two forms smoothly and never ends") {
  CHECK_CLOSE(normal_log_sf(15 - 1e-9), normal_log_sf(15 + 1e-9), 1e-9, 0);
  CHECK(normal_sf(1e4) == 0);
  CHECK(std::isfinite(normal_log_sf(1e150)));
  CHECK(normal_log_sf(-50) == 0);
}
