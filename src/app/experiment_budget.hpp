#pragma once

#include <adgenome/app/experiments.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/store/experiments.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// By what the arms of an ad experiment are to be judged: under robust rules by what the money
/// buys where every arm has the same budget, which is where one was stated and where the arms are
/// ad sets of their own; else by the metric that it is about.
experiments::Metric planned_metric(const ExperimentRunner& runner,
                                   const store::Experiment& experiment);

/// Plans an ad experiment from what the brand's ads delivered so far: its baseline, the impressions
/// that every arm needs, and whether the money stated buys them; throws InvalidInput with what is
/// missing where it does not. Gives back what the user has to know: what is missing of a test that
/// was insisted on, or that the past does not say what the test costs.
std::optional<std::string> plan_budget(const ExperimentRunner& runner, const NewExperiment& wanted,
                                       store::Experiment& experiment);

}  // namespace adgenome::app
