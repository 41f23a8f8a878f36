#include <adgenome/app/ads.hpp>
#include <adgenome/app/decide.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/quality.hpp>
#include <adgenome/store/decisions.hpp>
#include <adgenome/store/reviews.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

constexpr std::string_view kActions[] = {"approve", "reject", "confirm"};

void check(const Decision& decision) {
  if (std::find(std::begin(kActions), std::end(kActions), decision.action) == std::end(kActions)) {
    throw InvalidInput("expected approve, reject or confirm, found \"" + decision.action + "\"");
  }
  const creative::QualityConfig known;
  for (const auto& [id, score] : decision.checks) {
    (void)known.of(id);
    if (!(score >= 0 && score <= 10)) {
      throw InvalidInput("score of " + id + " is outside 0 to 10");
    }
  }
}

Json to_json(const store::HumanDecision& decision) {
  return {{"ad_id", decision.ad_id},
          {"action", decision.action},
          {"at", core::format_time(decision.decided_at)},
          {"by", decision.decided_by},
          {"checks", decision.checks},
          {"reason", or_null(decision.reason)},
          {"machine_status", decision.machine_status},
          {"machine_score", or_null(decision.machine_score)}};
}

bool is_same(const store::HumanDecision& one, const store::HumanDecision& other) {
  return one.action == other.action && one.reason == other.reason &&
         nlohmann::json(one.checks) == nlohmann::json(other.checks);
}

struct Stored {
  store::HumanDecision decision;
  bool is_new = false;
};

// Belongs into a transaction.
Stored store_decision(store::Session& session, const store::Brand& brand, const Decision& decision,
                      const std::string& by, core::Time at) {
  check(decision);
  const std::string ad_id = require_ad(session, brand, decision.ad).id;
  const auto machine = store::machine_verdict(session, brand.id, ad_id);
  store::HumanDecision row{.ad_id = ad_id,
                           .action = decision.action,
                           .decided_at = at,
                           .decided_by = by,
                           .reason = decision.reason,
                           .machine_status = machine->status,
                           .machine_score = machine->score};
  if (!decision.checks.empty()) row.checks = decision.checks;
  if (const auto earlier = store::find_decision(session, brand.id, ad_id, at, by)) {
    if (is_same(*earlier, row)) return {*earlier, false};
    throw InvalidInput(by + " decided otherwise on ad " + ad_id + " at the same time",
                       "decide again at another time");
  }
  const bool has_verdict = machine->status == "approved" || machine->status == "rejected";
  if (decision.action == "confirm" && !has_verdict) {
    throw InvalidInput("there is no verdict to confirm: ad " + ad_id + " is " + machine->status,
                       "approve or reject it");
  }
  if (machine->status == "generation_failed") {
    throw InvalidInput("ad " + ad_id + " was never made: there is nothing to decide on");
  }
  store::add_decision(session, brand.id, row);
  store::answer_audit(session, brand.id, ad_id, row.action, at, by);
  return {std::move(row), true};
}

Json item_of(const Stored& stored) {
  Json item = to_json(stored.decision);
  item["state"] = stored.is_new ? "new" : "unchanged";
  return item;
}

Json document_of(const store::Brand& brand, const RowCounts& counts, Json items) {
  Json document = {{"brand_id", brand.id}};
  add_counts(document, counts);
  document["items"] = std::move(items);
  return document;
}

Decision decision_from(const core::RecordView& record) {
  record.for_each_member([](std::string_view name, const core::RecordView& value) {
    constexpr std::string_view kFields[] = {"schema", "type", "ad_id",  "action",
                                            "checks", "at",   "reason", "by"};
    if (std::find(std::begin(kFields), std::end(kFields), name) == std::end(kFields)) {
      value.fail("unknown field \"" + std::string(name) + "\"");
    }
  });
  Decision decision{.ad = record.at("ad_id").as_id(),
                    .action = std::string(record.at("action").as_string())};
  if (const auto checks = record.find("checks")) {
    checks->for_each_member([&](std::string_view id, const core::RecordView& score) {
      if (!score.is_null()) decision.checks[std::string(id)] = score.as_double();
    });
  }
  decision.reason = record.optional_string("reason");
  return decision;
}

}  // namespace

Json decide(store::Session& session, const store::Brand& brand, const Decision& decision,
            const DecisionRequest& request) {
  store::Transaction transaction(session);
  const Stored stored = store_decision(session, brand, decision, request.by, request.now);
  if (!request.is_dry_run) transaction.commit();
  RowCounts counts;
  ++(stored.is_new ? counts.added : counts.unchanged);
  return document_of(brand, counts, Json::array({item_of(stored)}));
}

Json decide_rows(store::Session& session, const store::Brand& brand, const std::string& input,
                 core::Rejects& rejects, const DecisionRequest& request) {
  RowCounts counts;
  Json items = Json::array();
  store::Transaction transaction(session);
  core::RecordReader reader(core::open_input(input));
  core::read_records(reader, rejects, [&](const core::RecordView& record) {
    const Decision decision = decision_from(record);
    const auto at = record.find("at");
    try {
      const Stored stored = store_decision(
          session, brand, decision, record.optional_string("by").value_or(request.by),
          at ? core::parse_time(std::string(at->as_string())) : request.now);
      ++(stored.is_new ? counts.added : counts.unchanged);
      items.push_back(item_of(stored));
    } catch (const InvalidInput& error) {
      record.fail(error.what());
    }
  });
  counts.rejected = rejects.count();
  if (!request.is_dry_run) transaction.commit();
  return document_of(brand, counts, std::move(items));
}

Json list_decisions(store::Session& session, const store::Brand& brand,
                    const std::optional<std::string>& ad, std::int64_t limit) {
  store::DecisionFilter filter{.limit = limit};
  if (ad) filter.ad_id = require_ad(session, brand, *ad).id;
  Json items = Json::array();
  store::visit_decisions(session, brand.id, filter, [&](const store::HumanDecision& decision) {
    Json item = to_json(decision);
    item["superseded"] = decision.is_superseded;
    items.push_back(std::move(item));
  });
  const bool is_empty = items.empty();
  return {{"brand_id", brand.id},
          {"reason", is_empty ? Json("no decisions") : Json()},
          {"items", std::move(items)}};
}

Json list_audits(store::Session& session, const store::Brand& brand, std::int64_t limit) {
  Json items = Json::array();
  std::int64_t open = 0;
  store::visit_audits(session, brand.id, true, {}, [&](const store::ReviewAudit& audit) {
    ++open;
    if (static_cast<std::int64_t>(items.size()) == limit) return;
    items.push_back({{"ad_id", audit.ad_id}, {"queued_at", core::format_time(audit.queued_at)}});
  });
  for (Json& item : items) {
    // What a person needs to judge the ad; not what the machine said of it.
    const store::ListedAd ad = require_ad(session, brand, item.at("ad_id").get<std::string>());
    item["short_id"] = ad.short_id;
    item["headline"] = or_null(ad.headline);
    item["canvas_size"] = ad.canvas_size;
    item["color_mode"] = ad.color_mode;
    item["image"] = or_null(ad.image_path);
  }
  return {{"brand_id", brand.id},
          {"open", open},
          {"reason", open == 0 ? Json("no audits wait") : Json()},
          {"items", std::move(items)}};
}

}  // namespace adgenome::app
