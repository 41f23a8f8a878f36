#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/providers/client.hpp>
#include <adgenome/providers/secret.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace adgenome::providers {

/// The version of Meta's Graph API that is spoken (released 18 February 2026, answered until
/// 29 July 2028).
inline constexpr const char* kMetaVersion = "v25.0";
inline constexpr const char* kMetaAddress = "https://graph.facebook.com";

struct MetaAccount {
  std::string id;  ///< digits, without "act_"
  std::string name;
  std::string currency;
  std::string timezone;      ///< as in "Europe/Vienna"
  std::int64_t utc_minutes;  ///< offset of its clock now
};

struct MetaCampaign {
  std::string id;
  std::optional<std::string> name = std::nullopt;
  std::optional<std::string> objective = std::nullopt;
  std::optional<std::string> status = std::nullopt;
};

struct MetaAd {
  std::string id;
  std::optional<std::string> name = std::nullopt;
  std::optional<std::string> adset_id = std::nullopt;
  std::optional<std::string> adset_name = std::nullopt;
  std::optional<std::string> campaign_id = std::nullopt;
  std::optional<std::string> status = std::nullopt;
};

/// Days of an account, both ends included.
struct DayRange {
  core::Day first;
  core::Day last;
};

/// The question is too large for Meta to answer: fewer days have to be asked for.
struct TooMuchData : core::ProviderError {
  using core::ProviderError::ProviderError;
};

/// The digits of an ad account's id, given as "act_123" or "123"; nothing where it is neither.
std::optional<std::string> meta_account_id(const std::string& text);

/// Meta's Marketing API, as much of it as is read: campaigns, ads, and what ads delivered by day.
///
/// The token goes in the Authorization header. Lists are paged by cursor; the address of the next
/// page is never followed as it stands, because it carries the token. Errors come in the body of
/// the answer whatever its status; an expired token or a bad request is a ProviderError at once,
/// throttling and passing failures are waited out, usage near the limit slows the calls down.
class MetaAds {
 public:
  /// `address` is https, or http of this machine. Throws InvalidInput otherwise.
  MetaAds(Client& client, Secret token, const std::string& address = kMetaAddress);
  ~MetaAds();

  MetaAccount account(const std::string& account_id);
  /// All of the account's, archived and deleted ones too.
  void campaigns(const std::string& account_id,
                 const std::function<void(const MetaCampaign&)>& take);
  void ads(const std::string& account_id, const std::function<void(const MetaAd&)>& take);

  /// Rows of insights by ad and day, page by page as the JSON that Meta sends: an object whose
  /// "data" is the list of rows. Asks and gets the answer in one call a page.
  void insights(const std::string& account_id, DayRange days,
                const std::function<void(std::string page)>& take);
  /// The same by an asynchronous report: asked for, waited for, then fetched.
  void insights_report(const std::string& account_id, DayRange days,
                       const std::function<void(std::string page)>& take);

 private:
  void each(const std::string& path, const NamedTexts& question,
            const std::function<void(const core::RecordView&)>& take);
  std::unique_ptr<class MetaGraph> graph_;
};

}  // namespace adgenome::providers
