#include <unistd.h>

#include <adgenome/app/review.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/progress_channel.hpp>
#include <memory>

#include "commands.hpp"
#include "provider_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct ReviewOptions {
  std::optional<std::string> input;
  std::string batch;
  std::vector<std::string> ads;
  std::string fail_on;
  std::string reviewers;
  std::string agreement;
  std::int64_t repeat = 1;
  std::int64_t retry = 0;
  std::string prompt_folder;
  bool is_fresh = false;
  bool uses_cache = false;
  std::optional<std::string> sheet;
  bool requires_full_scan = false;
  bool ignores_experiment = false;
};

// The ads come from exactly one place; without another it is standard input.
app::ReviewRequest request_of(const ReviewOptions& options, const cli::Context& context) {
  app::ReviewRequest request;
  request.now = context.now();
  request.is_dry_run = context.is_dry_run();
  request.seed = context.seed();
  request.requires_full_scan = options.requires_full_scan;
  request.repeat = options.repeat;
  request.retry = options.retry;
  request.prompt_folder = options.prompt_folder;
  request.is_fresh = options.is_fresh;
  request.uses_experiment = !options.ignores_experiment;
  request.sheet = options.sheet;
  const int sources =
      (options.input ? 1 : 0) + (options.batch.empty() ? 0 : 1) + (options.ads.empty() ? 0 : 1);
  if (sources > 1) throw core::UsageError("name one of --batch, --ads and a file of ads");
  if (!options.batch.empty()) {
    request.batch = options.batch;
  } else if (!options.ads.empty()) {
    request.ads = options.ads;
  } else {
    const std::string path = options.input.value_or("-");
    if (path == "-" && ::isatty(STDIN_FILENO) != 0) {
      throw core::UsageError("no ads named and standard input is a terminal",
                             "name a --batch or --ads, or pipe the output of generate in");
    }
    request.ads = app::ads_of_input(path);
  }
  return request;
}

// What the options leave open is the brand's to say.
void settle(app::ReviewRequest& request, const ReviewOptions& options, const cli::Context& context,
            const store::Brand& brand) {
  request.reviewers = options.reviewers.empty() ? app::stage_reviewers_of(brand)
                                                : app::parse_stage_reviewers(options.reviewers);
  const bool is_mean = options.agreement.empty() ? rules_of(context, brand) == cli::Rules::kRobust
                                                 : options.agreement == "mean";
  request.agreement = is_mean ? creative::Agreement::kMean : creative::Agreement::kEither;
}

core::ExitCode exit_code_of(const app::ReviewReport& report, const std::string& fail_on) {
  if (report.failed > 0 || report.is_retry_refused) return core::ExitCode::kProvider;
  const bool is_failed =
      (!fail_on.empty() && report.rejected > 0) || (fail_on == "flagged" && report.flagged > 0);
  return is_failed ? core::ExitCode::kCheckFailed : core::ExitCode::kDone;
}

}  // namespace

