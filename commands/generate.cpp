#include <adgenome/app/generate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/ids.hpp>
#include <adgenome/core/progress_channel.hpp>
#include <adgenome/core/text.hpp>
#include <memory>

#include "commands.hpp"
#include "provider_options.hpp"
#include "wanted_ads.hpp"

namespace adgenome::commands {
namespace {

struct GenerateArguments {
  WantedAds wanted;
  std::optional<std::string> images;
  std::string image_format = "png";
  std::optional<std::string> batch;
  std::optional<std::string> save_template;
  bool split = false;
  bool uses_cache = false;
};

core::Json progress_of(const app::GenerateStatus& status) {
  const auto current = [&](const std::string& value) {
    return value.empty() ? core::Json() : core::Json(value);
  };
  return {{"ads_attempted", status.attempted},
          {"ads_generated", status.attempted - status.failed},
          {"ads_failed", status.failed},
          {"current_template", current(status.template_id)},
          {"current_size", current(status.canvas_size)},
          {"current_color", current(status.color_mode)},
          {"cost", core::money_number(status.cost_micros)}};
}

/// What the ads will cost, on standard error; asks where that is needed.
bool agree(const cli::Context& context, const core::Json& estimate, bool is_needed) {
  const std::string attempts = core::dump(estimate.at("attempts")) + " ads";
  const std::string cost =
      core::dump(estimate.at("cost")) + " " + estimate.at("currency").get<std::string>();
  context.info(attempts + ", estimated cost " + cost);
  if (!is_needed || context.options().yes || context.is_dry_run()) return true;
  const std::optional<bool> answer = context.ask("make " + attempts + " for about " + cost + "?");
  if (!answer) {
    throw core::UsageError(attempts + " for about " + cost + " need to be agreed to",
                           "add --yes, or see adgenome estimate");
  }
  return *answer;
}

}  // namespace

cli::Command generate() {
  auto given = std::make_shared<GenerateArguments>();
  cli::Command command("generate", "make ads from a selection");
  command.schema = "generation/v1";
  command.writes = true;
  command.details =
      "For each template, hook, color mode and canvas size one ad is made: its words from the "
      "catalogue, its layout from the template, its picture drawn here. The selection comes from "
      "standard input, from the store (--selection) or by hand (--templates).\n\n"
      "What was left open (hook type, color mode, layout, offer variant, persona) is drawn from "
      "what worked before; every ad keeps how it was chosen and with which probability.\n\n"
      "Before more than 30 ads that cost something it is asked on the terminal; --yes answers. A "
      "batch holds at most 50 (brand set attempt_cap=N); --split makes several, one after the "
      "other.\n\n"
      "While the brand has an experiment of generation active, each template's run is given an arm "
      "of "
      "it, whose config counts before the options here; --no-experiment leaves it out.\n\n"
      "An ad that cannot be made is recorded with the reason, and the others go on. A batch that "
      "was interrupted goes on where it stopped when it is named again with --batch. The exit code "
      "is 6 where every ad failed, 4 where there is nothing to make.";
  bind_wanted_ads(command, given->wanted);
  command.value("--images", given->images, "DIR", "where pictures go; ads beside an SQLite store")
      .shown_default("ads");
  command.value("--image-format", given->image_format, "FORMAT", "how pictures are written")
      .choice({"png", "jpeg"});
  command.value("--batch", given->batch, "ID",
                "the id of the batch; one that was interrupted goes on");
  command.value("--save-template", given->save_template, "NAME",
                "add the picture of --template-image to the catalogue");
  command.flag("--split", given->split, "more than the cap: several batches, one after the other");
  command.flag("--cache", given->uses_cache,
               "take a provider's answer to the same request over, and keep answers for that");
  command.examples = {
      {"adgenome select --product P1 | adgenome generate --sizes 1:1,9:16 --colors original,brand "
       "--hooks 2",
       "the daily work: three templates, 24 ads"},
      {"adgenome generate --templates T1,T2 --product P1 --provider none",
       "only the prompts, for templates chosen by hand"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    if (given->save_template && !given->wanted.template_image)
      throw core::UsageError("--save-template goes with --template-image");
    ReadRequest read = read_request(given->wanted, context);
    app::GenerateRequest& request = read.request;
    request.images = given->images;
    request.image_format = given->image_format;
    request.batch = given->batch;
    request.may_split = given->split;
    const app::ProviderAccess providers = provider_access(context, given->uses_cache);
    request.providers = &providers;
    request.save_template = given->save_template;

    std::unique_ptr<cli::Progress> headlines;
    std::unique_ptr<cli::Progress> bar;
    std::int64_t shown = 0;
    // The ids repeat with the run's own seed, also where it follows from the selection's.
    core::IdSource ids(request.seed, context.command(), context.now());
    app::GenerateReport report = app::generate_ads(
        read.session, read.brand, request, ids,
        [&](const core::Json& estimate, bool is_needed) {
          return agree(context, estimate, is_needed);
        },
        [&](const app::GenerateStatus& status) {
          if (status.total == 0) {
            if (!headlines) headlines = context.progress("headlines", status.headlines_total);
            headlines->advance(1);
            return;
          }
          headlines.reset();
          if (!bar) bar = context.progress("ads", status.total);
          bar->advance(status.attempted - shown);
          shown = status.attempted;
          core::report_progress(progress_of(status));
        });
    bar.reset();
    for (const std::string& warning : report.warnings) context.warn(warning);
    core::ExitCode code = core::ExitCode::kDone;
    if (report.attempts == 0) {
      code = core::ExitCode::kNothingMade;
      context.warn(report.document.at("reason").get<std::string>());
    } else if (report.failed == report.attempts) {
      code = core::ExitCode::kProvider;
      context.warn("every attempt failed, the first one because " +
                   report.document.at("ads").at(0).at("error").get<std::string>());
    }
    return {.document = std::move(report.document),
            .list = "ads",
            .columns = {"ad_id", "template_id", "canvas_size", "color_mode", "headline", "status",
                        "image"},
            .text = {},
            .exit_code = static_cast<int>(code)};
  };
  return command;
}

}  // namespace adgenome::commands
