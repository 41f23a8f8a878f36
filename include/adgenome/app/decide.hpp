#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace adgenome::app {

/// What a person says of an ad.
struct Decision {
  std::string ad;                             ///< id or short id
  std::string action;                         ///< approve, reject, confirm
  std::map<std::string, double> checks = {};  ///< the person's own scores
  std::optional<std::string> reason = {};
};

struct DecisionRequest {
  std::string by;
  core::Time now;
  bool is_dry_run = false;
};

/// Stores a decision with what the machine says of the ad: contract override/v1. Throws
/// InvalidInput for an ad or check that is not there, and for a confirmation without a verdict.
core::Json decide(store::Session& session, const store::Brand& brand, const Decision& decision,
                  const DecisionRequest& request);

/// The same of rows {"ad_id", "action", "checks", "reason", "by", "at"} in one transaction.
core::Json decide_rows(store::Session& session, const store::Brand& brand, const std::string& input,
                       core::Rejects& rejects, const DecisionRequest& request);

/// The history of decisions, newest first: contract override_list/v1.
core::Json list_decisions(store::Session& session, const store::Brand& brand,
                          const std::optional<std::string>& ad, std::int64_t limit);

/// Ads that wait for a person's judgement, without what the machine says: contract audits/v1.
core::Json list_audits(store::Session& session, const store::Brand& brand, std::int64_t limit);

/// How often and where people decide otherwise: contract override_stats/v1.
core::Json decision_stats(store::Session& session, const store::Brand& brand, std::int64_t weeks,
                          core::Time now);

}  // namespace adgenome::app
