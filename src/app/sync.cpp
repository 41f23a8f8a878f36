#include <adgenome/app/sync.hpp>
#include <adgenome/store/performance.hpp>
#include <adgenome/store/rewards.hpp>
#include <adgenome/store/settings.hpp>
#include <adgenome/store/sync.hpp>
#include <algorithm>

#include "performance_import.hpp"
#include "sync_pull.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr const char* kPlatform = "meta";

std::string shown_id(const std::string& digits) {
  return "act_" + digits;
}

/// The accounts to pull, as "act_1": those that are named, else those that are linked.
std::vector<std::string> chosen_accounts(store::Session& session, const store::Brand& brand,
                                         const MetaSync& request) {
  std::vector<std::string> given = request.accounts;
  if (given.empty()) {
    for (const store::Account& account : store::accounts(session, brand.id)) {
      if (account.platform == kPlatform) given.push_back(account.id);
    }
  }
  std::vector<std::string> chosen;
  for (const std::string& text : given) {
    const auto digits = providers::meta_account_id(text);
    if (!digits) {
      throw core::InvalidInput("\"" + text + "\" is not the id of an ad account of Meta's",
                               "they are written act_ and digits, as in act_123456789");
    }
    if (std::ranges::find(chosen, shown_id(*digits)) == chosen.end())
      chosen.push_back(shown_id(*digits));
  }
  return chosen;
}

/// An account that another brand has would be counted twice.
void refuse_accounts_of_others(store::Session& session, const store::Brand& brand,
                               const std::vector<std::string>& chosen) {
  for (const store::Brand& other : store::brands(session)) {
    if (other.id == brand.id) continue;
    for (const store::Account& account : store::accounts(session, other.id)) {
      const auto digits = providers::meta_account_id(account.id);
      if (account.platform != kPlatform || !digits) continue;
      if (std::ranges::find(chosen, shown_id(*digits)) == chosen.end()) continue;
      throw core::InvalidInput("account " + shown_id(*digits) + " belongs to the brand " +
                                   other.id + ", not to " + brand.id,
                               "name that brand with --brand");
    }
  }
}

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json();
}

Json rows_document(const RowCounts& counts) {
  return {{"read", counts.read()},
          {"new", counts.added},
          {"changed", counts.changed},
          {"unchanged", counts.unchanged},
          {"rejected", counts.rejected}};
}

Json account_document(const AccountPull& pull) {
  const auto number = [](const std::optional<std::int64_t>& count) {
    return count ? Json(*count) : Json();
  };
  Json document = {{"account_id", pull.account_id},
                   {"name", nullptr},
                   {"currency", nullptr},
                   {"timezone", nullptr},
                   {"newly_linked", pull.is_newly_linked},
                   {"date_start", nullptr},
                   {"date_stop", nullptr},
                   {"resumed_at", nullptr},
                   {"days_done", pull.days_done},
                   {"days_left", pull.days_left()},
                   {"campaigns", number(pull.campaigns)},
                   {"campaign_sync_error", text_or_null(pull.campaign_sync_error)},
                   {"campaigns_affected", pull.campaigns_affected},
                   {"ads", number(pull.ads)},
                   {"rows", rows_document(pull.totals.counts)},
                   {"error", nullptr}};
  if (!pull.account.id.empty()) {
    document["name"] = pull.account.name;
    document["currency"] = pull.account.currency;
    document["timezone"] = pull.account.timezone;
  }
  if (pull.plan) {
    document["date_start"] = core::format_day(pull.plan->since);
    document["date_stop"] = core::format_day(pull.last);
    if (pull.plan->is_resumed) document["resumed_at"] = core::format_day(pull.plan->first);
  }
  if (pull.error) {
    document["error"] = {{"message", pull.error->what()},
                         {"hint", pull.error->hint().empty() ? Json() : Json(pull.error->hint())}};
  }
  return document;
}

void add(PageTotals& sum, const PageTotals& part) {
  sum.counts.added += part.counts.added;
  sum.counts.changed += part.counts.changed;
  sum.counts.unchanged += part.counts.unchanged;
  sum.counts.rejected += part.counts.rejected;
  sum.currencies.insert(part.currencies.begin(), part.currencies.end());
}

