#pragma once

#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <adgenome/experiments/analysis.hpp>

#include "as_of_option.hpp"

namespace adgenome::commands {

// The commands below `experiment`.
cli::Command experiment_create();
cli::Command experiment_activate();
cli::Command experiment_link();
cli::Command experiment_assign();
cli::Command experiment_record();
cli::Command experiment_analyze();
cli::Command experiment_monitor();
cli::Command experiment_conclude();
cli::Command experiment_cancel();
cli::Command experiment_list();
cli::Command experiment_show();
cli::Command experiment_power();
cli::Command experiment_aa();
cli::Command experiment_compare();
cli::Command experiment_effects();

/// The document of an analysis as a command gives it back.
cli::Output analysis_output(core::Json document);
/// Analyses an experiment of the store, shown as asked.
cli::Output analyze_stored(const std::string& id, const experiments::AnalysisOptions& asked,
                           const AsOfOption& as_of, cli::Context& context);

}  // namespace adgenome::commands
