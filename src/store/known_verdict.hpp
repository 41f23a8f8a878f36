#pragma once

#include <string>

namespace adgenome::store {

// What was held of ad `a` of brand $1 at the time in parameter `at` ("$2"), as SQL. A machine's
// verdict is the last one that is kept, pending before the ad's first review; a person's is the
// newest of then.

inline std::string known_status(const std::string& at) {
  return "CASE WHEN EXISTS (SELECT 1 FROM reviews v WHERE v.brand_id = $1 AND v.ad_id = a.id) "
         "AND NOT EXISTS (SELECT 1 FROM reviews v WHERE v.brand_id = $1 AND v.ad_id = a.id "
         "AND v.reviewed_at <= " +
         at + ") THEN 'pending' ELSE a.status END";
}

inline std::string known_human_decision(const std::string& at) {
  return "CASE WHEN EXISTS (SELECT 1 FROM overrides o WHERE o.brand_id = $1 AND o.ad_id = a.id) "
         "THEN (SELECT CASE o.action WHEN 'approve' THEN 'approved' WHEN 'reject' THEN 'rejected' "
         "ELSE o.machine_status END FROM overrides o WHERE o.brand_id = $1 AND o.ad_id = a.id "
         "AND o.decided_at <= " +
         at + " ORDER BY o.decided_at DESC, o.decided_by DESC LIMIT 1) ELSE a.human_decision END";
}

}  // namespace adgenome::store
