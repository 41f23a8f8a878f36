#include <doctest/doctest.h>

#include <adgenome/app/experiment_power.hpp>
#include <nlohmann/json.hpp>

using namespace adgenome;

TEST_CASE("clicks scatter as they did, also where their rate is stated") {
  const app::BrandHistory history{.link_ctr = 0.02,
                                  .approval = {},
                                  .dispersion = 7.0,
                                  .icc = {},
                                  .cluster_size = {},
                                  .daily_impressions = 5000.0,
                                  .cpm = 10.0,
                                  .currency = "EUR",
                                  .conversion_rate = {},
                                  .conversion_dispersion = {},
                                  .cpc = {},
                                  .cpc_dispersion = {},
                                  .cpa = {},
                                  .cpa_dispersion = {},
                                  .roas_variance = {}};
  app::PowerRequest request;
  request.effect = 0.2;
  const core::Json known = app::plan_experiment(request, history);
  request.baseline = 0.02;
  const core::Json stated = app::plan_experiment(request, history);
  CHECK(stated.at("dispersion") == 7.0);
  CHECK(stated.at("sample") == known.at("sample"));
  // R: power.prop.test(p1 = 0.02, p2 = 0.024, power = 0.8)$n = 21108.38, times 7.
  CHECK(stated.at("sample").get<double>() == doctest::Approx(7 * 21108.38).epsilon(1e-3));
}

TEST_CASE("only impressions have the price of impressions") {
  app::BrandHistory history;
  history.daily_impressions = 5000.0;
  history.cpm = 10.0;
  app::PowerRequest request;
  request.test = "means";
  request.effect = 0.3;
  CHECK(app::plan_experiment(request, history).at("spend").is_null());
}
