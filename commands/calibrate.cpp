#include <adgenome/app/calibrate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct VersionArguments {
  std::optional<std::int64_t> version;
  std::string version_text;
  bool is_organization = false;
  std::string by = "command line";
};

struct ProposeArguments {
  std::optional<std::string> file;
  std::vector<std::string> changes;
  bool is_organization = false;
  std::string by = "command line";
};

app::QualityRequest request_of(bool is_organization, const std::string& by,
                               const cli::Context& context) {
  return {.is_organization = is_organization,
          .by = by,
          .now = context.now(),
          .is_dry_run = context.is_dry_run()};
}

cli::Option& organization_flag(cli::Command& command, bool& target) {
  return command.flag("--organization", target,
                      "those of the brand's organization, which count for all of its brands that "
                      "have none of their own");
}

std::int64_t version_of(const std::string& text) {
  const auto version = core::to_int64(text);
  if (!version || *version < 1) {
    throw core::UsageError("expected the number of a version, found \"" + text + "\"");
  }
  return *version;
}

cli::Output output_of(core::Json document) {
  return {.document = std::move(document)};
}

cli::Command list() {
  auto arguments = std::make_shared<VersionArguments>();
  cli::Command command("list", "the versions of the numbers that reviews rest on");
  command.schema = "quality_configs/v1";
  command.details =
      "Newest first. `counts` names the one that reviews use; a proposal that was made against "
      "another one is stale and cannot be activated.";
  organization_flag(command, arguments->is_organization);
  command.examples = {
      {"adgenome calibrate list", "every version of the brand"},
      {"adgenome calibrate list --format json | jq '.items[] | select(.state == \"proposal\")'",
       "what waits for a decision"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::list_quality(session, brand_of(context, session),
                                          request_of(arguments->is_organization, "", context)),
            .list = "items",
            .columns = {"version", "state", "approve_from", "flag_from", "base", "is_stale",
                        "created_at", "created_by"}};
  };
  return command;
}

