#include "retries.hpp"

#include <adgenome/app/generate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <adgenome/store/production.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "app/ad_drawing.hpp"
#include "app/generation_estimate.hpp"

namespace adgenome::app {
namespace {

/// What the children of one batch have in common.
struct Making {
  std::string batch_id;
  std::string provider;
  std::optional<std::string> folder;  ///< absent: the usual one
  bool is_jpeg = false;
  std::string prompt_version;

  auto key() const { return std::tie(batch_id, provider, folder, is_jpeg, prompt_version); }
  bool operator<(const Making& other) const { return key() < other.key(); }
};

std::optional<store::ListedAd> find_ad(store::Session& session, const store::Brand& brand,
                                       const std::string& ad_id) {
  std::optional<store::ListedAd> found;
  store::AdFilter filter;
  filter.id = ad_id;
  store::list_ads(session, brand.id, filter, [&](const store::ListedAd& ad) { found = ad; });
  return found;
}

/// Why an ad cannot be made anew; nothing where it can.
std::optional<std::string> obstacle(const store::ListedAd& ad, const core::Json& prompt) {
  if (ad.human_decision == "approved") return "a person approved it";
  if (ad.imported || ad.batch_id.empty() || !prompt.is_object())
    return "it is not known how it was made";
  if (ad.template_id.empty()) return "its template is not in the catalogue";
  return std::nullopt;
}

/// The batch that retries go back to.
std::string first_batch(store::Session& session, const store::Brand& brand, std::string batch_id) {
  while (const auto batch = store::find_batch(session, brand.id, batch_id)) {
    const auto parent = batch->options.find("retry_of");
    if (parent == batch->options.end() || !parent->is_string()) break;
    batch_id = parent->get<std::string>();
  }
  return batch_id;
}

Making making_of(const store::Session& session, const store::ListedAd& ad,
                 const core::Json& prompt) {
  namespace fs = std::filesystem;
  Making making{
      .batch_id = ad.batch_id, .provider = ad.provider, .folder = {}, .prompt_version = {}};
  if (ad.image_path) {
    const fs::path path(*ad.image_path);
    const std::string folder = path.parent_path().string();
    const bool is_usual =
        folder == kUsualImageFolder && fs::exists(file_beside_store(session, *ad.image_path));
    if (!is_usual) making.folder = folder;
    making.is_jpeg = path.extension() == ".jpg";
  }
  making.prompt_version =
      prompt.at("task").value("prompt_version", GenerateRequest{}.prompt_version);
  return making;
}

GenerateRequest request_for(const Making& making, const std::vector<std::string>& parents,
                            const ReviewRequest& review) {
  GenerateRequest request;
  request.retry_of = making.batch_id;
  request.retry_ads = parents;
  request.provider = making.provider;
  request.images = making.folder;
  request.image_format = making.is_jpeg ? "jpeg" : "png";
  request.prompt_version = making.prompt_version;
  request.prompt_folder = review.prompt_folder;
  request.seed = review.seed;
  request.now = review.now;
  request.providers = review.providers;
  return request;
}

}  // namespace

Retries retry_rejected(store::Session& session, const store::Brand& brand,
                       const ReviewRequest& request, const std::vector<std::string>& rejected) {
  Retries retries;
  const auto leave = [&](const std::string& ad_id, const std::string& reason) {
    retries.not_retried.push_back({{"ad_id", ad_id}, {"reason", reason}});
  };
  const std::int64_t cap = attempt_cap(session, brand);
  std::map<std::string, std::int64_t> spent_by_batch;
  std::vector<std::pair<Making, std::vector<std::string>>> makings;
  for (const std::string& ad_id : rejected) {
    const std::vector<std::string> earlier = store::retries_of_ad(session, brand.id, ad_id);
    if (!earlier.empty()) {
      retries.children.insert(retries.children.end(), earlier.begin(), earlier.end());
      continue;
    }
    const auto ad = find_ad(session, brand, ad_id);
    const core::Json prompt =
        ad ? store::ad_details(session, brand.id, ad_id).prompt : core::Json();
    if (const auto reason = ad ? obstacle(*ad, prompt) : "it is gone") {
      leave(ad_id, *reason);
      continue;
    }
    if (request.is_dry_run) {
      leave(ad_id, "a dry run makes no ads");
      continue;
    }
    const std::string first = first_batch(session, brand, ad->batch_id);
    const auto [spent, is_new] = spent_by_batch.try_emplace(first, 0);
    if (is_new) spent->second = store::count_attempts(session, brand.id, first);
    if (spent->second >= cap) {
      leave(ad_id, "the cap of " + std::to_string(cap) + " attempts is reached");
      continue;
    }
    ++spent->second;
    const Making making = making_of(session, *ad, prompt);
    auto at = std::find_if(makings.begin(), makings.end(),
                           [&](const auto& one) { return one.first.key() == making.key(); });
    if (at == makings.end()) at = makings.insert(makings.end(), {making, {}});
    at->second.push_back(ad_id);
  }
  for (const auto& [making, parents] : makings) {
    const GenerateRequest generation = request_for(making, parents, request);
    // Ids of their own for what is made of these parents: another round has others.
    core::IdSource ids(request.seed, "retry " + parents.front(), request.now);
    try {
      std::int64_t cost_micros = 0;
      const GenerateReport report = generate_ads(
          session, brand, generation, ids, [](const core::Json&, bool) { return true; },
          [&](const GenerateStatus& status) { cost_micros = status.cost_micros; });
      retries.attempts += report.attempts;
      retries.failed += report.failed;
      retries.cost_micros += cost_micros;
      retries.warnings.insert(retries.warnings.end(), report.warnings.begin(),
                              report.warnings.end());
      for (const core::Json& ad : report.document.at("ads")) {
        retries.children.push_back(ad.at("ad_id").get<std::string>());
      }
    } catch (const core::InvalidInput& error) {
      // What the parents were made of is not there any more.
      for (const std::string& parent : parents) leave(parent, error.what());
    } catch (const core::ProviderError& error) {
      for (const std::string& parent : parents) leave(parent, error.what());
      retries.warnings.push_back(error.what());
      retries.is_refused = true;
    }
  }
  return retries;
}

}  // namespace adgenome::app
