#include <unistd.h>

#include <adgenome/app/generate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/ids.hpp>
#include <adgenome/core/progress_channel.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct GenerateArguments {
  std::optional<std::string> input;
  std::optional<std::string> selection;
  std::vector<std::string> templates;
  std::optional<std::string> product;
  std::optional<std::string> persona;
  std::optional<std::string> offer_variant;
  std::vector<std::string> sizes{"1:1"};
  std::vector<std::string> colors{"original"};
  std::int64_t hooks = 1;
  std::string provider = "local";
  std::string elements = "given";
  std::optional<std::string> images;
  std::optional<std::string> batch;
};

template <class T>
void remove_duplicates(std::vector<T>& list) {
  std::vector<T> kept;
  for (T& item : list) {
    if (std::find(kept.begin(), kept.end(), item) == kept.end()) kept.push_back(std::move(item));
  }
  list = std::move(kept);
}

std::vector<creative::CanvasSize> parse_sizes(std::vector<std::string> texts) {
  std::vector<creative::CanvasSize> sizes;
  remove_duplicates(texts);
  for (const std::string& text : texts) {
    const auto size = creative::parse_canvas_size(text);
    if (!size) {
      throw core::UsageError("\"" + text + "\" is no canvas size",
                             "sizes are 1:1, 4:5, 9:16, 16:9, or WxH of 200 to 4096 pixels a side",
                             "option --sizes");
    }
    sizes.push_back(*size);
  }
  return sizes;
}

std::vector<std::string> parse_colors(std::vector<std::string> modes) {
  remove_duplicates(modes);
  const auto known = creative::color_modes();
  for (const std::string& mode : modes) {
    if (std::find(known.begin(), known.end(), mode) == known.end()) {
      throw core::UsageError("\"" + mode + "\" is no color mode",
                             "modes are " + core::join(known, ", "), "option --colors");
    }
  }
  return modes;
}

/// The one source of templates that was named; standard input where none was.
enum class Source { kInput, kSelection, kTemplates };

Source source_of(const GenerateArguments& given) {
  const int named =
      (given.input ? 1 : 0) + (given.selection ? 1 : 0) + (given.templates.empty() ? 0 : 1);
  if (named > 1) {
    throw core::UsageError(
        "a selection on standard input, --selection and --templates are three "
        "sources",
        "give one of them");
  }
  if (given.selection) return Source::kSelection;
  if (!given.templates.empty()) {
    if (!given.product) throw core::UsageError("--templates needs --product");
    return Source::kTemplates;
  }
  if (!given.input && ::isatty(STDIN_FILENO)) {
    throw core::UsageError("nothing to make ads from",
                           "pipe a selection in, or give --selection ID or --templates A,B");
  }
  return Source::kInput;
}

/// The seed that a run without --seed has: it follows from the selection's, so that the same
/// selection gives the same ads.
std::uint64_t seed_for(const cli::Context& context, const core::Json& selection) {
  if (context.seed_is_given() || !selection.is_object() || !selection.contains("seed"))
    return context.seed();
  const core::Json& seed = selection.at("seed");
  const auto number = core::to_uint64(seed.is_string() ? seed.get<std::string>() : seed.dump());
  if (!number) throw core::InvalidInput("the seed is no number", "", "selection /seed");
  return core::RandomStream(*number, "elements").bits_at(0) >> 11;
}

app::GenerateRequest request_of(const GenerateArguments& given, const cli::Context& context) {
  app::GenerateRequest request;
  request.product = given.product;
  request.persona = given.persona;
  request.offer_variant = given.offer_variant;
  request.sizes = parse_sizes(given.sizes);
  request.colors = parse_colors(given.colors);
  request.hooks = given.hooks;
  request.provider = given.provider;
  request.images = given.images;
  request.batch = given.batch;
  request.now = context.now();
  request.is_dry_run = context.is_dry_run();
  return request;
}

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
      "An ad that cannot be made is recorded with the reason, and the others go on. The exit code "
      "is 6 where every one failed, 4 where the selection is empty.";
  command.positional("INPUT", given->input, "- for a selection on standard input (the default)");
  command.value("--selection", given->selection, "ID", "a selection that the store has");
  command.list("--templates", given->templates, "ID,ID", "templates chosen by hand");
  command.value("--product", given->product, "ID", "the product, where no selection names it");
  command.value("--persona", given->persona, "ID", "who is spoken to");
  command.value("--offer-variant", given->offer_variant, "ID",
                "the offer variant; without it the product's first");
  command.list("--sizes", given->sizes, "SIZE,SIZE", "1:1, 4:5, 9:16, 16:9, or WxH");
  command.list("--colors", given->colors, "MODE,MODE", "original, complementary, brand");
  command.value("--hooks", given->hooks, "N", "hooks a template, best impact first", 1, 100);
  command.value("--elements", given->elements, "HOW", "how choices that were left open are made")
      .choice({"given"});
  command
      .value("--provider", given->provider, "NAME",
             "local draws; none stores prompts without pictures")
      .choice({"local", "none"});
  command.value("--images", given->images, "DIR", "where pictures go; ads beside an SQLite store")
      .shown_default("ads");
  command.value("--batch", given->batch, "ID",
                "the id of the batch; one that was interrupted goes on");
  command.examples = {
      {"adgenome select --product P1 | adgenome generate --sizes 1:1,9:16 --colors original,brand "
       "--hooks 2",
       "the daily work: three templates, 24 ads"},
      {"adgenome generate --templates T1,T2 --product P1 --provider none",
       "only the prompts, for templates chosen by hand"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    app::GenerateRequest request = request_of(*given, context);
    const Source source = source_of(*given);
    if (given->input && *given->input != "-") {
      throw core::UsageError("\"" + *given->input + "\" is no input: only - may stand here",
                             "give a file with < FILE");
    }
    std::optional<std::string> brand_name = context.options().brand;
    if (source == Source::kInput) {
      request.selection = core::read_json("-");
      if (!brand_name && request.selection.is_object() && request.selection.contains("brand_id") &&
          request.selection.at("brand_id").is_string()) {
        brand_name = request.selection.at("brand_id").get<std::string>();
      }
    }
    store::Session session = open_store(context);
    const store::Brand brand = app::resolve_brand(session, brand_name);
    if (source == Source::kSelection) {
      request.selection = app::recorded_selection(session, brand.id, *given->selection);
      request.is_recorded = true;
    } else if (source == Source::kTemplates) {
      request.templates = given->templates;
      remove_duplicates(request.templates);
    }
    request.seed = seed_for(context, request.selection);

    std::unique_ptr<cli::Progress> bar;
    // The ids repeat with the run's own seed, also where it follows from the selection's.
    core::IdSource ids(request.seed, context.command(), context.now());
    app::GenerateReport report =
        app::generate_ads(session, brand, request, ids, [&](const app::GenerateStatus& status) {
          if (!bar) bar = context.progress("ads", status.total);
          if (status.attempted > 0) bar->advance();
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
