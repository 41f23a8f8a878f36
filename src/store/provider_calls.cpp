#include <adgenome/store/provider_calls.hpp>

namespace adgenome::store {

void insert_provider_call(Session& session, const std::string& brand_id, const ProviderCall& call) {
  session.execute(
      "INSERT INTO provider_calls (brand_id, id, provider, step, model, subject_id, "
      "idempotency_key, attempt, state, status, error, cost_micros, currency, started_at, "
      "finished_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      {brand_id, call.id, call.provider, call.step, or_null(call.model), call.subject_id,
       call.idempotency_key, call.attempt, call.state, or_null(call.status), or_null(call.error),
       call.cost_micros, call.currency, call.started_at, or_null(call.finished_at)});
}

void finish_provider_call(Session& session, const std::string& brand_id, const ProviderCall& call) {
  session.execute(
      "UPDATE provider_calls SET state = $3, status = $4, error = $5, cost_micros = $6, "
      "finished_at = $7 WHERE brand_id = $1 AND id = $2",
      {brand_id, call.id, call.state, or_null(call.status), or_null(call.error), call.cost_micros,
       or_null(call.finished_at)});
}

std::int64_t last_provider_attempt(Session& session, const std::string& brand_id,
                                   const std::string& idempotency_key) {
  std::int64_t last = 0;
  session.query(
      "SELECT COALESCE(MAX(attempt), 0) FROM provider_calls WHERE brand_id = $1 "
      "AND idempotency_key = $2",
      {brand_id, idempotency_key}, [&](const Row& row) { last = row.integer(0); });
  return last;
}

void fail_started_provider_calls(Session& session, const std::string& brand_id,
                                 const std::string& idempotency_key, const std::string& error,
                                 core::Time now) {
  session.execute(
      "UPDATE provider_calls SET state = 'failed', error = $3, finished_at = $4 "
      "WHERE brand_id = $1 AND idempotency_key = $2 AND state = 'started'",
      {brand_id, idempotency_key, error, now});
}

void put_provider_answer(Session& session, const std::string& brand_id,
                         const ProviderAnswer& answer) {
  session.execute(
      "INSERT INTO provider_answers (brand_id, idempotency_key, request_sha256, answer, "
      "answered_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (brand_id, idempotency_key) "
      "DO UPDATE SET request_sha256 = excluded.request_sha256, answer = excluded.answer, "
      "answered_at = excluded.answered_at",
      {brand_id, answer.idempotency_key, answer.request_sha256, Bytes{answer.answer},
       answer.answered_at});
}

std::optional<std::string> find_provider_answer(Session& session, const std::string& brand_id,
                                                const std::string& idempotency_key,
                                                const std::string& request_sha256) {
  std::optional<std::string> answer;
  session.query(
      "SELECT answer FROM provider_answers WHERE brand_id = $1 AND idempotency_key = $2 "
      "AND request_sha256 = $3",
      {brand_id, idempotency_key, request_sha256}, [&](const Row& row) { answer = row.bytes(0); });
  return answer;
}

std::optional<std::string> find_provider_answer(Session& session, const std::string& brand_id,
                                                const std::string& request_sha256) {
  std::optional<std::string> answer;
  session.query(
      "SELECT answer FROM provider_answers WHERE brand_id = $1 AND request_sha256 = $2 "
      "ORDER BY answered_at DESC, idempotency_key LIMIT 1",
      {brand_id, request_sha256}, [&](const Row& row) { answer = row.bytes(0); });
  return answer;
}

void drop_provider_answer(Session& session, const std::string& brand_id,
                          const std::string& idempotency_key) {
  session.execute("DELETE FROM provider_answers WHERE brand_id = $1 AND idempotency_key = $2",
                  {brand_id, idempotency_key});
}

}  // namespace adgenome::store
