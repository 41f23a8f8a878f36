#include "wanted_ads.hpp"

#include <unistd.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

#include "support.hpp"

namespace adgenome::commands {
namespace {

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
enum class Source { kInput, kSelection, kTemplates, kOther };

Source source_of(const WantedAds& given) {
  const int named = (given.input ? 1 : 0) + (given.selection ? 1 : 0) +
                    (given.templates.empty() ? 0 : 1) + (given.template_image ? 1 : 0) +
                    (given.retry_rejected ? 1 : 0);
  if (named > 1) {
    throw core::UsageError(
        "a selection on standard input, --selection, --templates, --template-image and "
        "--retry-rejected are five sources",
        "give one of them");
  }
  if (given.retry_rejected) return Source::kOther;
  if (given.template_image) {
    if (!given.product) throw core::UsageError("--template-image needs --product");
    return Source::kOther;
  }
  if (given.selection) return Source::kSelection;
  if (!given.templates.empty()) {
    if (!given.product) throw core::UsageError("--templates needs --product");
    return Source::kTemplates;
  }
  if (given.input && *given.input != "-") {
    throw core::UsageError("\"" + *given.input + "\" is no input: only - may stand here",
                           "give a file with < FILE");
  }
  if (!given.input && ::isatty(STDIN_FILENO)) {
    throw core::UsageError("nothing to make ads from",
                           "pipe a selection in, or give --selection ID or --templates A,B");
  }
  return Source::kInput;
}

void check_source(const WantedAds& given) {
  if ((given.source == "plan") != given.plan.has_value())
    throw core::UsageError("--source plan and --plan ID go together");
  if (given.angle && given.source != "belief")
    throw core::UsageError("--angle goes with --source belief");
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

}  // namespace

void bind_wanted_ads(cli::Command& command, WantedAds& given) {
  command.positional("INPUT", given.input, "- for a selection on standard input (the default)");
  command.value("--selection", given.selection, "ID", "a selection that the store has");
  command.list("--templates", given.templates, "ID,ID", "templates chosen by hand");
  command.value("--template-image", given.template_image, "FILE",
                "a picture that is not in the catalogue, as template");
  command.value("--retry-rejected", given.retry_rejected, "BATCH",
                "the rejected ads of a batch once more, with what was wrong as instructions");
  command.value("--product", given.product, "ID", "the product, where no selection names it");
  command.value("--persona", given.persona, "ID", "who is spoken to");
  command.value("--offer-variant", given.offer_variant, "ID", "the offer variant");
  command.list("--sizes", given.sizes, "SIZE,SIZE", "1:1, 4:5, 9:16, 16:9, or WxH");
  command.list("--colors", given.colors, "MODE,MODE", "original, complementary, brand");
  command.value("--hooks", given.hooks, "N", "hooks a template", 1, 100);
  command.value("--source", given.source, "SOURCE", "where headlines come from")
      .choice({"hooks", "recreate", "belief", "plan", "angles"});
  command.value("--angle", given.angle, "ID", "the angle of --source belief");
  command.value("--plan", given.plan, "ID", "the plan of --source plan");
  command
      .value("--elements", given.elements, "HOW",
             "how choices that were left open are made: drawn by what worked, the best, or not")
      .choice({"sample", "best", "given"});
  command.value("--prompt-version", given.prompt_version, "NAME",
                "how prompts are worded: 1, benefit-first, or a file of --prompt-folder");
  command.value("--prompt-folder", given.prompt_folder, "DIR",
                "where versions of prompts of your own are, NAME.json");
  command
      .value("--provider", given.provider, "NAME",
             "local draws; gemini and openai make pictures for money; none stores prompts only")
      .choice({"local", "gemini", "openai", "none"});
  command.flag("--no-experiment", given.ignores_experiment,
               "make them as the options say, whatever experiment the brand has active");
  command
      .value("--wording", given.wording, "NAME",
             "who says how well headlines fit what they lead to and words them anew: local "
             "measures; a provider's language model does it for money (default: the brand's, else "
             "that of --provider)")
      .choice({"local", "gemini", "openai", "anthropic"});
}

ReadRequest read_request(const WantedAds& given, const cli::Context& context) {
  app::GenerateRequest request;
  request.product = given.product;
  request.persona = given.persona;
  request.offer_variant = given.offer_variant;
  request.sizes = parse_sizes(given.sizes);
  request.colors = parse_colors(given.colors);
  request.hooks = given.hooks;
  request.source = given.source;
  request.angle = given.angle;
  request.plan = given.plan;
  request.elements = given.elements;
  request.prompt_version = given.prompt_version;
  request.prompt_folder = given.prompt_folder;
  request.template_image = given.template_image;
  request.retry_of = given.retry_rejected;
  request.provider = given.provider;
  request.uses_experiment = !given.ignores_experiment;
  request.wording = given.wording;
  request.now = context.now();
  request.is_dry_run = context.is_dry_run();
  check_source(given);
  const Source source = source_of(given);
  std::optional<std::string> brand_name = context.options().brand;
  if (source == Source::kInput) {
    request.selection = core::read_json("-");
    if (!brand_name && request.selection.is_object() && request.selection.contains("brand_id") &&
        request.selection.at("brand_id").is_string()) {
      brand_name = request.selection.at("brand_id").get<std::string>();
    }
  }
  store::Session session = open_store(context);
  store::Brand brand = app::resolve_brand(session, brand_name);
  if (source == Source::kSelection) {
    request.selection = app::recorded_selection(session, brand.id, *given.selection);
    request.is_recorded = true;
  } else if (source == Source::kTemplates) {
    request.templates = given.templates;
    remove_duplicates(request.templates);
  }
  request.seed = seed_for(context, request.selection);
  request.is_classic = rules_of(context, brand) == cli::Rules::kClassic;
  return {std::move(request), std::move(session), std::move(brand)};
}

}  // namespace adgenome::commands
