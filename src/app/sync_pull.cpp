#include "sync_pull.hpp"

#include <adgenome/store/performance.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <adgenome/store/settings.hpp>
#include <adgenome/store/sync.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::ProviderError;
using providers::DayRange;

constexpr const char* kPlatform = "meta";
/// Up to here days are asked for one by one, beyond it in asynchronous reports of several weeks.
constexpr std::int64_t kLongestSynchronous = 31;
constexpr std::int64_t kReportDays = 28;
/// Pages are stored together up to this size, so that memory does not grow with the account.
constexpr std::size_t kMostBytesHeld = std::size_t{16} << 20;

/// Whether an open run is given up for one that begins behind where it stopped.
bool leaves_gap(const store::SyncRun& before, const SyncPlan& plan) {
  const core::Day next =
      before.done_through ? *before.done_through + std::chrono::days(1) : before.since;
  return !before.finished_at && next < plan.since;
}

class Pull {
 public:
  Pull(store::Session& session, const store::Brand& brand, providers::MetaAds& meta,
       core::Rejects& rejects, const MetaSync& request, AccountPull& done)
      : session_(session),
        brand_(brand),
        meta_(meta),
        rejects_(rejects),
        request_(request),
        done_(done),
        id_(*providers::meta_account_id(done.account_id)),
        options_(with_settings({}, session, brand, done.account_id)) {}

  void run() {
    done_.account = meta_.account(id_);
    options_.default_currency = done_.account.currency;
    begin();
    pull_campaigns();
    pull_ads();
    pull_days();
    finish();
  }

 private:
  void begin() {
    const core::Time local_now = request_.now + std::chrono::minutes(done_.account.utc_minutes);
    done_.last = core::day_of(local_now);
    const auto before = store::sync_run(session_, brand_.id, kPlatform, done_.account_id);
    done_.plan = plan_sync(before, request_.since, done_.last, request_.now, kMetaRestatement);
    if (before && leaves_gap(*before, *done_.plan)) {
      done_.warnings.push_back("days of " + done_.account_id + " before " +
                               core::format_day(done_.plan->since) +
                               " are missing: the pull since " + core::format_day(before->since) +
                               " was interrupted, and this one begins later");
    }
    run_ = {.since = done_.plan->since,
            .done_through = std::nullopt,
            .started_at = done_.plan->started_at,
            .finished_at = std::nullopt};
    if (done_.plan->is_resumed) run_.done_through = done_.plan->first - std::chrono::days(1);
    store::Transaction transaction(session_);
    link();
    put_run();
    transaction.commit();
  }

  /// Naming an account links it to the brand; its currency is then what Meta says.
  void link() {
    for (const store::Account& account : store::accounts(session_, brand_.id)) {
      if (providers::meta_account_id(account.id) != id_ || account.platform != kPlatform) continue;
      if (account.currency != done_.account.currency) {
        done_.warnings.push_back(done_.account_id + " is kept in " + account.currency +
                                 ", and Meta counts it in " + done_.account.currency);
      }
      return;
    }
    store::link_account(session_, brand_.id, kPlatform, done_.account_id, done_.account.currency,
                        done_.account.timezone);
    done_.is_newly_linked = true;
  }

  /// A failure leaves objectives unknown and everything goes on.
  void pull_campaigns() {
    std::vector<providers::MetaCampaign> campaigns;
    try {
      meta_.campaigns(id_, [&](const auto& campaign) { campaigns.push_back(campaign); });
    } catch (const ProviderError& error) {
      done_.campaign_sync_error = error.what();
      return;
    }
    store::Transaction transaction(session_);
    store::lock_performance(transaction, brand_.id);
    for (const providers::MetaCampaign& campaign : campaigns) {
      store::put_campaign(session_, brand_.id, kPlatform, campaign.id, campaign.name,
                          campaign.objective, request_.now);
      if (campaign.status)
        store::set_campaign_status(session_, brand_.id, kPlatform, campaign.id, *campaign.status);
    }
    transaction.commit();
    done_.campaigns = static_cast<std::int64_t>(campaigns.size());
  }

