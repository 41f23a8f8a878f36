#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace adgenome::store {

/// A row of the cost ledger: one asking of a provider, tries that failed in passing included.
struct ProviderCall {
  std::string id;
  std::string provider;
  std::string step;
  std::optional<std::string> model;
  std::string subject_id;
  std::string idempotency_key;
  std::int64_t attempt = 1;  ///< from 1 under its key
  std::string state = "started";
  std::optional<std::int64_t> status = std::nullopt;  ///< of HTTP
  std::optional<std::string> error = std::nullopt;
  std::int64_t cost_micros = 0;
  std::string currency = "USD";
  core::Time started_at;
  std::optional<core::Time> finished_at = std::nullopt;
};

void insert_provider_call(Session& session, const std::string& brand_id, const ProviderCall& call);
/// Sets what a call came to: state, status, error, cost, end.
void finish_provider_call(Session& session, const std::string& brand_id, const ProviderCall& call);
/// The number of the last attempt under a key; 0 where there is none.
std::int64_t last_provider_attempt(Session& session, const std::string& brand_id,
                                   const std::string& idempotency_key);
/// Ends the calls under a key whose process went away before it could.
void fail_started_provider_calls(Session& session, const std::string& brand_id,
                                 const std::string& idempotency_key, const std::string& error,
                                 core::Time now);

struct ProviderAnswer {
  std::string idempotency_key;
  std::string request_sha256;
  std::string answer;
  core::Time answered_at;
};

/// Keeps an answer, in the place of an earlier one under its key.
void put_provider_answer(Session& session, const std::string& brand_id,
                         const ProviderAnswer& answer);
/// The answer to this request that is kept under a key.
std::optional<std::string> find_provider_answer(Session& session, const std::string& brand_id,
                                                const std::string& idempotency_key,
                                                const std::string& request_sha256);
/// The newest answer to this request, whosever it was.
std::optional<std::string> find_provider_answer(Session& session, const std::string& brand_id,
                                                const std::string& request_sha256);
void drop_provider_answer(Session& session, const std::string& brand_id,
                          const std::string& idempotency_key);

}  // namespace adgenome::store