cli::Command review() {
  const auto options = std::make_shared<ReviewOptions>();
  cli::Command command("review",
                       "look at ads: scan for defects, score by the rubric, give verdicts");
  command.schema = "review/v1";
  command.writes = true;
  command.details =
      "Stage 1 scans for defects; one found rejects the ad. Stage 2 scores the checks of the "
      "rubric "
      "from 0 to 10. Both are measured on the picture: the text that it should show is read in it, "
      "its contrast and size taken, the product found again and compared with its own picture, the "
      "colors held against the palette asked for, offers and claims against what was given. A "
      "check that cannot be measured is null with a reason.\n\n"
      "An ad is approved from a weighted mean of 7.0, flagged for a person to decide from 5.0, "
      "else rejected; a wrong product, label or claim under 3.0 rejects it whatever the mean. With "
      "less than 60 % of the weight assessed (as of an ad without a picture) it is flagged. An "
      "error of the reviewer is review_failed and exit code 6, never a verdict. A check from 5.0 "
      "to 7.0 calls a second reviewer where stage3 names one; of two, their mean counts (--rules "
      "classic: either may approve). All these numbers are those of the active quality config "
      "(adgenome calibrate show). Answers are kept by picture, words, rubric and reviewer: what is "
      "reviewed again unchanged is `cached`.\n\n"
      "Ads of a run that the brand's active experiment gave an arm are judged as that says, and "
      "what "
      "became of the run is stored with it; --no-experiment leaves both.\n\n"
      "With --retry a rejected ad is made anew by the provider of its parent, beside its picture, "
      "and reviewed itself: it stands in `reviews` with `retry_of`. Attempts count against the cap "
      "of the batch (brand set attempt_cap=N); what was not made anew stands in `retries` with the "
      "reason. An ad with another in its place does not count for --fail-on rejected.\n\n"
      "Ads come as the output of generate or as records with ad_id on standard input, or by "
      "--batch or --ads.";
  command.positional("FILE", options->input, "ads to review; - or nothing is standard input");
  command.value("--batch", options->batch, "ID", "every ad of a batch");
  command.list("--ads", options->ads, "ID", "these ads");
  command
      .value("--fail-on", options->fail_on, "VERDICT",
             "exit code 7 where an ad is rejected, or flagged or rejected")
      .choice({"flagged", "rejected"});
  command.value(
      "--reviewers", options->reviewers, "STAGES",
      "who does which stage, as stage1=local,stage2=anthropic,stage3=gemini (local, gemini, "
      "openai, anthropic; default: the brand's)");
  command
      .value("--agreement", options->agreement, "HOW",
             "of two reviewers: their mean, or either may approve (default: mean, with --rules "
             "classic or)")
      .choice({"mean", "or"});
  command.value("--repeat", options->repeat, "N",
                "ask a reviewer that may answer differently N times and show the spread", 1, 20);
  command.value(
      "--retry", options->retry, "N",
      "make rejected ads anew, with what was wrong in the prompt, and review them; at most "
      "N times",
      0, 10);
  command.value("--prompt-folder", options->prompt_folder, "DIR",
                "where versions of prompts of your own are, for --retry");
  command.flag("--cache", options->uses_cache,
               "take a provider's answer to the same request over, whatever it was for");
  command.flag("--fresh", options->is_fresh, "ask anew where an answer is stored");
  command.value("--sheet", options->sheet, "FILE",
                "write a contact sheet: pictures, verdicts, scores of the checks; .html or .png");
  command.flag("--no-experiment", options->ignores_experiment,
               "judge ads of the active experiment's arms like all others");
  command.flag("--require-full-scan", options->requires_full_scan,
               "flag what would be approved where a defect could not be assessed");
  command.examples = {
      {"adgenome generate --templates t1 --product p1 | adgenome review",
       "make ads and review them"},
      {"adgenome review --batch 0198c0de-0000-7000-8000-000000000001 --fail-on rejected --format "
       "json | jq .counts",
       "how many passed; exit code 7 where one did not"},
      {"adgenome review --batch 0198c0de-0000-7000-8000-000000000001 --retry 2",
       "make what is rejected anew, up to twice"},
      {"adgenome review --batch 0198c0de-0000-7000-8000-000000000001 --sheet ads.html",
       "the ads side by side with their verdicts"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    app::ReviewRequest request = request_of(*options, context);
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    settle(request, *options, context, brand);
    const app::ProviderAccess providers = provider_access(context, options->uses_cache);
    request.providers = &providers;
    std::unique_ptr<cli::Progress> bar;
    std::int64_t shown = 0;
    app::ReviewReport report =
        app::review_ads(session, brand, request, [&](const app::ReviewStatus& status) {
          if (!bar) bar = context.progress("review", status.total);
          bar->advance(status.reviewed - shown);
          shown = status.reviewed;
          core::report_progress({{"ads_approved", status.approved},
                                 {"ads_flagged", status.flagged},
                                 {"ads_rejected", status.rejected}});
        });
    for (const std::string& warning : report.warnings) context.warn(warning);
    return {.document = std::move(report.document),
            .list = "reviews",
            .columns = {"ad_id", "verdict", "score", "assessed_weight"},
            .text = {},
            .exit_code = static_cast<int>(exit_code_of(report, options->fail_on))};
  };
  return command;
}

}  // namespace adgenome::commands