  /// The names of ads come with their insights as well: those that did not deliver are missed.
  void pull_ads() {
    std::vector<providers::MetaAd> ads;
    try {
      meta_.ads(id_, [&](const auto& ad) { ads.push_back(ad); });
    } catch (const ProviderError& error) {
      done_.warnings.push_back(std::string("ads that did not deliver are missing: ") +
                               error.what());
      return;
    }
    store::Transaction transaction(session_);
    store::lock_performance(transaction, brand_.id);
    for (const providers::MetaAd& ad : ads) {
      store::put_platform_ad(session_, brand_.id,
                             {.platform = kPlatform,
                              .platform_ad_id = ad.id,
                              .name = ad.name,
                              .account_id = id_,
                              .adset_id = ad.adset_id,
                              .adset_name = ad.adset_name,
                              .campaign_id = ad.campaign_id},
                             request_.now);
    }
    transaction.commit();
    done_.ads = static_cast<std::int64_t>(ads.size());
  }

  void pull_days() {
    const std::int64_t days = done_.days_left();
    const bool in_reports = days > kLongestSynchronous;
    std::int64_t length = in_reports ? kReportDays : 1;
    for (core::Day first = done_.plan->first; first <= done_.last;) {
      const std::int64_t left = (done_.last - first).count() + 1;
      length = std::min(length, left);
      const DayRange range{.first = first, .last = first + std::chrono::days(length - 1)};
      try {
        pull_range(range, in_reports);
      } catch (const providers::TooMuchData&) {
        if (length == 1) throw;
        length = (length + 1) / 2;
        continue;
      }
      first += std::chrono::days(length);
      if (request_.progress) request_.progress(done_.days_done, days);
    }
  }

  void pull_range(DayRange range, bool in_report) {
    if (!in_report) {
      try {
        meta_.insights(id_, range, [&](std::string page) { hold(std::move(page)); });
        store_held(range);
        return;
      } catch (const providers::TooMuchData&) {
        held_.clear();  // a report may still do it
        held_bytes_ = 0;
      }
    }
    meta_.insights_report(id_, range, [&](std::string page) { hold(std::move(page)); });
    store_held(range);
  }

  void hold(std::string page) {
    held_bytes_ += page.size();
    held_.push_back(std::move(page));
    if (held_bytes_ >= kMostBytesHeld) store_held(std::nullopt);
  }

  /// Stores the pages held, and where `whole` is given that its days are all there.
  void store_held(std::optional<DayRange> whole) {
    store::Transaction transaction(session_);
    store::lock_performance(transaction, brand_.id);
    import_insights(session_, brand_.id, held_, "insights of " + done_.account_id, options_,
                    request_.now, rejects_, done_.totals);
    if (whole) {
      run_.done_through = whole->last;
      put_run();
    }
    transaction.commit();
    if (whole) done_.days_done += (whole->last - whole->first).count() + 1;
    held_.clear();
    held_bytes_ = 0;
  }

  void finish() {
    run_.finished_at = request_.now;
    store::Transaction transaction(session_);
    put_run();
    transaction.commit();
  }

  void put_run() { store::put_sync_run(session_, brand_.id, kPlatform, done_.account_id, run_); }

  store::Session& session_;
  const store::Brand& brand_;
  providers::MetaAds& meta_;
  core::Rejects& rejects_;
  const MetaSync& request_;
  AccountPull& done_;
  std::string id_;
  ingest::PerformanceOptions options_;
  store::SyncRun run_;
  std::vector<std::string> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace

AccountPull pull_account(store::Session& session, const store::Brand& brand,
                         providers::MetaAds& meta, core::Rejects& rejects, const MetaSync& request,
                         const std::string& account_id) {
  AccountPull done;
  done.account_id = account_id;
  try {
    Pull(session, brand, meta, rejects, request, done).run();
  } catch (const ProviderError& error) {
    done.error = error;
  }
  const auto unknown = store::campaigns_without_objective(session, brand.id, kPlatform);
  done.campaigns_affected = std::ranges::count_if(
      done.totals.campaigns, [&](const std::string& id) { return unknown.contains(id); });
  return done;
}

}  // namespace adgenome::app
