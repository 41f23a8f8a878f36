#include <adgenome/store/reviews.hpp>

namespace adgenome::store {
namespace {

core::Json json_or_null(const Row& row, int column) {
  return row.is_null(column) ? core::Json() : row.json(column);
}

AdForReview ad_from(const Row& row) {
  return {.id = row.text(0),
          .ad_run_id = row.text(11),
          .experiment_id = row.text(12),
          .arm = row.text(13),
          .product_id = row.text(1),
          .status = row.text(2),
          .color_mode = row.optional_text(10).value_or(""),
          .headline = row.optional_text(3),
          .prompt = json_or_null(row, 4),
          .rendering = json_or_null(row, 5),
          .image_path = row.optional_text(6),
          .template_layout = json_or_null(row, 9),
          .congruence_score = row.optional_real(7),
          .retry_of = row.optional_text(8)};
}

// Ads that were imported have no run in the store.
constexpr const char* kSelectAds =
    "SELECT a.id, a.product_id, a.status, a.headline, a.prompt, a.rendering, a.image_path, "
    "a.congruence_score, l.parent_ad_id, t.layout, a.color_mode, a.ad_run_id, "
    "COALESCE(r.experiment_id, ''), COALESCE(r.arm, '') FROM ads a "
    "LEFT JOIN ad_runs r ON r.brand_id = a.brand_id AND r.id = a.ad_run_id "
    "LEFT JOIN templates t ON t.id = a.template_id "
    "LEFT JOIN ad_lineage l "
    "ON l.brand_id = a.brand_id AND l.child_ad_id = a.id AND l.type = 'retry' ";

}  // namespace

std::optional<AdForReview> find_ad_for_review(Session& session, const std::string& brand_id,
                                              const std::string& ad_id) {
  std::optional<AdForReview> found;
  session.query(std::string(kSelectAds) + "WHERE a.brand_id = $1 AND a.id = $2", {brand_id, ad_id},
                [&](const Row& row) { found = ad_from(row); });
  return found;
}

std::optional<std::vector<AdForReview>> ads_for_review(Session& session,
                                                       const std::string& brand_id,
                                                       const std::string& batch_id) {
  bool is_known = false;
  session.query("SELECT id FROM ad_batches WHERE brand_id = $1 AND id = $2", {brand_id, batch_id},
                [&](const Row&) { is_known = true; });
  if (!is_known) return std::nullopt;
  std::vector<AdForReview> ads;
  session.query(std::string(kSelectAds) +
                    "WHERE a.brand_id = $1 AND a.batch_id = $2 "
                    "ORDER BY a.ad_run_id, a.prompt_index, a.color_mode, a.canvas_size, a.id",
                {brand_id, batch_id}, [&](const Row& row) { ads.push_back(ad_from(row)); });
  return ads;
}

void record_review(Session& session, const std::string& brand_id, const std::string& ad_id,
                   core::Time reviewed_at, const std::string& rubric_version,
                   const DefectScanRow& scan, const std::vector<ReviewRow>& reviews,
                   const std::string& status) {
  session.execute(
      "INSERT INTO defect_scans (brand_id, ad_id, reviewed_at, reviewer, rubric_version, state, "
      "defects, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (brand_id, ad_id, reviewed_at) DO UPDATE SET reviewer = excluded.reviewer, "
      "rubric_version = excluded.rubric_version, state = excluded.state, "
      "defects = excluded.defects, error = excluded.error",
      {brand_id, ad_id, reviewed_at, scan.reviewer, rubric_version, scan.state,
       json_value(scan.defects), or_null(scan.error)});
  for (const ReviewRow& review : reviews) {
    session.execute(
        "INSERT INTO reviews (brand_id, ad_id, reviewed_at, stage, reviewer, rubric_version, "
        "score, assessed_weight, checks, verdict, quality_config, error) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
        "ON CONFLICT (brand_id, ad_id, reviewed_at, stage, reviewer) DO UPDATE SET "
        "rubric_version = excluded.rubric_version, score = excluded.score, "
        "assessed_weight = excluded.assessed_weight, checks = excluded.checks, "
        "verdict = excluded.verdict, quality_config = excluded.quality_config, "
        "error = excluded.error",
        {brand_id, ad_id, reviewed_at, review.stage, review.reviewer, rubric_version,
         or_null(review.score), or_null(review.assessed_weight), json_value(review.checks),
         review.verdict, review.quality_config, or_null(review.error)});
  }
  session.execute("UPDATE ads SET status = $3 WHERE brand_id = $1 AND id = $2",
                  {brand_id, ad_id, status});
}

std::optional<MachineVerdict> machine_verdict(Session& session, const std::string& brand_id,
                                              const std::string& ad_id) {
  std::optional<MachineVerdict> verdict;
  session.query("SELECT status FROM ads WHERE brand_id = $1 AND id = $2", {brand_id, ad_id},
                [&](const Row& row) { verdict = MachineVerdict{.status = row.text(0)}; });
  if (!verdict) return std::nullopt;
  double sum = 0;
  std::int64_t count = 0;
  session.query(
      "SELECT score FROM reviews WHERE brand_id = $1 AND ad_id = $2 AND score IS NOT NULL "
      "AND reviewed_at = (SELECT MAX(n.reviewed_at) FROM reviews n "
      "WHERE n.brand_id = $1 AND n.ad_id = $2) ORDER BY stage, reviewer",
      {brand_id, ad_id}, [&](const Row& row) {
        sum += row.real(0);
        ++count;
      });
  if (count > 0) verdict->score = sum / static_cast<double>(count);
  return verdict;
}

core::Json newest_defects(Session& session, const std::string& brand_id, const std::string& ad_id) {
  core::Json defects = core::Json::array();
  session.query(
      "SELECT defects FROM defect_scans WHERE brand_id = $1 AND ad_id = $2 "
      "ORDER BY reviewed_at DESC LIMIT 1",
      {brand_id, ad_id}, [&](const Row& row) { defects = row.json(0); });
  return defects;
}

bool has_override(Session& session, const std::string& brand_id, const std::string& ad_id,
                  core::Time decided_at, const std::string& decided_by) {
  bool is_there = false;
  session.query(
      "SELECT action FROM overrides WHERE brand_id = $1 AND ad_id = $2 AND decided_at = $3 "
      "AND decided_by = $4",
      {brand_id, ad_id, decided_at, decided_by}, [&](const Row&) { is_there = true; });
  return is_there;
}

void settle_human_decision(Session& session, const std::string& brand_id,
                           const std::string& ad_id) {
  std::optional<std::string> decision;
  session.query(
      "SELECT action, machine_status FROM overrides WHERE brand_id = $1 AND ad_id = $2 "
      "ORDER BY decided_at DESC, decided_by DESC LIMIT 1",
      {brand_id, ad_id}, [&](const Row& row) {
        const std::string action = row.text(0);
        if (action == "approve") decision = "approved";
        if (action == "reject") decision = "rejected";
        if (action == "confirm") decision = row.text(1);
      });
  session.execute("UPDATE ads SET human_decision = $3 WHERE brand_id = $1 AND id = $2",
                  {brand_id, ad_id, or_null(decision)});
}

}  // namespace adgenome::store
