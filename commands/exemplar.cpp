#include <adgenome/app/exemplar.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct Arguments {
  std::string ad;
  std::optional<std::string> kind;
  std::optional<std::string> reason;
  std::string by = "command line";
  bool with_removed = false;
};

using Run = core::Json (*)(store::Session&, const store::Brand&, const Arguments&,
                           const app::ExemplarRequest&);

cli::Command make(const char* name, const char* summary, const char* details,
                  std::vector<cli::Example> examples, std::shared_ptr<Arguments> arguments,
                  Run run) {
  cli::Command command(name, summary);
  command.schema = "exemplars/v1";
  command.details = details;
  command.examples = std::move(examples);
  command.run = [arguments, run](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {
        .document =
            run(session, brand_of(context, session), *arguments,
                {.by = arguments->by, .now = context.now(), .is_dry_run = context.is_dry_run()}),
        .list = "items",
        .columns = {"ad_id", "kind", "score", "category", "canvas_size", "color_mode", "reason"}};
  };
  return command;
}

cli::Command add() {
  auto arguments = std::make_shared<Arguments>();
  cli::Command command = make(
      "add", "make an ad an example for reviewers",
      "At most 10 gold approvals, 10 gold rejections and 10 edge cases a brand. Without --kind the "
      "newest decision on the ad says which: approved, rejected, or confirmed at the border. One "
      "that was removed is active again.",
      {{"adgenome exemplar add 4f1k2m", "an example of what was decided on it"},
       {"adgenome exemplar add 4f1k2m --kind edge_case --reason \"busy, but readable\"",
        "say of what, and why"}},
      arguments,
      [](store::Session& session, const store::Brand& brand, const Arguments& given,
         const app::ExemplarRequest& request) {
        return app::add_exemplar(session, brand, given.ad, given.kind, given.reason, request);
      });
  command.writes = true;
  command.positional("AD", arguments->ad, "id or short id of the ad");
  command.value("--kind", arguments->kind, "KIND", "what it is an example of")
      .choice({"gold_approval", "gold_rejection", "edge_case"});
  command.value("--reason", arguments->reason, "TEXT", "why, as reviewers are told");
  command.value("--by", arguments->by, "NAME", "who adds it");
  return command;
}

cli::Command remove() {
  auto arguments = std::make_shared<Arguments>();
  cli::Command command =
      make("remove", "take an example away", "It is kept, and `seed` does not bring it back.",
           {{"adgenome exemplar remove 4f1k2m", "reviewers do not get it any more"},
            {"adgenome exemplar remove 4f1k2m --dry-run", "what would be left"}},
           arguments,
           [](store::Session& session, const store::Brand& brand, const Arguments& given,
              const app::ExemplarRequest& request) {
             return app::remove_exemplar(session, brand, given.ad, request);
           });
  command.writes = true;
  command.positional("AD", arguments->ad, "id or short id of the ad");
  return command;
}

cli::Command list() {
  auto arguments = std::make_shared<Arguments>();
  cli::Command command =
      make("list", "the examples that reviewers may get", "By kind, newest first.",
           {{"adgenome exemplar list", "those that are active"},
            {"adgenome exemplar list --removed --format json | jq '.items[] | select(.active | "
             "not)'",
             "those that were taken away"}},
           arguments,
           [](store::Session& session, const store::Brand& brand, const Arguments& given,
              const app::ExemplarRequest&) {
             return app::list_exemplars(session, brand, given.with_removed);
           });
  command.flag("--removed", arguments->with_removed, "also those that were removed");
  return command;
}

cli::Command seed() {
  auto arguments = std::make_shared<Arguments>();
  arguments->by = "seed";
  cli::Command command = make(
      "seed", "fill the examples up from decisions",
      "From the newest 200 decisions: overridden to approve becomes a gold approval, to reject a "
      "gold rejection, confirmed at the border of approval an edge case; spread over template "
      "category, size and color, up to 10 of each kind.",
      {{"adgenome exemplar seed", "fill what is free"},
       {"adgenome exemplar seed --dry-run --format json | jq .counts", "what would be there"}},
      arguments,
      [](store::Session& session, const store::Brand& brand, const Arguments&,
         const app::ExemplarRequest& request) {
        return app::seed_exemplars(session, brand, request);
      });
  command.writes = true;
  return command;
}

cli::Command similar() {
  auto arguments = std::make_shared<Arguments>();
  cli::Command command = make(
      "similar", "the examples that a reviewer of an ad gets",
      "The nearest 2 approvals, 2 rejections and 1 edge case: same template category first, then "
      "size, then color, then the newest.",
      {{"adgenome exemplar similar 4f1k2m", "what goes with a review of this ad"},
       {"adgenome exemplar similar 4f1k2m --format json | jq -r '.items[].reason'",
        "what people said of them"}},
      arguments,
      [](store::Session& session, const store::Brand& brand, const Arguments& given,
         const app::ExemplarRequest&) { return app::similar_exemplars(session, brand, given.ad); });
  command.positional("AD", arguments->ad, "id or short id of the ad");
  return command;
}

}  // namespace

cli::Command exemplar() {
  cli::Command command("exemplar", "ads that show reviewers what is good, bad and between");
  command.examples = {{"adgenome exemplar seed", "fill them from decisions"},
                      {"adgenome exemplar list", "which there are"}};
  command.children = {add(), remove(), list(), seed(), similar()};
  return command;
}

}  // namespace adgenome::commands
