#include <adgenome/app/decide.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <memory>

#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct DecideArguments {
  std::string ad;
  std::vector<std::string> checks;
  std::string reason;
  std::string by = "command line";
};

struct ApplyArguments {
  std::optional<std::string> input;
  std::string by = "command line";
  RowOptions rows;
};

struct ListArguments {
  std::optional<std::string> ad;
  bool only_audits = false;
  std::int64_t limit = 100;
};

app::DecisionRequest request_of(const std::string& by, const cli::Context& context) {
  return {.by = by, .now = context.now(), .is_dry_run = context.is_dry_run()};
}

cli::Output output_of(core::Json document) {
  return {.document = std::move(document),
          .list = "items",
          .columns = {"ad_id", "action", "machine_status", "machine_score", "by", "state"}};
}

app::Decision decision_of(const DecideArguments& arguments, const char* action) {
  app::Decision decision{.ad = arguments.ad, .action = action};
  for (const std::string& text : arguments.checks) {
    const auto [check, value] = cli::name_and_value(text, "--check");
    const auto score = core::to_double(value);
    if (!score) throw core::UsageError("--check: expected V2=3, found \"" + text + "\"");
    decision.checks[check] = *score;
  }
  if (!arguments.reason.empty()) decision.reason = arguments.reason;
  return decision;
}

cli::Command decide_command(const char* action, const char* summary, const char* details,
                            const char* reason) {
  auto arguments = std::make_shared<DecideArguments>();
  cli::Command command(action, summary);
  command.schema = "override/v1";
  command.writes = true;
  command.details = details;
  command.positional("AD", arguments->ad, "id or short id of the ad");
  command.list("--check", arguments->checks, "CHECK=SCORE",
               "your own score of a check, as V2=3; may be repeated");
  command.value("--reason", arguments->reason, "TEXT", "why; reviewers get it with exemplars");
  command.value("--by", arguments->by, "NAME", "who decides");
  const std::string start = std::string("adgenome override ") + action;
  command.examples = {{start + " 4f1k2m --reason \"" + reason + "\"", "decide on one ad"},
                      {start + " 4f1k2m --check V2=3 --check V7=6 --by anna",
                       "the same with your own scores, which calibration and statistics compare"}};
  command.run = [arguments, action](cli::Context& context) -> cli::Output {
    const app::Decision decision = decision_of(*arguments, action);
    store::Session session = open_store(context);
    return output_of(app::decide(session, brand_of(context, session), decision,
                                 request_of(arguments->by, context)));
  };
  return command;
}

