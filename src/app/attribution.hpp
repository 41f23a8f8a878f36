#pragma once

#include <adgenome/store/session.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// Every run of exactly eight hex digits between characters that are neither letter nor digit, in
/// lower case: what may be a short id in a platform ad's name.
std::set<std::string> short_ids_in(std::string_view name);

/// Ads of ours by what stands in names.
class ShortIds {
 public:
  /// Looks up those of all names at once.
  ShortIds(store::Session& session, const std::string& brand_id,
           const std::vector<std::string_view>& names);

  /// The ads of ours whose short id stands in the name. Only a single one is a match.
  std::set<std::string> ads_in(std::string_view name) const;

 private:
  std::map<std::string, std::set<std::string>> ads_;
};

}  // namespace adgenome::app