/// What --dry-run says: the days that would be asked for, as far as is known without asking Meta.
AccountPull planned_pull(store::Session& session, const store::Brand& brand,
                         const MetaSync& request, const std::string& account_id) {
  AccountPull pull;
  pull.account_id = account_id;
  pull.last = core::day_of(request.now);
  pull.plan = plan_sync(store::sync_run(session, brand.id, kPlatform, account_id), request.since,
                        pull.last, request.now, kMetaRestatement);
  return pull;
}

std::vector<AccountPull> pull_all(store::Session& session, const store::Brand& brand,
                                  const std::vector<std::string>& accounts, core::Rejects& rejects,
                                  const MetaSync& request, providers::CallCounts& counts) {
  if (!request.token) {
    throw core::ProviderError(
        "no access token for Meta",
        "put one with the permission ads_read into the environment: ADGENOME_META_TOKEN");
  }
  const auto transport = request.open_transport();
  providers::Client client(*transport, request.policy, request.surroundings);
  providers::MetaAds meta(client, *request.token, request.address);
  std::vector<AccountPull> pulls;
  for (const std::string& account : accounts)
    pulls.push_back(pull_account(session, brand, meta, rejects, request, account));
  counts = client.counts();
  return pulls;
}

}  // namespace

SyncReport sync_meta(store::Session& session, const store::Brand& brand, core::Rejects& rejects,
                     const MetaSync& request) {
  const std::vector<std::string> accounts = chosen_accounts(session, brand, request);
  refuse_accounts_of_others(session, brand, accounts);

  const auto spend_before = store::spend_by_currency(session, brand.id);
  providers::CallCounts counts;
  std::vector<AccountPull> pulls;
  if (request.is_dry_run) {
    for (const std::string& account : accounts)
      pulls.push_back(planned_pull(session, brand, request, account));
  } else if (!accounts.empty()) {
    pulls = pull_all(session, brand, accounts, rejects, request, counts);
  }

  SyncReport report;
  Json items = Json::array();
  PageTotals totals;
  std::int64_t days_done = 0;
  std::int64_t days_left = 0;
  std::int64_t campaigns_affected = 0;
  std::optional<std::string> campaign_sync_error;
  for (const AccountPull& pull : pulls) {
    items.push_back(account_document(pull));
    add(totals, pull.totals);
    days_done += pull.days_done;
    days_left += pull.days_left();
    campaigns_affected += pull.campaigns_affected;
    if (!campaign_sync_error) campaign_sync_error = pull.campaign_sync_error;
    if (!report.error) report.error = pull.error;
    report.warnings.insert(report.warnings.end(), pull.warnings.begin(), pull.warnings.end());
    if (pull.campaign_sync_error) {
      report.warnings.push_back("objectives of " + pull.account_id +
                                " may be unknown: " + *pull.campaign_sync_error);
    }
  }
  report.document = {
      {"source", kPlatform},
      {"skipped", accounts.empty()},
      {"reason", accounts.empty() ? Json("no_ad_account_linked") : Json()},
      {"accounts", std::move(items)},
      {"days_done", days_done},
      {"days_left", days_left},
      {"campaign_sync_error", text_or_null(campaign_sync_error)},
      {"campaigns_affected", campaigns_affected},
      {"rows", rows_document(totals.counts)},
      {"currencies", std::vector<std::string>(totals.currencies.begin(), totals.currencies.end())},
      {"spend_before", money_by_currency(spend_before)},
      {"spend_after", money_by_currency(store::spend_by_currency(session, brand.id))},
      {"rewards_to_revise", store::count_rewards_to_revise(session, brand.id)},
      {"calls", counts.calls},
      {"retries", counts.retries},
      {"throttled", counts.throttled},
      {"waited_seconds", static_cast<double>(counts.waited.count()) / 1e3},
      {"warnings", report.warnings}};
  return report;
}

}  // namespace adgenome::app