cli::Command apply() {
  auto arguments = std::make_shared<ApplyArguments>();
  cli::Command command("apply", "take in many decisions from a file");
  command.schema = "override/v1";
  command.writes = true;
  command.details =
      "Rows {\"ad_id\", \"action\", \"checks\": {}, \"reason\", \"by\", \"at\"}, JSONL or one JSON "
      "array; ad_id and action (approve, reject, confirm) are needed, `at` is now and `by` is --by "
      "where a row does not say. The same decision again changes nothing.";
  command.positional("FILE", arguments->input, "decisions; - or nothing is standard input");
  command.value("--by", arguments->by, "NAME", "who decided, where a row does not say");
  arguments->rows.add_to(command);
  command.examples = {
      {"adgenome override apply decisions.jsonl", "take in what was decided elsewhere"},
      {"adgenome ads list --status flagged --format jsonl | jq -c '{ad_id, action: "
       "\"reject\"}' | adgenome override apply - --by anna",
       "reject everything that is flagged"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    core::Rejects rejects = arguments->rows.collector();
    core::Json document =
        app::decide_rows(session, brand_of(context, session), arguments->input.value_or("-"),
                         rejects, request_of(arguments->by, context));
    arguments->rows.show(rejects, context);
    return output_of(std::move(document));
  };
  return command;
}

cli::Command list() {
  auto arguments = std::make_shared<ListArguments>();
  cli::Command command("list", "show what was decided, or what waits to be judged unseen");
  command.schema = "override_list/v1";
  command.details =
      "The history of decisions, newest first: the newest of an ad counts, earlier ones are "
      "`superseded`. With --audit the ads that were drawn at random for a person to judge without "
      "seeing the verdict: judge them with `override approve` or `override reject`, and calibrate "
      "learns from them.";
  command.value("--ad", arguments->ad, "AD", "decisions on this ad only");
  command.flag("--audit", arguments->only_audits, "ads that wait for a judgement, not decisions");
  command.value("--limit", arguments->limit, "N", "at most so many", 1, 100000);
  command.examples = {{"adgenome override list --ad 4f1k2m", "who decided what on an ad"},
                      {"adgenome override list --audit --format json | jq -r '.items[].image'",
                       "the pictures that are to be judged"}};
  command.run = [arguments](cli::Context& context) -> cli::Output {
    if (arguments->ad && arguments->only_audits) {
      throw core::UsageError("--audit shows all that waits: --ad does not go with it");
    }
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    if (arguments->only_audits) {
      return {.document = app::list_audits(session, brand, arguments->limit),
              .list = "items",
              .columns = {"ad_id", "short_id", "headline", "canvas_size", "color_mode", "image"}};
    }
    return {.document = app::list_decisions(session, brand, arguments->ad, arguments->limit),
            .list = "items",
            .columns = {"ad_id", "action", "at", "by", "machine_status", "machine_score", "reason",
                        "superseded"}};
  };
  return command;
}

cli::Command stats() {
  auto weeks = std::make_shared<std::int64_t>(12);
  cli::Command command("stats", "how often and where people decide otherwise than the machine");
  command.schema = "override_stats/v1";
  command.details =
      "By week of the last review: of the ads that the machine approved or rejected, the share on "
      "which a person decided otherwise, with a 95 % interval (Wilson). Agreement is Cohen's kappa "
      "with its 95 % interval (Fleiss, Cohen and Everitt 1969), over all decisions, over the blind "
      "audits, and by reviewer, whose own say is what its score alone would have come to. By "
      "check: the mean score of what people approve and reject, how well it separates them (0.5 is "
      "not at all), and the mean of people's own scores less the machine's.";
  command.value("--weeks", *weeks, "N", "weeks to look back, this one included", 1, 520);
  command.examples = {{"adgenome override stats", "the last 12 weeks"},
                      {"adgenome override stats --weeks 4 --format json | jq '.agreement.kappa'",
                       "how far machine and people agree beyond chance"}};
  command.run = [weeks](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {
        .document = app::decision_stats(session, brand_of(context, session), *weeks, context.now()),
        .list = "weeks",
        .columns = {"week", "verdicts", "decided", "overridden", "override_rate"}};
  };
  return command;
}

}  // namespace

cli::Command override_command() {
  cli::Command command("override", "what people decide on ads, and how it compares");
  command.details =
      "A decision counts before the machine's verdict, which is kept as it was with its score. The "
      "newest decision of an ad counts; earlier ones stay as history.";
  command.examples = {
      {"adgenome override approve 4f1k2m --reason \"the label is right, the light is odd\"",
       "let an ad go out"},
      {"adgenome override list --audit", "what is to be judged without seeing the verdict"}};
  command.children = {
      decide_command("approve", "let an ad go out, whatever the machine says",
                     "The machine's verdict and score are kept beside the decision.",
                     "the label is right"),
      decide_command("reject", "hold an ad back, whatever the machine says",
                     "The machine's verdict and score are kept beside the decision.",
                     "the cap is missing"),
      decide_command("confirm", "agree with the machine's verdict",
                     "Takes over the verdict: approved or rejected. A flagged or failed ad has "
                     "none to confirm (exit code 3).",
                     "as I would have"),
      apply(),
      list(),
      stats()};
  return command;
}

}  // namespace adgenome::commands
