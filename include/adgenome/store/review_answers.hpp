#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::store {

/// What a reviewer answered to everything that `key` is the hash of.
struct ReviewAnswer {
  std::string key;
  std::int64_t stage = 0;
  std::string reviewer;
  std::string reviewer_version;
  core::Json answer;
  core::Time answered_at;
};

std::optional<core::Json> find_review_answer(Session& session, const std::string& brand_id,
                                             const std::string& key);
/// Keeps an answer, in the place of an earlier one. Belongs into a transaction.
void put_review_answer(Session& session, const std::string& brand_id, const ReviewAnswer& answer);

}  // namespace adgenome::store
