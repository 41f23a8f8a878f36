#include <adgenome/providers/meta.hpp>
#include <algorithm>

#include "meta_errors.hpp"
#include "meta_graph.hpp"

namespace adgenome::providers {
namespace {

using core::ProviderError;
using core::RecordView;

constexpr const char* kInsightFields =
    "account_id,account_currency,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,"
    "date_start,date_stop,impressions,spend,reach,frequency,clicks,inline_link_clicks,actions,"
    "action_values,purchase_roas,attribution_setting";

// An account's lists leave out what is archived or deleted, and with it spend that was real, unless
// every status is asked for (marketing-api/best-practices/manage-your-ad-object-status).
constexpr const char* kCampaignStatuses =
    R"(["ACTIVE","PAUSED","ARCHIVED","DELETED","IN_PROCESS","WITH_ISSUES"])";
constexpr const char* kAdStatuses =
    R"(["ACTIVE","PAUSED","ARCHIVED","DELETED","IN_PROCESS","WITH_ISSUES","ADSET_PAUSED",)"
    R"("CAMPAIGN_PAUSED","DISAPPROVED","PENDING_BILLING_INFO","PENDING_REVIEW","PREAPPROVED"])";

std::string filter(const char* field, const char* statuses) {
  return std::string(R"([{"field":")") + field + R"(","operator":"IN","value":)" + statuses + "}]";
}

NamedTexts insight_question(DayRange days) {
  return {{"level", "ad"},
          {"time_increment", "1"},
          {"time_range", R"({"since":")" + core::format_day(days.first) + R"(","until":")" +
                             core::format_day(days.last) + R"("})"},
          {"fields", kInsightFields},
          {"filtering", filter("ad.effective_status", kAdStatuses)},
          {"use_unified_attribution_setting", "true"}};
}

}  // namespace

std::optional<std::string> meta_account_id(const std::string& text) {
  const std::string digits = text.starts_with("act_") ? text.substr(4) : text;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return digits;
}

MetaAds::MetaAds(Client& client, Secret token, const std::string& address)
    : graph_(std::make_unique<MetaGraph>(client, std::move(token), address)) {}

MetaAds::~MetaAds() = default;

MetaAccount MetaAds::account(const std::string& account_id) {
  const std::string path = "act_" + account_id;
  const std::string answer = graph_->get(
      path, {{"fields", "account_id,name,currency,timezone_name,timezone_offset_hours_utc"}});
  return graph_->read(path, answer, [&](const RecordView& root) {
    return MetaAccount{.id = account_id,
                       .name = root.optional_string("name").value_or(""),
                       .currency = std::string(root.at("currency").as_string()),
                       .timezone = std::string(root.at("timezone_name").as_string()),
                       .utc_minutes = static_cast<std::int64_t>(
                           root.at("timezone_offset_hours_utc").as_double() * 60)};
  });
}

void MetaAds::campaigns(const std::string& account_id,
                        const std::function<void(const MetaCampaign&)>& take) {
  each("act_" + account_id + "/campaigns",
       {{"fields", "id,name,objective,status"},
        {"filtering", filter("campaign.effective_status", kCampaignStatuses)}},
       [&](const RecordView& row) {
         take({.id = row.at("id").as_id(),
               .name = row.optional_string("name"),
               .objective = row.optional_string("objective"),
               .status = row.optional_string("status")});
       });
}

void MetaAds::ads(const std::string& account_id, const std::function<void(const MetaAd&)>& take) {
  each("act_" + account_id + "/ads",
       {{"fields", "id,name,adset{id,name},campaign_id,effective_status"},
        {"filtering", filter("ad.effective_status", kAdStatuses)}},
       [&](const RecordView& row) {
         MetaAd ad{.id = row.at("id").as_id(),
                   .name = row.optional_string("name"),
                   .status = row.optional_string("effective_status")};
         if (const auto campaign = row.find("campaign_id")) ad.campaign_id = campaign->as_id();
         if (const auto adset = row.find("adset")) {
           ad.adset_id = adset->at("id").as_id();
           ad.adset_name = adset->optional_string("name");
         }
         take(ad);
       });
}

void MetaAds::each(const std::string& path, const NamedTexts& question,
                   const std::function<void(const RecordView&)>& take) {
  graph_->pages(path, question, [&](const std::string& page) {
    graph_->read(path, page,
                 [&](const RecordView& root) { root.at("data").for_each_element(take); });
  });
}

void MetaAds::insights(const std::string& account_id, DayRange days,
                       const std::function<void(std::string)>& take) {
  graph_->pages("act_" + account_id + "/insights", insight_question(days), take);
}

namespace {

enum class ReportState { kRunning, kDone, kFailed, kSkipped };

ReportState report_state(const RecordView& root) {
  const std::string_view status = root.at("async_status").as_string();
  if (status == "Job Failed") return ReportState::kFailed;
  if (status == "Job Skipped") return ReportState::kSkipped;
  // Completed alone is not enough: Meta says both before the result can be read.
  if (status == "Job Completed" && root.optional_int64("async_percent_completion") == 100)
    return ReportState::kDone;
  return ReportState::kRunning;
}

/// Why a report failed: said since v25.0, under names of its own.
std::optional<MetaError> report_error(const RecordView& root) {
  const auto code = root.optional_int64("error_code");
  if (!code || *code == 0) return std::nullopt;
  return MetaError{.code = *code,
                   .subcode = root.optional_int64("error_subcode").value_or(0),
                   .message = root.optional_string("error_message").value_or("")};
}

constexpr const char* kReportFields =
    "async_status,async_percent_completion,error_code,error_subcode,error_message";
constexpr int kReportTries = 3;
constexpr Milliseconds kFirstLook{2'000};
constexpr Milliseconds kLongestLook{30'000};
constexpr Milliseconds kLongestReport{3'600'000};  // Meta's own bound, retries of its own included

}  // namespace

void MetaAds::insights_report(const std::string& account_id, DayRange days,
                              const std::function<void(std::string)>& take) {
  const std::string path = "act_" + account_id + "/insights";
  std::string reason;
  for (int tries = 0; tries < kReportTries; ++tries) {
    const std::string run =
        graph_->read(path, graph_->post(path, insight_question(days)),
                     [](const RecordView& root) { return root.at("report_run_id").as_id(); });
    ReportState state = ReportState::kRunning;
    Milliseconds waited{0};
    for (Milliseconds look = kFirstLook; state == ReportState::kRunning;
         look = std::min(look * 3 / 2, kLongestLook)) {
      if (waited >= kLongestReport) {
        throw ProviderError(graph_->shown(path) + ": the report " + run +
                            " is not done after an hour");
      }
      graph_->client().pause(look);
      waited += look;
      const std::string answer = graph_->get(run, {{"fields", kReportFields}});
      graph_->read(run, answer, [&](const RecordView& root) {
        state = report_state(root);
        const auto error = report_error(root);
        reason = error ? graph_->masked(error->shown())
                       : std::string(root.at("async_status").as_string());
        if (state == ReportState::kFailed && error && error->kind() == MetaError::Kind::kTooMuch)
          throw TooMuchData(graph_->shown(path) + ": " + reason);
      });
    }
    if (state == ReportState::kDone) {
      graph_->pages(run + "/insights", {}, take);
      return;
    }
  }
  // A report that fails again and again without a reason is mostly one that is too large.
  throw TooMuchData(graph_->shown(path) + ": the report failed " + std::to_string(kReportTries) +
                    " times, the last time: " + reason);
}

}  // namespace adgenome::providers
