#pragma once

#include <adgenome/app/experiments.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/store/experiments.hpp>
#include <string>

namespace adgenome::app {

/// A look at a stored experiment.
struct StoredLook {
  experiments::Analysis analysis;
  core::Json document;
  bool is_new = false;  ///< something came in since the last one
};

/// Analyses what is there and stores the look where it is new. Where parts, method, draws,
/// non-inferiority or the deviation of the split are `asked` for otherwise, what is given back, and
/// not what is stored, is by them. Belongs into a transaction.
StoredLook look_at_experiment(const ExperimentRunner& runner, const store::Experiment& experiment,
                              const experiments::AnalysisOptions* asked = nullptr);

/// What a concluded experiment was decided by; empty of a generation experiment.
std::string decided_metric(const store::Experiment& concluded);

/// Stores decision, analysis and effects; an element's effect where its pairs suffice. Belongs into
/// a transaction.
void conclude_with(const ExperimentRunner& runner, store::Experiment& experiment,
                   const StoredLook& look);

}  // namespace adgenome::app
