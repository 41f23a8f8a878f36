#include "attribution.hpp"

#include <adgenome/core/text.hpp>
#include <adgenome/store/platform_ads.hpp>

namespace adgenome::app {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::set<std::string> short_ids_in(std::string_view name) {
  std::set<std::string> found;
  for (std::size_t begin = 0; begin < name.size();) {
    std::size_t end = begin;
    while (end < name.size() && is_alphanumeric(name[end])) ++end;
    if (end - begin == 8) {
      std::string word = core::to_lower(name.substr(begin, 8));
      if (word.find_first_not_of("0123456789abcdef") == std::string::npos) {
        found.insert(std::move(word));
      }
    }
    begin = end + 1;
  }
  return found;
}

ShortIds::ShortIds(store::Session& session, const std::string& brand_id,
                   const std::vector<std::string_view>& names) {
  std::set<std::string> wanted;
  for (const std::string_view name : names) wanted.merge(short_ids_in(name));
  for (auto& [short_id, ad] : store::ads_with_short_ids(session, brand_id, wanted)) {
    ads_[short_id].insert(std::move(ad));
  }
}

std::set<std::string> ShortIds::ads_in(std::string_view name) const {
  std::set<std::string> ads;
  for (const std::string& short_id : short_ids_in(name)) {
    const auto found = ads_.find(short_id);
    if (found != ads_.end()) ads.insert(found->second.begin(), found->second.end());
  }
  return ads;
}

}  // namespace adgenome::app
