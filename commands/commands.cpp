#include "commands.hpp"

namespace adgenome::commands {

std::string program_version() {
  return ADGENOME_VERSION;
}

std::vector<cli::CommandGroup> all() {
  return {
      {"choosing", {select()}},
      {"what works", {reward(), genome(), whitespace()}},
      {"about the tool", {schema(), config(), version()}},
  };
}

}  // namespace adgenome::commands
