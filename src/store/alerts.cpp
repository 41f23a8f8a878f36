#include <adgenome/store/alerts.hpp>

namespace adgenome::store {

void raise_alert(Session& session, const std::string& brand_id, const Alert& alert,
                 core::Time now) {
  session.execute(
      "INSERT INTO alerts (brand_id, id, kind, subject, severity, state, message, details, times, "
      "raised_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, 1, $8, $8) "
      "ON CONFLICT (brand_id, kind, subject) WHERE state IN ('active', 'acknowledged') "
      "DO UPDATE SET severity = excluded.severity, message = excluded.message, "
      "details = excluded.details, times = alerts.times + 1, updated_at = excluded.updated_at",
      {brand_id, alert.id, alert.kind, alert.subject, alert.severity, alert.message,
       json_value(alert.details), now});
}

void auto_resolve_alert(Session& session, const std::string& brand_id, const std::string& kind,
                        const std::string& subject, core::Time now) {
  session.execute(
      "UPDATE alerts SET state = 'auto_resolved', updated_at = $4 WHERE brand_id = $1 "
      "AND kind = $2 AND subject = $3 AND state IN ('active', 'acknowledged')",
      {brand_id, kind, subject, now});
}

}  // namespace adgenome::store
