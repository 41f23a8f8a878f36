#include <adgenome/store/decisions.hpp>
#include <adgenome/store/reviews.hpp>

namespace adgenome::store {
namespace {

constexpr std::string_view kDecisionColumns =
    "SELECT o.ad_id, o.action, o.decided_at, o.decided_by, o.checks, o.reason, o.machine_status, "
    "o.machine_score, EXISTS (SELECT 1 FROM overrides n WHERE n.brand_id = $1 "
    "AND n.ad_id = o.ad_id AND (n.decided_at > o.decided_at OR (n.decided_at = o.decided_at "
    "AND n.decided_by > o.decided_by))) AS superseded FROM overrides o WHERE o.brand_id = $1 ";

HumanDecision decision_from(const Row& row) {
  return {.ad_id = row.text(0),
          .action = row.text(1),
          .decided_at = row.time(2),
          .decided_by = row.text(3),
          .checks = row.is_null(4) ? core::Json() : row.json(4),
          .reason = row.optional_text(5),
          .machine_status = row.text(6),
          .machine_score = row.optional_real(7),
          .is_superseded = row.boolean(8)};
}

}  // namespace

std::optional<HumanDecision> find_decision(Session& session, const std::string& brand_id,
                                           const std::string& ad_id, core::Time decided_at,
                                           const std::string& decided_by) {
  std::optional<HumanDecision> found;
  session.query(std::string(kDecisionColumns) +
                    "AND o.ad_id = $2 AND o.decided_at = $3 AND o.decided_by = $4",
                {brand_id, ad_id, decided_at, decided_by},
                [&](const Row& row) { found = decision_from(row); });
  return found;
}

void add_decision(Session& session, const std::string& brand_id, const HumanDecision& decision) {
  session.execute(
      "INSERT INTO overrides (brand_id, ad_id, decided_at, decided_by, action, checks, reason, "
      "machine_status, machine_score) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {brand_id, decision.ad_id, decision.decided_at, decision.decided_by, decision.action,
       decision.checks.is_null() ? Value() : json_value(decision.checks), or_null(decision.reason),
       decision.machine_status, or_null(decision.machine_score)});
  settle_human_decision(session, brand_id, decision.ad_id);
}

void visit_decisions(Session& session, const std::string& brand_id, const DecisionFilter& filter,
                     const std::function<void(const HumanDecision&)>& visit) {
  std::string sql = "SELECT * FROM (" + std::string(kDecisionColumns);
  std::vector<Value> parameters{brand_id};
  const auto add = [&](const std::string& condition, Value value) {
    parameters.push_back(std::move(value));
    sql += condition + std::to_string(parameters.size()) + " ";
  };
  if (filter.ad_id) add("AND o.ad_id = $", *filter.ad_id);
  if (filter.since) add("AND o.decided_at >= $", *filter.since);
  sql += ") d ";
  if (filter.only_newest) sql += "WHERE NOT superseded ";
  sql += "ORDER BY decided_at DESC, ad_id, decided_by DESC";
  if (filter.limit) sql += " LIMIT " + std::to_string(*filter.limit);
  session.query(sql, parameters, [&](const Row& row) { visit(decision_from(row)); });
}

bool was_reviewed_before(Session& session, const std::string& brand_id, const std::string& ad_id,
                         core::Time before) {
  bool found = false;
  session.query(
      "SELECT EXISTS (SELECT 1 FROM defect_scans WHERE brand_id = $1 AND ad_id = $2 "
      "AND reviewed_at < $3 AND state <> 'error')",
      {brand_id, ad_id, before}, [&](const Row& row) { found = row.boolean(0); });
  return found;
}

void queue_audit(Session& session, const std::string& brand_id, const ReviewAudit& audit) {
  session.execute(
      "INSERT INTO review_audits (brand_id, ad_id, probability, verdict, score, queued_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, ad_id) DO NOTHING",
      {brand_id, audit.ad_id, audit.probability, audit.verdict, or_null(audit.score),
       audit.queued_at});
}

