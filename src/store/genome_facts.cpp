#include <adgenome/store/genome_facts.hpp>

namespace adgenome::store {

std::optional<core::Day> first_delivery(Session& session, const std::string& brand_id,
                                        core::Time known_at) {
  std::optional<core::Day> day;
  session.query(
      "SELECT MIN(date_start) FROM ad_performance WHERE brand_id = $1 AND impressions > 0 "
      "AND learned_at <= $2 AND (replaced_at IS NULL OR replaced_at > $2)",
      {brand_id, known_at}, [&](const Row& row) { day = row.optional_day_number(0); });
  return day;
}

std::int64_t count_rewarded_ads(Session& session, const std::string& brand_id,
                                core::Time known_at) {
  std::int64_t count = 0;
  session.query(
      "SELECT (SELECT COUNT(*) FROM rewards WHERE brand_id = $1 AND computed_at <= $2) + "
      "(SELECT COUNT(*) FROM past_rewards WHERE brand_id = $1 AND computed_at <= $2 "
      "AND replaced_at > $2)",
      {brand_id, known_at}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

VerdictCounts count_verdicts(Session& session, const std::string& brand_id, core::Time after,
                             core::Time until) {
  VerdictCounts counts;
  session.query(
      "SELECT status, COUNT(*) FROM ads WHERE brand_id = $1 AND NOT imported "
      "AND created_at > $2 AND created_at <= $3 "
      "AND status IN ('approved', 'rejected', 'flagged') GROUP BY status ORDER BY status",
      {brand_id, after, until}, [&](const Row& row) {
        const std::string status = row.text(0);
        (status == "approved"   ? counts.approved
         : status == "rejected" ? counts.rejected
                                : counts.flagged) = row.integer(1);
      });
  return counts;
}

std::optional<std::string> newest_cluster_model(Session& session, const std::string& brand_id) {
  std::optional<std::string> model;
  session.query(
      "SELECT model FROM style_clusters WHERE brand_id = $1 "
      "ORDER BY computed_at DESC, model, cluster LIMIT 1",
      {brand_id}, [&](const Row& row) { model = row.text(0); });
  return model;
}

std::vector<core::Json> competitor_tags(Session& session, const std::string& brand_id) {
  std::vector<core::Json> list;
  session.query("SELECT tags FROM competitor_ads WHERE brand_id = $1 ORDER BY id", {brand_id},
                [&](const Row& row) { list.push_back(row.json(0)); });
  return list;
}

}  // namespace adgenome::store
