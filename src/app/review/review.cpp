#include <adgenome/app/review.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/store/decisions.hpp>
#include <adgenome/store/reviews.hpp>
#include <algorithm>
#include <map>
#include <set>

#include "app/paid_models.hpp"
#include "judging.hpp"
#include "local_reviewer.hpp"
#include "panel.hpp"
#include "retries.hpp"
#include "review_document.hpp"
#include "sheet.hpp"

namespace adgenome::app {
namespace {

// Ads that are reviewed before what was found about them is stored.
constexpr std::size_t kAdsAtOnce = 32;

store::DefectScanRow scan_row(const creative::ReviewStage& scan) {
  const bool is_found = creative::scan_decides(scan) && !scan.error;
  const bool is_partial = std::any_of(
      scan.defects.begin(), scan.defects.end(),
      [](const auto& each) { return each.state == creative::DefectState::kNotAssessed; });
  return {.reviewer = scan.reviewer,
          .state = scan.error   ? "error"
                   : is_found   ? "found"
                   : is_partial ? "partial"
                                : "clear",
          .defects = to_json(scan.defects),
          .error = scan.error};
}

/// One `review`: what all its parts share.
class ReviewRun {
 public:
  ReviewRun(store::Session& session, const store::Brand& brand, const ReviewRequest& request,
            const ReviewProgress& progress)
      : session_(session),
        brand_(brand),
        request_(request),
        progress_(progress),
        judges_(session, brand, request) {}

  ReviewReport run() {
    std::vector<Work> works = take(wanted_ads(session_, brand_, request_, not_generated_));
    const bool is_empty = works.empty();
    if (!is_empty) review(works);
    for (std::int64_t round = 0; round < judges_.most_rounds(); ++round) {
      works = make_anew(works, round);
      if (works.empty()) break;
      review(works);
    }
    judges_.record_outcomes();
    report_.flagged = counts_[creative::Verdict::kFlagged];
    report_.rejected = counts_[creative::Verdict::kRejected] - replaced_;
    if (request_.sheet) finish_sheet();
    report_.document = document(is_empty);
    return std::move(report_);
  }

 private:
  std::vector<Work> take(std::vector<WantedAd> ads) {
    std::vector<Work> works;
    for (WantedAd& wanted : ads) {
      seen_.insert(wanted.ad.id);
      local_.add(wanted.subject, report_.warnings);
      const Judging* judging = &judges_.of(wanted.ad);
      works.push_back({.wanted = std::move(wanted), .judging = judging});
    }
    status_.total += static_cast<std::int64_t>(works.size());
    return works;
  }

  // The children of what was rejected among these, as far as their rounds go.
  std::vector<Work> make_anew(std::span<const Work> works, std::int64_t round) {
    std::vector<std::string> rejected;
    for (const Work& work : works) {
      if (work.review.verdict == creative::Verdict::kRejected && round < work.judging->retry)
        rejected.push_back(work.wanted.ad.id);
    }
    Retries made = retry_rejected(session_, brand_, request_, rejected);
    retries_.attempts += made.attempts;
    retries_.failed += made.failed;
    retries_.cost_micros += made.cost_micros;
    report_.is_retry_refused = report_.is_retry_refused || made.is_refused;
    for (core::Json& one : made.not_retried) retries_.not_retried.push_back(std::move(one));
    for (std::string& warning : made.warnings) report_.warnings.push_back(std::move(warning));
    ReviewRequest children = request_;
    children.batch = std::nullopt;
    children.ads = std::move(made.children);
    std::vector<WantedAd> wanted = wanted_ads(session_, brand_, children, not_generated_);
    std::set<std::string> parents;
    for (const WantedAd& child : wanted) parents.insert(child.ad.retry_of.value_or(""));
    replaced_ += static_cast<std::int64_t>(parents.size());
    // It may have been named by itself.
    std::erase_if(wanted, [&](const WantedAd& child) { return seen_.contains(child.ad.id); });
    return take(std::move(wanted));
  }

  void review(std::span<Work> works) {
    std::optional<PaidModels> models;
    if (request_.providers) models.emplace(session_, brand_, *request_.providers, request_.now);
    Panel panel(request_,
                {.session = session_,
                 .brand = brand_,
                 .now = request_.now,
                 .is_dry_run = request_.is_dry_run,
                 .local = local_,
                 .models = models ? &*models : nullptr,
                 .key_suffix = request_.is_fresh ? "/" + core::format_time(request_.now) : ""});
    for (std::size_t begin = 0; begin < works.size(); begin += kAdsAtOnce) {
      const std::span<Work> part = works.subspan(begin, std::min(kAdsAtOnce, works.size() - begin));
      panel.recall(part);
      panel.review(part);
      for (Work& work : part) {
        const bool is_audited = draws_audit(work);
        if (!request_.is_dry_run) save(panel, work, is_audited);
        count(work);
        if (request_.sheet) sheet_.cards.push_back(card_of(work));
        audits_ += is_audited ? 1 : 0;
        // What was found is stored and told; only the verdict is needed from here on.
        work.answers = {};
      }
      status_.reviewed += static_cast<std::int64_t>(part.size());
      status_.approved = counts_[creative::Verdict::kApproved];
      status_.flagged = counts_[creative::Verdict::kFlagged];
      status_.rejected = counts_[creative::Verdict::kRejected];
      progress_(status_);
    }
  }

