#include <adgenome/store/element_scores.hpp>

#include "values_rows.hpp"

namespace adgenome::store {
namespace {

StoredElementScore score_from(const Row& row) {
  return {.product_id = row.text(0),
          .dimension = row.text(1),
          .value = row.text(2),
          .alpha = row.real(3),
          .beta = row.real(4),
          .observations = row.integer(5)};
}

constexpr std::string_view kMadeAd =
    "a.id, a.ad_run_id, a.product_id, a.tags, a.template_id, a.canvas_size, a.color_mode, "
    "a.prompt_version, a.imported, a.pre_generation_score, a.created_at";

void read_made_ad(const Row& row, MadeAd& ad) {
  ad.ad_id = row.text(0);
  ad.ad_run_id = row.text(1);
  ad.product_id = row.text(2);
  ad.tags = row.json(3);
  ad.template_id = row.text(4);
  ad.canvas_size = row.text(5);
  ad.color_mode = row.text(6);
  ad.prompt_version = row.optional_text(7);
  ad.is_imported = row.boolean(8);
  ad.pre_generation_score = row.optional_real(9);
  ad.created_at = row.time(10);
}

void keep_past(Session& session, const std::string& brand_id, const StoredElementScore& score,
               core::Time now) {
  session.execute(
      "INSERT INTO past_element_scores (brand_id, product_id, dimension, value, alpha, beta, "
      "observations, updated_at, replaced_at) SELECT brand_id, product_id, dimension, value, "
      "alpha, beta, observations, updated_at, $5 FROM element_scores WHERE brand_id = $1 "
      "AND product_id = $2 AND dimension = $3 AND value = $4 AND updated_at < $5 "
      "ON CONFLICT DO NOTHING",
      {brand_id, score.product_id, score.dimension, score.value, now});
}

}  // namespace

std::vector<MadeAd> made_ads(Session& session, const std::string& brand_id, core::Time made_until) {
  std::vector<MadeAd> list;
  session.query("SELECT " + std::string(kMadeAd) +
                    " FROM ads a WHERE a.brand_id = $1 AND a.created_at <= $2 ORDER BY a.id",
                {brand_id, made_until},
                [&](const Row& row) { read_made_ad(row, list.emplace_back()); });
  return list;
}

std::vector<RewardedAd> rewarded_ads(Session& session, const std::string& brand_id,
                                     core::Time known_at) {
  std::vector<RewardedAd> list;
  session.query(
      "WITH known AS (SELECT ad_id, reward, weight, version, matured_at FROM rewards "
      "  WHERE brand_id = $1 AND computed_at <= $2 "
      "  UNION ALL SELECT ad_id, reward, weight, version, matured_at FROM past_rewards "
      "  WHERE brand_id = $1 AND computed_at <= $2 AND replaced_at > $2) "
      "SELECT " +
          std::string(kMadeAd) +
          ", r.reward, r.weight, r.version, r.matured_at "
          "FROM known r JOIN ads a ON a.brand_id = $1 AND a.id = r.ad_id ORDER BY r.ad_id",
      {brand_id, known_at}, [&](const Row& row) {
        RewardedAd& ad = list.emplace_back();
        read_made_ad(row, ad);
        ad.reward = row.real(11);
        ad.weight = row.real(12);
        ad.version = row.integer(13);
        ad.matured_at = row.optional_time(14);
      });
  return list;
}

std::int64_t count_rewarded_ads(Session& session, const std::string& brand_id) {
  std::int64_t count = 0;
  session.query("SELECT COUNT(*) FROM rewards WHERE brand_id = $1", {brand_id},
                [&](const Row& row) { count = row.integer(0); });
  return count;
}

std::vector<StoredElementEvent> element_events(Session& session, const std::string& brand_id) {
  std::vector<StoredElementEvent> list;
  session.query(
      "SELECT product_id, dimension, value, ad_id, reward_version, alpha, beta "
      "FROM element_score_events WHERE brand_id = $1 "
      "ORDER BY product_id, dimension, value, ad_id",
      {brand_id}, [&](const Row& row) {
        list.push_back({.product_id = row.text(0),
                        .dimension = row.text(1),
                        .value = row.text(2),
                        .ad_id = row.text(3),
                        .reward_version = row.integer(4),
                        .alpha = row.real(5),
                        .beta = row.real(6)});
      });
  return list;
}

void put_element_events(Session& session, const std::string& brand_id,
                        std::span<const StoredElementEvent> events) {
  in_parts(events, [&](std::span<const StoredElementEvent> part) {
    std::vector<Value> parameters = {brand_id};
    for (const StoredElementEvent& event : part) {
      parameters.insert(parameters.end(),
                        {event.product_id, event.dimension, event.value, event.ad_id,
                         event.reward_version, event.alpha, event.beta});
    }
    session.execute(
        "WITH e (product_id, dimension, value, ad_id, reward_version, alpha, beta) AS (" +
            values_rows(
                part.size(),
                {"TEXT", "TEXT", "TEXT", "TEXT", "BIGINT", "DOUBLE PRECISION", "DOUBLE PRECISION"},
                2) +
            ") INSERT INTO element_score_events (brand_id, product_id, dimension, value, ad_id, "
            "reward_version, alpha, beta) SELECT CAST($1 AS TEXT), product_id, dimension, value, "
            "ad_id, reward_version, alpha, beta FROM e WHERE true "
            "ON CONFLICT (brand_id, product_id, dimension, value, ad_id) DO UPDATE SET "
            "reward_version = excluded.reward_version, alpha = excluded.alpha, "
            "beta = excluded.beta",
        parameters);
  });
}

void delete_element_event(Session& session, const std::string& brand_id,
                          const StoredElementEvent& event) {
  session.execute(
      "DELETE FROM element_score_events WHERE brand_id = $1 AND product_id = $2 "
      "AND dimension = $3 AND value = $4 AND ad_id = $5",
      {brand_id, event.product_id, event.dimension, event.value, event.ad_id});
}

std::vector<StoredElementScore> element_scores(Session& session, const std::string& brand_id,
                                               const std::string& product_id, core::Time known_at) {
  std::vector<StoredElementScore> list;
  session.query(
      "SELECT product_id, dimension, value, alpha, beta, observations FROM element_scores "
      "WHERE brand_id = $1 AND product_id = $2 AND updated_at <= $3 "
      "UNION ALL SELECT product_id, dimension, value, alpha, beta, observations "
      "FROM past_element_scores WHERE brand_id = $1 AND product_id = $2 AND updated_at <= $3 "
      "AND replaced_at > $3 ORDER BY dimension, value",
      {brand_id, product_id, known_at}, [&](const Row& row) { list.push_back(score_from(row)); });
  return list;
}

std::vector<StoredElementScore> all_element_scores(Session& session, const std::string& brand_id,
                                                   core::Time known_at) {
  std::vector<StoredElementScore> list;
  session.query(
      "SELECT product_id, dimension, value, alpha, beta, observations FROM element_scores "
      "WHERE brand_id = $1 AND updated_at <= $2 "
      "UNION ALL SELECT product_id, dimension, value, alpha, beta, observations "
      "FROM past_element_scores WHERE brand_id = $1 AND updated_at <= $2 AND replaced_at > $2 "
      "ORDER BY product_id, dimension, value",
      {brand_id, known_at}, [&](const Row& row) { list.push_back(score_from(row)); });
  return list;
}

void put_element_score(Session& session, const std::string& brand_id,
                       const StoredElementScore& score, core::Time now) {
  keep_past(session, brand_id, score, now);
  session.execute(
      "INSERT INTO element_scores (brand_id, product_id, dimension, value, alpha, beta, "
      "observations, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (brand_id, product_id, dimension, value) DO UPDATE SET "
      "alpha = excluded.alpha, beta = excluded.beta, observations = excluded.observations, "
      "updated_at = excluded.updated_at",
      {brand_id, score.product_id, score.dimension, score.value, score.alpha, score.beta,
       score.observations, now});
}

void delete_element_score(Session& session, const std::string& brand_id,
                          const StoredElementScore& score, core::Time now) {
  keep_past(session, brand_id, score, now);
  session.execute(
      "DELETE FROM element_scores WHERE brand_id = $1 AND product_id = $2 AND dimension = $3 "
      "AND value = $4",
      {brand_id, score.product_id, score.dimension, score.value});
}

std::optional<core::Time> element_scores_updated_at(Session& session, const std::string& brand_id,
                                                    core::Time known_at) {
  std::optional<core::Time> at;
  session.query(
      "SELECT MAX(changed_at) FROM ("
      "  SELECT updated_at AS changed_at FROM element_scores WHERE brand_id = $1 "
      "  UNION ALL SELECT updated_at FROM past_element_scores WHERE brand_id = $1 "
      "  UNION ALL SELECT replaced_at FROM past_element_scores WHERE brand_id = $1) changes "
      "WHERE changed_at <= $2",
      {brand_id, known_at}, [&](const Row& row) { at = row.optional_time(0); });
  return at;
}

}  // namespace adgenome::store
