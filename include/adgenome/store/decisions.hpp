#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// What a person decided on an ad, and what the machine had said by then.
struct HumanDecision {
  std::string ad_id;
  std::string action;  ///< approve, reject, confirm
  core::Time decided_at;
  std::string decided_by;
  core::Json checks = nullptr;  ///< {"V2": 3}; null: none
  std::optional<std::string> reason = {};
  std::string machine_status = {};
  std::optional<double> machine_score = {};
  bool is_superseded = false;  ///< a later one of the same ad counts; not written
};

/// The decision of an ad by this person at this time.
std::optional<HumanDecision> find_decision(Session& session, const std::string& brand_id,
                                           const std::string& ad_id, core::Time decided_at,
                                           const std::string& decided_by);
/// Adds a decision and makes the newest one of its ad what counts. Belongs into a transaction.
void add_decision(Session& session, const std::string& brand_id, const HumanDecision& decision);

struct DecisionFilter {
  std::optional<std::string> ad_id = {};
  std::optional<core::Time> since = {};
  bool only_newest = false;  ///< of each ad
  std::optional<std::int64_t> limit = {};
};
/// Visits decisions, newest first.
void visit_decisions(Session& session, const std::string& brand_id, const DecisionFilter& filter,
                     const std::function<void(const HumanDecision&)>& visit);

/// A verdict that a person is to judge without seeing it.
struct ReviewAudit {
  std::string ad_id;
  double probability = 1;
  std::string verdict;
  std::optional<double> score = {};
  core::Time queued_at;
  std::optional<std::string> answer = {};  ///< approve, reject
  std::optional<core::Time> answered_at = {};
  std::optional<std::string> answered_by = {};
};

/// Whether any review of the ad ended before `before`: its chance of an audit was then.
bool was_reviewed_before(Session& session, const std::string& brand_id, const std::string& ad_id,
                         core::Time before);
/// Queues an audit unless the ad has one. Belongs into a transaction.
void queue_audit(Session& session, const std::string& brand_id, const ReviewAudit& audit);
/// Takes over a newer verdict of an ad whose audit is open.
void renew_audit(Session& session, const std::string& brand_id, const std::string& ad_id,
                 const std::string& verdict, const std::optional<double>& score);
/// The first approval or rejection after it was queued answers an open audit.
void answer_audit(Session& session, const std::string& brand_id, const std::string& ad_id,
                  const std::string& action, core::Time at, const std::string& by);
/// Audits by the time they were queued; open ones only, or all.
void visit_audits(Session& session, const std::string& brand_id, bool only_open,
                  const std::optional<core::Time>& since,
                  const std::function<void(const ReviewAudit&)>& visit);

/// The last review of an ad: one row a stage after the scan.
struct MachineStage {
  std::string ad_id;
  core::Time reviewed_at;
  std::int64_t stage = 0;
  std::string reviewer;
  std::optional<double> score;
  std::optional<double> assessed_weight;
  std::optional<std::string> verdict;
  core::Json checks;  ///< {"V1": {"score", "evidence"}}
};
/// Visits the stages of the last review of every ad that was reviewed at or after `since`, by ad
/// and stage.
void visit_last_reviews(Session& session, const std::string& brand_id,
                        const std::optional<core::Time>& since,
                        const std::function<void(const MachineStage&)>& visit);

/// Machine and human decision of an ad that the machine approved or rejected, with the time of its
/// last review.
struct JudgedVerdict {
  std::string ad_id;
  std::string status;
  std::optional<std::string> human_decision;
  core::Time reviewed_at;
};
void visit_verdicts(Session& session, const std::string& brand_id,
                    const std::optional<core::Time>& since,
                    const std::function<void(const JudgedVerdict&)>& visit);

}  // namespace adgenome::store