  // A random share of all verdicts, whatever they are, drawn once an ad: a later review of it has
  // no chance of its own.
  bool draws_audit(const Work& work) {
    if (work.review.verdict == creative::Verdict::kReviewFailed) return false;
    const std::string& ad_id = work.wanted.ad.id;
    const double drawn = core::RandomStream(request_.seed, "audit/" + ad_id).uniform_at(0);
    return drawn < work.judging->rules.config.audit_rate &&
           !store::was_reviewed_before(session_, brand_.id, ad_id, request_.now);
  }

  void save_audit(const Work& work, const std::string& verdict, bool is_audited) {
    const std::string& ad_id = work.wanted.ad.id;
    if (is_audited) {
      store::queue_audit(session_, brand_.id,
                         {.ad_id = ad_id,
                          .probability = work.judging->rules.config.audit_rate,
                          .verdict = verdict,
                          .score = work.review.score,
                          .queued_at = request_.now});
    } else if (work.review.verdict != creative::Verdict::kReviewFailed) {
      store::renew_audit(session_, brand_.id, ad_id, verdict, work.review.score);
    }
  }

  void save(const Panel& panel, const Work& work, bool is_audited) {
    const creative::Review& review = work.review;
    const std::string verdict(creative::to_string(review.verdict));
    std::vector<store::ReviewRow> rows;
    for (std::size_t i = 1; i < review.stages.size(); ++i) {
      const creative::ReviewStage& stage = review.stages[i];
      rows.push_back({.stage = stage.stage,
                      .reviewer = stage.reviewer,
                      .score = creative::weighted_score(stage.checks, work.judging->rules.config),
                      .assessed_weight = review.assessed_weight,
                      .checks = to_json(stage.checks),
                      .verdict = verdict,
                      .quality_config = work.judging->quality.name,
                      .error = stage.error});
    }
    store::Transaction transaction(session_);
    panel.keep(work);
    store::record_review(session_, brand_.id, work.wanted.ad.id, request_.now,
                         std::string(creative::kRubricVersion), scan_row(review.stages.front()),
                         rows, verdict);
    save_audit(work, verdict, is_audited);
    transaction.commit();
  }

  void count(const Work& work) {
    const auto& stages = work.review.stages;
    const auto failed = std::find_if(stages.begin(), stages.end(),
                                     [](const auto& stage) { return stage.error.has_value(); });
    if (failed != stages.end()) {
      ++report_.failed;
      auto& warnings = report_.warnings;
      if (std::find(warnings.begin(), warnings.end(), *failed->error) == warnings.end()) {
        warnings.push_back(*failed->error);
      }
    }
    ++counts_[work.review.verdict];
    reviews_.push_back(to_json(work.wanted.ad, work.review, *work.judging, work.is_cached()));
  }

  void finish_sheet() {
    sheet_.title = brand_.name + ": " + std::to_string(status_.total) + " ads reviewed";
    sheet_.subtitle = (request_.batch ? "batch " + *request_.batch + ", " : "") +
                      core::format_time(request_.now) + ", quality config " +
                      judges_.usual().quality.name;
    for (const auto& [verdict, count] : counts_) {
      if (count > 0) sheet_.counts.emplace_back(creative::to_string(verdict), count);
    }
    if (!request_.is_dry_run) write_sheet(sheet_, *request_.sheet);
  }

  core::Json document(bool is_empty) {
    core::Json counted = core::Json::object();
    for (const auto verdict : {creative::Verdict::kApproved, creative::Verdict::kFlagged,
                               creative::Verdict::kRejected, creative::Verdict::kReviewFailed}) {
      counted[std::string(creative::to_string(verdict))] = counts_[verdict];
    }
    counted["not_generated"] = not_generated_;
    return {{"rubric_version", creative::kRubricVersion},
            {"quality_config", judges_.usual().quality.name},
            {"agreement", creative::to_string(request_.agreement)},
            {"seed", core::wide_integer(request_.seed)},
            {"reason", is_empty ? core::Json("no ads to review") : core::Json()},
            {"reviews", std::move(reviews_)},
            {"counts", std::move(counted)},
            {"retries",
             {{"rounds", judges_.most_rounds()},
              {"attempts", retries_.attempts},
              {"failed", retries_.failed},
              {"cost", core::money_number(retries_.cost_micros)},
              {"not_retried", std::move(retries_.not_retried)}}},
            {"audit", {{"rate", judges_.usual().rules.config.audit_rate}, {"queued", audits_}}}};
  }

  store::Session& session_;
  const store::Brand& brand_;
  const ReviewRequest& request_;
  const ReviewProgress& progress_;
  Judges judges_;
  LocalMaterial local_;
  imaging::ContactSheet sheet_;
  ReviewReport report_;
  ReviewStatus status_;
  std::int64_t not_generated_ = 0;
  std::int64_t audits_ = 0;
  std::int64_t replaced_ = 0;  ///< rejected ads with another in their place
  Retries retries_;
  std::set<std::string> seen_;
  std::map<creative::Verdict, std::int64_t> counts_;
  core::Json reviews_ = core::Json::array();
};

}  // namespace

ReviewReport review_ads(store::Session& session, const store::Brand& brand,
                        const ReviewRequest& request, const ReviewProgress& progress) {
  if (request.sheet && !is_sheet_name(*request.sheet)) {
    throw core::InvalidInput("a contact sheet is HTML or PNG, not \"" + *request.sheet + "\"",
                             "name a file that ends in .html or .png");
  }
  return ReviewRun(session, brand, request, progress).run();
}

}  // namespace adgenome::app
