#include <adgenome/app/ads.hpp>
#include <adgenome/app/exemplar.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/decisions.hpp>
#include <algorithm>
#include <set>

#include "quality.hpp"
#include "shown_exemplars.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;
using creative::ExemplarKind;

constexpr std::int64_t kNewestDecisions = 200;
constexpr ExemplarKind kKinds[] = {ExemplarKind::kGoldApproval, ExemplarKind::kGoldRejection,
                                   ExemplarKind::kEdgeCase};

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const store::Exemplar& exemplar) {
  return {{"ad_id", exemplar.ad_id},
          {"kind", exemplar.kind},
          {"source", exemplar.source},
          {"score", or_null(exemplar.score)},
          {"reason", or_null(exemplar.reason)},
          {"active", exemplar.is_active},
          {"category", exemplar.category.empty() ? Json() : Json(exemplar.category)},
          {"canvas_size", exemplar.size},
          {"color_mode", exemplar.color_mode},
          {"headline", or_null(exemplar.headline)},
          {"image", or_null(exemplar.image_path)},
          {"added_by", or_null(exemplar.added_by)},
          {"added_at", core::format_time(exemplar.added_at)}};
}

Json document_of(const store::Brand& brand, const std::vector<store::Exemplar>& exemplars,
                 const char* reason_if_none) {
  Json counts = Json::object();
  for (const ExemplarKind kind : kKinds) {
    counts[std::string(creative::to_string(kind))] =
        std::count_if(exemplars.begin(), exemplars.end(), [&](const store::Exemplar& exemplar) {
          return exemplar.is_active && exemplar.kind == creative::to_string(kind);
        });
  }
  Json items = Json::array();
  for (const store::Exemplar& exemplar : exemplars) items.push_back(to_json(exemplar));
  return {{"brand_id", brand.id},
          {"counts", std::move(counts)},
          {"reason", exemplars.empty() ? Json(reason_if_none) : Json()},
          {"items", std::move(items)}};
}

std::optional<store::HumanDecision> newest_decision(store::Session& session,
                                                    const store::Brand& brand,
                                                    const std::string& ad_id) {
  std::optional<store::HumanDecision> newest;
  store::visit_decisions(session, brand.id, {.ad_id = ad_id, .only_newest = true},
                         [&](const store::HumanDecision& decision) { newest = decision; });
  return newest;
}

// Overridden to approve is a gold approval, to reject a gold rejection; confirmed at the border is
// an edge case.
std::optional<ExemplarKind> kind_of(const store::HumanDecision& decision,
                                    const creative::QualityConfig& quality) {
  if (decision.action == "approve") return ExemplarKind::kGoldApproval;
  if (decision.action == "reject") return ExemplarKind::kGoldRejection;
  const bool is_at_border = decision.machine_score &&
                            *decision.machine_score >= quality.flag_from &&
                            *decision.machine_score < quality.approve_from;
  return is_at_border ? std::optional(ExemplarKind::kEdgeCase) : std::nullopt;
}

std::size_t count_of(const std::vector<store::Exemplar>& exemplars, ExemplarKind kind,
                     const std::string& but) {
  return static_cast<std::size_t>(
      std::count_if(exemplars.begin(), exemplars.end(), [&](const store::Exemplar& exemplar) {
        return exemplar.kind == creative::to_string(kind) && exemplar.ad_id != but;
      }));
}

struct Candidate {
  store::Exemplar exemplar;
  creative::ExemplarAd ad;
};

// What the newest decisions would make of their ads, newest first, without those that were removed
// or are there.
std::vector<Candidate> candidates(store::Session& session, const store::Brand& brand,
                                  const creative::QualityConfig& quality,
                                  const ExemplarRequest& request) {
  std::set<std::string> known;
  for (const auto& exemplar : store::exemplars(session, brand.id, true)) {
    known.insert(exemplar.ad_id);
  }
  std::vector<store::HumanDecision> decisions;
  store::visit_decisions(
      session, brand.id, {.limit = kNewestDecisions},
      [&](const store::HumanDecision& decision) { decisions.push_back(decision); });
  std::vector<Candidate> list;
  for (const store::HumanDecision& decision : decisions) {
    if (decision.is_superseded || known.contains(decision.ad_id)) continue;
    const auto kind = kind_of(decision, quality);
    if (!kind) continue;
    const auto traits = store::find_ad_traits(session, brand.id, decision.ad_id);
    list.push_back({{.ad_id = decision.ad_id,
                     .kind = std::string(creative::to_string(*kind)),
                     .source = "seeded",
                     .score = decision.machine_score,
                     .reason = decision.reason,
                     .added_by = request.by,
                     .added_at = request.now},
                    {.ad_id = decision.ad_id,
                     .kind = *kind,
                     .traits = {traits->category, traits->size, traits->color_mode},
                     .at = decision.decided_at}});
  }
  return list;
}

}  // namespace

