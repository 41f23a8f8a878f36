#include <adgenome/app/template_analysis.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "provider_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct AnalyseArguments {
  std::optional<std::string> id;
  bool is_all = false;
  bool is_again = false;
  std::optional<std::string> provider;
};

cli::Command analyze() {
  auto given = std::make_shared<AnalyseArguments>();
  cli::Command command("analyze", "find out what is in the pictures of templates");
  command.schema = "template_analyses/v1";
  command.writes = true;
  command.details =
      "Text areas with their place and room, the palette, likely logo areas and the format are "
      "found here, by reading the text, grouping the colors and looking at edges. What could not "
      "be found out is null, and `unknown` says why: people and objects take a provider that sees "
      "pictures (--provider; the brand's account pays for it).\n\n"
      "A picture that was analysed before by the same analyser is not analysed again. The template "
      "takes over what its record leaves open, and `detected_at` says when: a template that was "
      "never analysed is not one in which nothing was found.\n\n"
      "The exit code is 6 where every picture failed.";
  command.positional("ID", given->id, "the template");
  command.flag("--all", given->is_all, "every template that has a picture");
  command.flag("--again", given->is_again, "pictures that were analysed before too");
  command.value("--provider", given->provider, "NAME", "who says what people and objects are seen")
      .choice({"gemini", "openai", "anthropic"});
  command.examples = {
      {"adgenome template analyze --all --format table",
       "what is in the pictures of all templates"},
      {"adgenome template analyze tpl-lifestyle-01 | jq '.items[0].analysis.text_areas'",
       "the texts of one template, with their room in characters"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    if (given->is_all == given->id.has_value())
      throw core::UsageError("give a template's ID or --all");
    store::Session session = open_store(context);
    const app::ProviderAccess access = provider_access(context, false);
    std::optional<store::Brand> brand;
    std::unique_ptr<providers::LanguageModel> vision;
    if (given->provider && !context.is_dry_run()) {
      brand = brand_of(context, session);
      vision = app::open_language_model(session, *brand, access, *given->provider, context.now());
    }
    app::TemplateAnalyser analyser(vision.get());
    app::AnalyseReport report = app::analyse_templates(session, analyser,
                                                       {.template_id = given->id,
                                                        .is_again = given->is_again,
                                                        .now = context.now(),
                                                        .is_dry_run = context.is_dry_run()});
    if (report.document["reason"].is_string())
      context.info(report.document["reason"].get<std::string>());
    const bool is_lost = report.failed > 0 && report.analysed == 0;
    return {.document = std::move(report.document),
            .list = "items",
            .columns = {"template_id", "status", "analysis.format.canvas_size",
                        "analysis.confidence", "reason"},
            .exit_code = is_lost ? static_cast<int>(core::ExitCode::kProvider) : 0};
  };
  return command;
}

}  // namespace

cli::Command templates() {
  cli::Command command("template", "what is in the pictures of templates");
  command.children = {analyze()};
  command.examples = command.children.front().examples;
  return command;
}

}  // namespace adgenome::commands
