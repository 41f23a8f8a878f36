#include <commands/commands.hpp>

int main(int argc, char** argv) {
  adgenome::cli::Application application(adgenome::commands::program_version(),
                                         adgenome::commands::all(), adgenome::json_schemas,
                                         adgenome::commands::sections());
  return application.run(argc, argv);
}
