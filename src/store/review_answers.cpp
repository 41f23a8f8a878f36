#include <adgenome/store/review_answers.hpp>

namespace adgenome::store {

std::optional<core::Json> find_review_answer(Session& session, const std::string& brand_id,
                                             const std::string& key) {
  std::optional<core::Json> found;
  session.query("SELECT answer FROM review_answers WHERE brand_id = $1 AND answer_key = $2",
                {brand_id, key}, [&](const Row& row) { found = row.json(0); });
  return found;
}

void put_review_answer(Session& session, const std::string& brand_id, const ReviewAnswer& answer) {
  session.execute(
      "INSERT INTO review_answers (brand_id, answer_key, stage, reviewer, reviewer_version, "
      "answer, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT (brand_id, answer_key) DO UPDATE SET answer = excluded.answer, "
      "answered_at = excluded.answered_at",
      {brand_id, answer.key, answer.stage, answer.reviewer, answer.reviewer_version,
       json_value(answer.answer), answer.answered_at});
}

}  // namespace adgenome::store
