#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

template <class T>
core::Json or_null(const std::optional<T>& value) {
  return value ? core::Json(*value) : core::Json();
}

core::Json listed(const store::ListedAd& ad, const std::string& brand_id) {
  return {{"ad_id", ad.id},
          {"short_id", ad.short_id},
          {"name", ad.name},
          {"brand_id", brand_id},
          {"batch_id", ad.batch_id},
          {"ad_run_id", ad.ad_run_id},
          {"product_id", ad.product_id},
          {"template_id", ad.template_id},
          {"hook_id", ad.hook_id},
          {"prompt_index", ad.prompt_index},
          {"canvas_size", ad.canvas_size},
          {"color_mode", ad.color_mode},
          {"headline", or_null(ad.headline)},
          {"status", ad.status},
          {"human_decision", or_null(ad.human_decision)},
          {"effective_status", ad.human_decision.value_or(ad.status)},
          {"reward", or_null(ad.reward)},
          {"image", or_null(ad.image_path)},
          {"sha256", or_null(ad.image_sha256)},
          {"error", or_null(ad.error)},
          {"provider", ad.provider},
          {"cost", core::money_number(ad.cost_micros)},
          {"imported", ad.imported},
          {"created_at", core::format_time(ad.created_at)},
          {"tags", ad.tags}};
}

cli::Command ads_list() {
  struct Options {
    store::AdFilter filter;
    std::string sort = "oldest";
  };
  auto options = std::make_shared<Options>();
  cli::Command command("list", "list the ads of a brand");
  command.schema = "ads/v1";
  command.details =
      "The short id stands in the name that is proposed for the ad on a platform; performance that "
      "is "
      "imported under such a name finds its ad. `status` is the machine's verdict, "
      "`human_decision` a "
      "person's, which counts where it is there.";
  store::AdFilter& filter = options->filter;
  command.value("--batch", filter.batch_id, "ID", "ads of one batch of generate");
  command.value("--run", filter.ad_run_id, "ID", "ads of one run (one template of a batch)");
  command.value("--template", filter.template_id, "ID", "ads of one template");
  command.value("--size", filter.canvas_size, "SIZE", "ads of one canvas size, as in 1:1");
  command.value("--color", filter.color_mode, "MODE", "ads of one color mode")
      .choice({"original", "complementary", "brand"});
  command.value("--status", filter.status, "STATUS", "ads of one effective status")
      .choice({"pending", "generation_failed", "review_failed", "approved", "flagged", "rejected"});
  command.value("--sort", options->sort, "ORDER", "which come first").choice({"newest", "oldest"});
  command.value("--limit", filter.limit, "N", "at most so many; `total` says how many there are",
                0);
  command.value("--after", filter.after, "ID", "go on behind this ad");
  command.examples = {
      {"adgenome ads list --status approved --limit 20", "the first twenty approved ads"},
      {"adgenome ads list --format json | jq -r '.items[] | [.short_id, .headline] | @tsv'",
       "short ids and headlines"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    options->filter.is_newest_first = options->sort == "newest";
    core::Json items = core::Json::array();
    store::list_ads(session, brand.id, options->filter,
                    [&](const store::ListedAd& ad) { items.push_back(listed(ad, brand.id)); });
    return {.document = {{"brand_id", brand.id},
                         {"total", store::count_ads(session, brand.id, options->filter)},
                         {"items", std::move(items)}},
            .list = "items",
            .columns = {"short_id", "template_id", "canvas_size", "color_mode", "effective_status",
                        "reward", "headline"}};
  };
  return command;
}

}  // namespace

cli::Command ads() {
  cli::Command command("ads", "the ads that were made or imported");
  command.examples = {{"adgenome ads list", "every ad of the brand"},
                      {"adgenome ads list --status flagged", "those that wait for a person"}};
  command.children = {ads_list()};
  return command;
}

}  // namespace adgenome::commands
