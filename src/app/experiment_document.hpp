#pragma once

#include <adgenome/app/experiments.hpp>
#include <adgenome/store/experiments.hpp>
#include <initializer_list>
#include <string>
#include <vector>

namespace adgenome::app {

/// A stored experiment with its arms as adgenome/experiment/v1.
core::Json experiment_document(const store::Experiment& experiment,
                               const std::vector<store::ExperimentArm>& arms);

/// The experiment of that id; InvalidInput where the brand has none.
store::Experiment experiment_of(store::Session& session, const std::string& brand_id,
                                const std::string& id);

/// The same as it stood at the time that the runner knows of, before what it did at that very time;
/// one of ads is yet to be advanced.
store::Experiment known_experiment(const ExperimentRunner& runner, const std::string& id);

/// Refuses a step from a state that is not among `allowed`.
void need_state(const store::Experiment& experiment, std::initializer_list<const char*> allowed,
                const std::string& step);

/// Ad experiments go on by themselves: running from the day on which all linked arms have
/// impressions, analyzing when their days are over. Whether something changed; not stored.
bool advance(const ExperimentRunner& runner, store::Experiment& experiment,
             const std::vector<store::ExperimentArm>& arms);

}  // namespace adgenome::app
