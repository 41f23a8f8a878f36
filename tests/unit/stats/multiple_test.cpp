#include <doctest/doctest.h>

#include <adgenome/stats/multiple.hpp>

#include "../../support/reference.hpp"

using namespace adgenome;

TEST_CASE("adjusted p-values are those of statsmodels") {
  const auto vectors = test::shared_vectors("multiple.json");
  if (!vectors) return;
  for (const core::Json& c : vectors->at("cases")) {
    const auto p = c.at("p").get<std::vector<double>>();
    const std::vector<double> bh = stats::benjamini_hochberg(p);
    const std::vector<double> holm = stats::holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      CHECK_CLOSE(bh[i], c.at("bh")[i].get<double>(), 1e-12, 0);
      CHECK_CLOSE(holm[i], c.at("holm")[i].get<double>(), 1e-12, 0);
    }
  }
}

TEST_CASE("one p-value stays as it is, none gives none, the order of the input is kept") {
  CHECK(stats::benjamini_hochberg(std::vector{0.03}) == std::vector{0.03});
  CHECK(stats::holm(std::vector<double>{}).empty());
  CHECK(stats::holm(std::vector{0.04, 0.01}) == std::vector{0.04, 0.02});
  CHECK(stats::benjamini_hochberg(std::vector{0.04, 0.01}) == std::vector{0.04, 0.02});
}
