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

/// Refuses a step from a state that is not among `allowed`.
void need_state(const store::Experiment& experiment, std::initializer_list<const char*> allowed,
                const std::string& step);

/// Ad experiments go on by themselves: running from the day on which all linked arms have
/// impressions, analyzing when their days are over. Whether something changed; not stored.
bool advance(store::Session& session, const std::string& brand_id, store::Experiment& experiment,
             const std::vector<store::ExperimentArm>& arms, core::Time now);

}  // namespace adgenome::app