void renew_audit(Session& session, const std::string& brand_id, const std::string& ad_id,
                 const std::string& verdict, const std::optional<double>& score) {
  session.execute(
      "UPDATE review_audits SET verdict = $3, score = $4 WHERE brand_id = $1 AND ad_id = $2 "
      "AND answer IS NULL",
      {brand_id, ad_id, verdict, or_null(score)});
}

void answer_audit(Session& session, const std::string& brand_id, const std::string& ad_id,
                  const std::string& action, core::Time at, const std::string& by) {
  if (action != "approve" && action != "reject") return;
  session.execute(
      "UPDATE review_audits SET answer = $3, answered_at = $4, answered_by = $5 "
      "WHERE brand_id = $1 AND ad_id = $2 AND answer IS NULL AND queued_at <= $4",
      {brand_id, ad_id, action, at, by});
}

void visit_audits(Session& session, const std::string& brand_id, bool only_open,
                  const std::optional<core::Time>& since,
                  const std::function<void(const ReviewAudit&)>& visit) {
  std::string sql =
      "SELECT ad_id, probability, verdict, score, queued_at, answer, answered_at, answered_by "
      "FROM review_audits WHERE brand_id = $1 ";
  std::vector<Value> parameters{brand_id};
  if (only_open) sql += "AND answer IS NULL ";
  if (since) {
    parameters.emplace_back(*since);
    sql += "AND queued_at >= $2 ";
  }
  session.query(sql + "ORDER BY queued_at, ad_id", parameters, [&](const Row& row) {
    visit({.ad_id = row.text(0),
           .probability = row.real(1),
           .verdict = row.text(2),
           .score = row.optional_real(3),
           .queued_at = row.time(4),
           .answer = row.optional_text(5),
           .answered_at = row.optional_time(6),
           .answered_by = row.optional_text(7)});
  });
}

void visit_last_reviews(Session& session, const std::string& brand_id,
                        const std::optional<core::Time>& since,
                        const std::function<void(const MachineStage&)>& visit) {
  std::string sql =
      "SELECT r.ad_id, r.reviewed_at, r.stage, r.reviewer, r.score, r.assessed_weight, r.verdict, "
      "r.checks FROM reviews r JOIN (SELECT ad_id, MAX(reviewed_at) AS reviewed_at FROM reviews "
      "WHERE brand_id = $1 GROUP BY ad_id) l ON l.ad_id = r.ad_id "
      "AND l.reviewed_at = r.reviewed_at WHERE r.brand_id = $1 ";
  std::vector<Value> parameters{brand_id};
  if (since) {
    parameters.emplace_back(*since);
    sql += "AND r.reviewed_at >= $2 ";
  }
  session.query(sql + "ORDER BY r.ad_id, r.stage, r.reviewer", parameters, [&](const Row& row) {
    visit({.ad_id = row.text(0),
           .reviewed_at = row.time(1),
           .stage = row.integer(2),
           .reviewer = row.text(3),
           .score = row.optional_real(4),
           .assessed_weight = row.optional_real(5),
           .verdict = row.optional_text(6),
           .checks = row.json(7)});
  });
}

void visit_verdicts(Session& session, const std::string& brand_id,
                    const std::optional<core::Time>& since,
                    const std::function<void(const JudgedVerdict&)>& visit) {
  std::string sql =
      "SELECT a.id, a.status, a.human_decision, s.reviewed_at FROM ads a "
      "JOIN (SELECT ad_id, MAX(reviewed_at) AS reviewed_at FROM defect_scans WHERE brand_id = $1 "
      "GROUP BY ad_id) s ON s.ad_id = a.id "
      "WHERE a.brand_id = $1 AND a.status IN ('approved', 'rejected') ";
  std::vector<Value> parameters{brand_id};
  if (since) {
    parameters.emplace_back(*since);
    sql += "AND s.reviewed_at >= $2 ";
  }
  session.query(sql + "ORDER BY a.id", parameters, [&](const Row& row) {
    visit({.ad_id = row.text(0),
           .status = row.text(1),
           .human_decision = row.optional_text(2),
           .reviewed_at = row.time(3)});
  });
}

}  // namespace adgenome::store
