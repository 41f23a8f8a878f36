#include <adgenome/app/generate.hpp>
#include <memory>

#include "commands.hpp"
#include "wanted_ads.hpp"

namespace adgenome::commands {

cli::Command estimate() {
  struct Arguments {
    WantedAds wanted;
    std::optional<std::string> reviewer;
  };
  auto given = std::make_shared<Arguments>();
  cli::Command command("estimate", "what ads from a selection would cost, before they are made");
  command.schema = "estimate/v1";
  command.details =
      "Takes what generate takes and counts the attempts, with the cost of every step of their "
      "making and reviewing: a line each, and the lines add up. Prices are settings of the brand "
      "or its organization (brand set prices.image=0.05, or prices.PROVIDER.STEP for one "
      "provider); "
      "what is made or reviewed on this machine is free.";
  bind_wanted_ads(command, given->wanted);
  command.value("--reviewer", given->reviewer, "NAME",
                "whose prices reviewing has; that of --provider without it");
  command.examples = {
      {"adgenome select --product P1 | adgenome estimate --sizes 1:1,9:16 --hooks 2",
       "how many ads, and for how much"},
      {"adgenome estimate --templates T1,T2 --product P1 --reviewer openai",
       "drawn here, reviewed by a provider"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    ReadRequest read = read_request(given->wanted, context);
    read.request.reviewer = given->reviewer;
    core::Json document = app::estimate_ads(read.session, read.brand, read.request);
    for (const core::Json& warning : document.at("warnings"))
      context.warn(warning.get<std::string>());
    return {.document = std::move(document),
            .list = "lines",
            .columns = {"step", "provider", "quantity", "price", "cost"}};
  };
  return command;
}

}  // namespace adgenome::commands
