#pragma once

#include <adgenome/cli/application.hpp>
#include <adgenome/core/embedded.hpp>
#include <span>
#include <vector>

namespace adgenome {

/// The contracts of all documents, schema/json.
extern const std::span<const core::EmbeddedFile> json_schemas;

namespace commands {

/// Every command of the program in the order of its help: one row a command.
std::vector<cli::CommandGroup> all();

/// What the config file says of providers, one section each.
std::vector<cli::Command> sections();
/// The manual's topic on providers, over these sections.
cli::Command providers_topic();

/// The version of the program, as in 0.1.0.
std::string program_version();

cli::Command account();
cli::Command ads();
cli::Command attribute();
cli::Command brand();
cli::Command catalog();
cli::Command cluster();
cli::Command completion();
cli::Command config();
cli::Command estimate();
cli::Command evaluate();
cli::Command experiment();
cli::Command export_records();
cli::Command fatigue();
cli::Command generate();
cli::Command genome();
cli::Command review();
cli::Command override_command();
cli::Command calibrate();
cli::Command exemplar();
cli::Command reward();
cli::Command import();
cli::Command init();
cli::Command interactions();
cli::Command job();
cli::Command migrate();
cli::Command learn_weights();
cli::Command preset();
cli::Command schema();
cli::Command select();
cli::Command store();
cli::Command sync();
cli::Command simulate();
cli::Command templates();
cli::Command version();
cli::Command weights();
cli::Command whitespace();
cli::Command worker();

}  // namespace commands
}  // namespace adgenome