Json list_exemplars(store::Session& session, const store::Brand& brand, bool with_removed) {
  return document_of(brand, store::exemplars(session, brand.id, with_removed),
                     "no exemplars: adgenome exemplar seed fills them from decisions");
}

Json add_exemplar(store::Session& session, const store::Brand& brand, const std::string& ad,
                  const std::optional<std::string>& kind, const std::optional<std::string>& reason,
                  const ExemplarRequest& request) {
  const store::ListedAd listed = require_ad(session, brand, ad);
  const auto decision = newest_decision(session, brand, listed.id);
  std::optional<ExemplarKind> wanted;
  if (kind) {
    wanted = creative::parse_exemplar_kind(*kind);
  } else if (decision) {
    wanted = kind_of(*decision, effective_quality(session, brand).config);
  }
  if (!wanted) {
    throw InvalidInput("no decision says what ad " + listed.id + " is an example of",
                       "name it with --kind");
  }
  store::Transaction transaction(session);
  transaction.lock("exemplars/" + brand.id);
  if (count_of(store::exemplars(session, brand.id), *wanted, listed.id) >=
      creative::kMostExemplars) {
    throw InvalidInput("the brand has " + std::to_string(creative::kMostExemplars) +
                           " exemplars of kind " + std::string(creative::to_string(*wanted)) +
                           " already",
                       "take one away with adgenome exemplar remove");
  }
  store::put_exemplar(
      session, brand.id,
      {.ad_id = listed.id,
       .kind = std::string(creative::to_string(*wanted)),
       .source = "added",
       .score = decision && decision->machine_score ? decision->machine_score : listed.review_score,
       .reason = reason     ? reason
                 : decision ? decision->reason
                            : std::nullopt,
       .added_by = request.by,
       .added_at = request.now});
  Json document = list_exemplars(session, brand, false);
  if (!request.is_dry_run) transaction.commit();
  return document;
}

Json remove_exemplar(store::Session& session, const store::Brand& brand, const std::string& ad,
                     const ExemplarRequest& request) {
  const std::string id = require_ad(session, brand, ad).id;
  store::Transaction transaction(session);
  if (!store::remove_exemplar(session, brand.id, id, request.now)) {
    throw InvalidInput("ad " + id + " is no exemplar", "adgenome exemplar list shows them");
  }
  Json document = list_exemplars(session, brand, false);
  if (!request.is_dry_run) transaction.commit();
  return document;
}

Json seed_exemplars(store::Session& session, const store::Brand& brand,
                    const ExemplarRequest& request) {
  const creative::QualityConfig quality = effective_quality(session, brand).config;
  store::Transaction transaction(session);
  transaction.lock("exemplars/" + brand.id);
  const std::vector<store::Exemplar> there = store::exemplars(session, brand.id);
  const std::vector<Candidate> all = candidates(session, brand, quality, request);
  for (const ExemplarKind kind : kKinds) {
    std::vector<creative::ExemplarTraits> taken;
    for (const store::Exemplar& exemplar : there) {
      if (exemplar.kind == creative::to_string(kind)) {
        taken.push_back(to_exemplar_ad(exemplar).traits);
      }
    }
    std::vector<const Candidate*> of_kind;
    std::vector<creative::ExemplarAd> ads;
    for (const Candidate& candidate : all) {
      if (candidate.ad.kind != kind) continue;
      of_kind.push_back(&candidate);
      ads.push_back(candidate.ad);
    }
    const std::size_t room =
        creative::kMostExemplars - std::min(creative::kMostExemplars, taken.size());
    for (const std::size_t i : creative::spread_out(ads, taken, room)) {
      store::put_exemplar(session, brand.id, of_kind[i]->exemplar);
    }
  }
  Json document = list_exemplars(session, brand, false);
  if (!request.is_dry_run) transaction.commit();
  return document;
}

Json similar_exemplars(store::Session& session, const store::Brand& brand, const std::string& ad) {
  const ExemplarShelf shelf(session, brand);
  return document_of(brand, shelf.nearest(require_ad(session, brand, ad).id),
                     "the brand has no exemplars");
}

}  // namespace adgenome::app
