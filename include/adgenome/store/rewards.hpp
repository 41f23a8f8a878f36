#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// Sums of what an ad of ours delivered, over the newest values of its platform ads' periods. What
/// a figure that is not there means is told by its account (learning/account_figures.hpp): 0 where
/// one that is reported was left out, absent where it is not reported.
struct AdSums {
  std::string ad_id;
  std::string currency;
  std::optional<core::Day> first_delivery;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> clicks;  ///< link clicks where they are known
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  /// The value of its orders with the mean order value of each of its rows capped at the p99 over
  /// the orders of all rows of the brand's ads (learning::AdOutcome).
  std::optional<double> capped_value_micros;
  std::string objective;  ///< of its campaigns; empty where none is known
  /// What was ever counted in the accounts that it ran in, in every one of them.
  bool has_clicks = true;
  bool has_conversions = true;
  bool has_value = true;
  bool has_spend = true;
  /// The one account that it ran in, as its rows name it, and its platform; both empty where there
  /// are several.
  std::string platform;
  std::string account;
};

/// By ad and currency, of periods that ended before `end`, as known at `known_at`.
std::vector<AdSums> ad_sums(Session& session, const std::string& brand_id, core::Day end,
                            core::Time known_at);
/// The same with the mappings and objectives of another time.
std::vector<AdSums> ad_sums(Session& session, const std::string& brand_id, core::Day end,
                            core::Time known_at, core::Time attributed_at);

/// Whether a brand has an account, or any performance that was known.
bool has_platform(Session& session, const std::string& brand_id, core::Time known_at);

/// An ad that was decided on: by a person where one did, else by the machine.
struct ReviewedAd {
  std::string ad_id;
  bool is_approved = false;
  core::Time decided_at;  ///< of its last review, else when it was made
};

std::vector<ReviewedAd> reviewed_ads(Session& session, const std::string& brand_id,
                                     core::Time known_at);

/// A quarter's baseline: the first one that was kept whose version begins so.
struct StoredBaseline {
  std::string version;
  core::Json document;
};

std::optional<StoredBaseline> find_baseline(Session& session, const std::string& brand_id,
                                            const std::string& version_prefix, core::Time known_at);
/// One by its whole version.
std::optional<StoredBaseline> baseline_of_version(Session& session, const std::string& brand_id,
                                                  const std::string& version);
void put_baseline(Session& session, const std::string& brand_id, const StoredBaseline& baseline,
                  core::Time now);

/// A row of `rewards`.
struct StoredReward {
  std::string ad_id;
  std::int64_t version = 1;
  double reward = 0;
  std::optional<double> reward_sd;
  double weight = 1;
  std::string state;
  std::string source;  ///< performance or review
  core::Json components;
  std::optional<double> coverage;
  std::string objective;
  std::optional<std::string> baseline_version;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::string> currency;
  std::optional<core::Day> first_delivery;
  std::optional<core::Time> matured_at;
};

/// By ad, as they were at a time.
std::vector<StoredReward> rewards(Session& session, const std::string& brand_id,
                                  core::Time known_at);
/// Keeps the row that it takes the place of among the past ones.
void put_reward(Session& session, const std::string& brand_id, const StoredReward& reward,
                core::Time now);
/// How many rewards were made under the objective UNKNOWN, of ads whose objective has become known.
std::int64_t count_rewards_to_revise(Session& session, const std::string& brand_id);

}  // namespace adgenome::store