cli::Command show() {
  auto arguments = std::make_shared<VersionArguments>();
  cli::Command command("show", "one version with what it was proposed on, else what counts now");
  command.schema = "quality_config/v1";
  command.details =
      "Weights of the checks, bounds of the verdicts, the share of audits, and for a proposal the "
      "metrics with their intervals.";
  command.positional("VERSION", arguments->version_text, "its number; none: what counts now")
      .is_required = false;
  organization_flag(command, arguments->is_organization);
  command.examples = {
      {"adgenome calibrate show", "the numbers that reviews use now"},
      {"adgenome calibrate show 3 --format json | jq .metrics.cost", "what a proposal would save"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    std::optional<std::int64_t> version;
    if (!arguments->version_text.empty()) version = version_of(arguments->version_text);
    store::Session session = open_store(context);
    return output_of(app::show_quality(session, brand_of(context, session),
                                       request_of(arguments->is_organization, "", context),
                                       version));
  };
  return command;
}

cli::Command settle(const char* name, const char* summary, const char* details,
                    core::Json (*settle_version)(store::Session&, const store::Brand&,
                                                 const app::QualityRequest&, std::int64_t)) {
  auto arguments = std::make_shared<VersionArguments>();
  cli::Command command(name, summary);
  command.schema = "quality_config/v1";
  command.writes = true;
  command.details = details;
  command.positional("VERSION", arguments->version_text, "its number, as calibrate list shows it");
  organization_flag(command, arguments->is_organization);
  command.value("--by", arguments->by, "NAME", "who decides");
  const std::string start = std::string("adgenome calibrate ") + name;
  command.examples = {{start + " 3", "decide on a proposal of the brand"},
                      {start + " 1 --organization --by anna", "on one of its organization"}};
  command.run = [arguments, settle_version](cli::Context& context) -> cli::Output {
    const std::int64_t version = version_of(arguments->version_text);
    store::Session session = open_store(context);
    return output_of(settle_version(session, brand_of(context, session),
                                    request_of(arguments->is_organization, arguments->by, context),
                                    version));
  };
  return command;
}

cli::Command propose() {
  auto arguments = std::make_shared<ProposeArguments>();
  cli::Command command("propose", "store numbers of your own as a proposal");
  command.schema = "quality_config/v1";
  command.writes = true;
  command.details =
      "What counts now, or the config of a file, with changes: approve_from, flag_from, "
      "auto_reject_below, second_opinion_from, second_opinion_to (0 to 10), least_assessed, "
      "audit_rate (0 to 1), weights.V1 and so on. It counts once it is activated; one that is not "
      "valid is kept as `invalid`.";
  command.positional("FILE", arguments->file, "a whole config as JSON; - is standard input");
  command.repeated("--set", arguments->changes, "KEY=NUMBER", "change one number; may be repeated");
  organization_flag(command, arguments->is_organization);
  command.value("--by", arguments->by, "NAME", "who proposes");
  command.examples = {
      {"adgenome calibrate propose --set approve_from=7.5 --set weights.V9=1.5",
       "pass later, and count the label for more"},
      {"adgenome calibrate show --format json | jq '.config.audit_rate = 0.3 | .config' | adgenome "
       "calibrate propose -",
       "audit more of what is reviewed"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    std::vector<std::pair<std::string, double>> changes;
    for (const std::string& text : arguments->changes) {
      const auto [key, value] = cli::name_and_value(text, "--set");
      const auto number = core::to_double(value);
      if (!number) throw core::UsageError("--set: expected KEY=NUMBER, found \"" + text + "\"");
      changes.emplace_back(key, *number);
    }
    if (!arguments->file && changes.empty()) {
      throw core::UsageError("name a file or a change", "as in --set approve_from=7.5");
    }
    core::Json config = arguments->file ? core::read_json(*arguments->file) : core::Json();
    store::Session session = open_store(context);
    return output_of(
        app::propose_quality(session, brand_of(context, session),
                             request_of(arguments->is_organization, arguments->by, context),
                             std::move(config), changes));
  };
  return command;
}

}  // namespace

cli::Command calibrate() {
  auto window = std::make_shared<std::int64_t>(30);
  cli::Command command("calibrate", "learn from people's judgements where reviews should pass");
  command.schema = "calibration/v1";
  command.writes = true;
  command.details =
      "A bad ad that goes out costs twice a good one held back. From the audits of the window, "
      "each counted one over its probability, human approval is fitted on the score (isotonic or "
      "logistic, whichever predicts held-out ads better) and the pass threshold of least expected "
      "cost found, moved by at most 1.0; the weight of each check moves by at most 0.5, by how "
      "much it separates people's decisions. All costs are taken on ads that were held out. It "
      "becomes a proposal where the 90 % bootstrap upper bound of new less old cost is below 0, "
      "and counts once it is activated, never by itself. With fewer than 30 judged ads the outcome "
      "is insufficient_evidence. --rules classic takes the newest override of each ad in the place "
      "of audits: those are made where people disagree, and mislead (`basis` is then `selected`).";
  command.value("--window", *window, "DAYS", "how far to look back", 1, 3650);
  command.examples = {
      {"adgenome calibrate", "look for better numbers once a week"},
      {"adgenome calibrate --dry-run --format json | jq '{outcome, approve_from, cost}'",
       "what would be proposed, and what it would save"}};
  command.run = [window](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    app::Report report =
        app::calibrate_brand(session, brand,
                             {.is_classic = rules_of(context, brand) == cli::Rules::kClassic,
                              .window_days = *window,
                              .seed = context.seed(),
                              .now = context.now(),
                              .is_dry_run = context.is_dry_run()});
    for (const std::string& note : report.notes) context.warn(note);
    return {.document = std::move(report.document),
            .list = "checks",
            .columns = {"check", "ads", "approved_mean", "rejected_mean", "weight", "new_weight"}};
  };
  command.children = {
      list(), show(), propose(),
      settle("activate", "make a proposal count",
             "The config that counted so far is retired. A proposal that was made against another "
             "config than the one that counts now is refused.",
             &app::activate_quality),
      settle("dismiss", "put a proposal aside", "It stays in the list as dismissed.",
             &app::dismiss_quality)};
  return command;
}

}  // namespace adgenome::commands
