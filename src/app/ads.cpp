#include <adgenome/app/ads.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <array>
#include <map>

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::array kStatuses = {"pending",  "generation_failed", "review_failed",
                                  "approved", "flagged",           "rejected"};

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json listed(const store::ListedAd& ad, const std::string& brand_id) {
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
          {"review_score", or_null(ad.review_score)},
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

/// Counts of ads that are summed up together.
struct Totals {
  std::int64_t ads = 0;
  std::int64_t imported = 0;
  std::int64_t cost_micros = 0;
  std::int64_t decided = 0;     ///< by a person
  std::int64_t verdicts = 0;    ///< the machine approved or rejected them
  std::int64_t overridden = 0;  ///< of those, a person decided otherwise
  std::map<std::string, std::int64_t> by_status;
  std::map<std::string, std::int64_t> by_effective_status;

  void add(const store::AdCount& count) {
    ads += count.ads;
    imported += count.imported;
    cost_micros += count.cost_micros;
    by_status[count.status] += count.ads;
    by_effective_status[count.human_decision.value_or(count.status)] += count.ads;
    if (count.human_decision) decided += count.ads;
    if (count.status != "approved" && count.status != "rejected") return;
    verdicts += count.ads;
    if (count.human_decision && *count.human_decision != count.status) overridden += count.ads;
  }
};

Json by_status(const std::map<std::string, std::int64_t>& counts) {
  Json all = Json::object();
  for (const char* status : kStatuses) {
    const auto found = counts.find(status);
    all[status] = found == counts.end() ? 0 : found->second;
  }
  return all;
}

Json totals_json(const Totals& totals) {
  Json rate;
  if (totals.verdicts > 0) {
    rate = static_cast<double>(totals.overridden) / static_cast<double>(totals.verdicts);
  }
  return {{"ads", totals.ads},
          {"imported", totals.imported},
          {"status", by_status(totals.by_status)},
          {"effective_status", by_status(totals.by_effective_status)},
          {"human_decisions", totals.decided},
          {"overridden", totals.overridden},
          {"override_rate", std::move(rate)},
          {"cost", core::money_number(totals.cost_micros)}};
}

Json groups_of(const std::vector<store::AdCount>& counts) {
  std::map<std::string, Totals> templates;
  for (const store::AdCount& count : counts) templates[count.template_id].add(count);
  Json groups = Json::array();
  for (const auto& [template_id, totals] : templates) {
    Json group = {{"template_id", template_id.empty() ? Json() : Json(template_id)}};
    group.update(totals_json(totals));
    groups.push_back(std::move(group));
  }
  return groups;
}

Json reviews_json(const std::vector<store::AdReview>& reviews) {
  Json list = Json::array();
  for (const store::AdReview& review : reviews) {
    list.push_back({{"reviewed_at", core::format_time(review.reviewed_at)},
                    {"stage", review.stage},
                    {"reviewer", review.reviewer},
                    {"rubric_version", review.rubric_version},
                    {"score", or_null(review.score)},
                    {"verdict", or_null(review.verdict)},
                    {"checks", review.checks},
                    {"error", or_null(review.error)}});
  }
  return list;
}

Json overrides_json(const std::vector<store::AdOverride>& overrides) {
  Json list = Json::array();
  for (const store::AdOverride& one : overrides) {
    const bool is_superseded = !list.empty();
    list.push_back({{"action", one.action},
                    {"at", core::format_time(one.decided_at)},
                    {"by", one.decided_by},
                    {"checks", one.checks},
                    {"reason", or_null(one.reason)},
                    {"machine_status", one.machine_status},
                    {"machine_score", or_null(one.machine_score)},
                    {"superseded", is_superseded}});
  }
  return list;
}

}  // namespace

Json list_ads(store::Session& session, const store::Brand& brand, const store::AdFilter& filter) {
  Json items = Json::array();
  store::list_ads(session, brand.id, filter,
                  [&](const store::ListedAd& ad) { items.push_back(listed(ad, brand.id)); });
  Json document = {{"brand_id", brand.id},
                   {"total", store::count_ads(session, brand.id, filter)},
                   {"items", std::move(items)}};
  if (filter.by_template) {
    document["groups"] = groups_of(store::count_ads_by_status(session, brand.id, filter));
  }
  return document;
}

store::ListedAd require_ad(store::Session& session, const store::Brand& brand,
                           const std::string& id) {
  std::vector<store::ListedAd> found;
  const auto take = [&](const store::ListedAd& ad) { found.push_back(ad); };
  store::list_ads(session, brand.id, {.id = id}, take);
  if (found.empty()) store::list_ads(session, brand.id, {.short_id = id}, take);
  if (found.empty()) {
    throw core::InvalidInput("brand " + brand.id + " has no ad \"" + id + "\"",
                             "adgenome ads list shows ids and short ids");
  }
  if (found.size() > 1) {
    std::vector<std::string> ids;
    for (const store::ListedAd& ad : found) ids.push_back(ad.id);
    throw core::InvalidInput("several ads have the short id \"" + id + "\"",
                             "name one by its id: " + core::join(ids, ", "));
  }
  return std::move(found.front());
}

Json show_ad(store::Session& session, const store::Brand& brand, const std::string& id) {
  const store::ListedAd ad = require_ad(session, brand, id);
  const store::AdDetails details = store::ad_details(session, brand.id, ad.id);
  Json mappings = Json::array();
  for (const store::AdMapping& mapping : details.mappings) {
    mappings.push_back({{"platform", mapping.platform},
                        {"platform_ad_id", mapping.platform_ad_id},
                        {"source", mapping.source}});
  }
  Json document = listed(ad, brand.id);
  document["reviews"] = reviews_json(details.reviews);
  document["overrides"] = overrides_json(details.overrides);
  document["mappings"] = std::move(mappings);
  document["element_choices"] = details.element_choices;
  document["parent_ad_id"] = details.parent_ad_id.empty() ? Json() : Json(details.parent_ad_id);
  document["iteration_round"] = details.iteration_round;
  document["congruence_score"] = or_null(details.congruence_score);
  document["pre_generation_score"] = or_null(details.pre_generation_score);
  document["prompt"] = details.prompt;
  return document;
}

Json ad_stats(store::Session& session, const store::Brand& brand, const store::AdFilter& filter) {
  const std::vector<store::AdCount> counts = store::count_ads_by_status(session, brand.id, filter);
  Totals totals;
  for (const store::AdCount& count : counts) totals.add(count);
  Json document = {{"brand_id", brand.id}};
  document.update(totals_json(totals));
  document["groups"] = filter.by_template ? groups_of(counts) : Json::array();
  return document;
}

}  // namespace adgenome::app
