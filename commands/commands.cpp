#include "commands.hpp"

namespace adgenome::commands {

std::string program_version() {
  return ADGENOME_VERSION;
}

// One row a command.
// clang-format off
std::vector<cli::CommandGroup> all() {
  return {
      {"the store",
       {init(),
        migrate(),
        import(),
        export_records(),
        sync(),
        store(),
        brand(),
        account(),
        catalog(),
        templates(),
        ads()}},
      {"selection and weights",
       {select(),
        preset(),
        learn_weights(),
        weights(),
        evaluate(),
        simulate()}},
      {"ads",
       {estimate(),
        generate(),
        review(),
        override_command(),
        calibrate(),
        exemplar()}},
      {"what works",
       {reward(),
        genome(),
        attribute(),
        interactions(),
        whitespace(),
        fatigue()}},
      {"experiments",
       {experiment()}},
      {"visual memory",
       {cluster()}},
      {"day after day",
       {job(),
        worker()}},
      {"about the tool",
       {schema(),
        config(),
        completion(),
        version()}},
  };
}
// clang-format on

}  // namespace adgenome::commands
