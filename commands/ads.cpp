#include <adgenome/app/ads.hpp>
#include <adgenome/app/performance.hpp>
#include <adgenome/core/error.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct AdsArguments {
  store::AdFilter filter;
  std::string sort = "oldest";
  std::optional<std::string> since;
  std::optional<std::string> until;
  std::optional<std::string> group;
  bool unmatched = false;
  std::string id;

  store::AdFilter wanted() const {
    store::AdFilter made = filter;
    if (sort == "newest") made.order = store::AdOrder::kNewestFirst;
    if (sort == "score") made.order = store::AdOrder::kByScore;
    if (since) made.since = time_of(*since, "option --since");
    if (until) made.until = time_of(*until, "option --until");
    made.by_template = group.has_value();
    return made;
  }

 private:
  static core::Time time_of(const std::string& text, const std::string& option) {
    try {
      return core::parse_time(text);
    } catch (const core::InvalidInput& error) {
      throw core::UsageError(error.what(), error.hint(), option);
    }
  }
};

void add_filters(cli::Command& command, AdsArguments& given) {
  store::AdFilter& filter = given.filter;
  command.value("--batch", filter.batch_id, "ID", "ads of one batch of generate");
  command.value("--run", filter.ad_run_id, "ID", "ads of one run (one template of a batch)");
  command.value("--template", filter.template_id, "ID", "ads of one template");
  command.value("--size", filter.canvas_size, "SIZE", "ads of one canvas size, as in 1:1");
  command.value("--color", filter.color_mode, "MODE", "ads of one color mode")
      .choice({"original", "complementary", "brand"});
  command.value("--status", filter.status, "STATUS", "ads of one effective status")
      .choice({"pending", "generation_failed", "review_failed", "approved", "flagged", "rejected"});
  command.value("--since", given.since, "TIME", "ads made then or later");
  command.value("--until", given.until, "TIME", "ads made before then");
}

cli::Command ads_list() {
  auto given = std::make_shared<AdsArguments>();
  cli::Command command("list", "list the ads of a brand");
  command.schema = "ads/v1";
  command.details =
      "The short id stands in the name that is proposed for the ad on a platform; performance that "
      "is imported under such a name finds its ad. `status` is the machine's verdict, "
      "`human_decision` a person's, which counts where it is there. `review_score` is the mean "
      "over the reviewers of its last review, by which --sort score orders.";
  add_filters(command, *given);
  command.value("--sort", given->sort, "ORDER", "which come first")
      .choice({"newest", "oldest", "score"});
  command.value("--limit", given->filter.limit, "N",
                "at most so many; `total` says how many there are", 0);
  command.value("--after", given->filter.after, "ID", "go on behind this ad");
  command
      .value("--group", given->group, "BY",
             "the ads of a template together, and totals by template in `groups`")
      .choice({"template"});
  command.flag("--unmatched", given->unmatched,
               "instead the platforms' ads that have performance and belong to none of ours, each "
               "with those that it may be");
  command.examples = {
      {"adgenome ads list --status approved --limit 20", "the first twenty approved ads"},
      {"adgenome ads list --format json | jq -r '.items[] | [.short_id, .headline] | @tsv'",
       "short ids and headlines"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    const store::AdFilter filter = given->wanted();
    store::Session session = open_store(context);
    if (given->unmatched) {
      const std::string brand_id = brand_of(context, session).id;
      core::Json unmatched = app::unmatched_platform_ads(session, brand_id);
      return {.document = {{"brand_id", brand_id},
                           {"total", unmatched.size()},
                           {"items", core::Json::array()},
                           {"unmatched", std::move(unmatched)}},
              .list = "unmatched",
              .columns = {"platform", "platform_ad_id", "name", "impressions", "candidates"}};
    }
    return {.document = app::list_ads(session, brand_of(context, session), filter),
            .list = "items",
            .columns = {"short_id", "template_id", "canvas_size", "color_mode", "effective_status",
                        "review_score", "reward", "headline"}};
  };
  return command;
}

cli::Command ads_show() {
  auto given = std::make_shared<AdsArguments>();
  cli::Command command("show", "show one ad with its reviews, decisions and platform ads");
  command.schema = "ad/v1";
  command.positional("AD", given->id, "its id or short id");
  command.examples = {{"adgenome ads show 3f2a9c01", "an ad by the short id in its name"},
                      {"adgenome ads show 3f2a9c01 --format json | jq .prompt",
                       "what it was made "
                       "of"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::show_ad(session, brand_of(context, session), given->id)};
  };
  return command;
}

cli::Command ads_stats() {
  auto given = std::make_shared<AdsArguments>();
  cli::Command command("stats", "count ads by status, and how often people decided otherwise");
  command.schema = "ads_stats/v1";
  command.details =
      "`override_rate` is the share of the ads that the machine approved or rejected and a person "
      "decided otherwise on; null where the machine has judged none.";
  add_filters(command, *given);
  command.value("--group", given->group, "BY", "totals by template as well, in `groups`")
      .choice({"template"});
  command.examples = {
      {"adgenome ads stats --since 2026-11-01", "the ads of a month"},
      {"adgenome ads stats --group template --format csv", "how each template does in review"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    const store::AdFilter filter = given->wanted();
    store::Session session = open_store(context);
    return {.document = app::ad_stats(session, brand_of(context, session), filter),
            .list = "groups",
            .columns = {"template_id", "ads", "effective_status.approved",
                        "effective_status.flagged", "effective_status.rejected", "override_rate"}};
  };
  return command;
}

}  // namespace

cli::Command ads() {
  cli::Command command("ads", "the ads that were made or imported");
  command.examples = {{"adgenome ads list", "every ad of the brand"},
                      {"adgenome ads list --status flagged", "those that wait for a person"}};
  command.children = {ads_list(), ads_show(), ads_stats()};
  return command;
}

}  // namespace adgenome::commands
