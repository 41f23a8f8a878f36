#include "fields.hpp"

#include <algorithm>

namespace adgenome::ingest {
namespace {

constexpr std::array<std::string_view, kFieldCount> kNames = {
    "platform",      "platform_ad_id",   "date_start",
    "currency",      "impressions",      "spend",
    "date_stop",     "account_id",       "campaign_id",
    "campaign_name", "objective",        "adset_id",
    "adset_name",    "ad_name",          "reach",
    "frequency",     "clicks",           "link_clicks",
    "conversions",   "conversion_value", "attribution_window"};

}  // namespace

std::span<const std::string_view, kFieldCount> field_names() {
  return kNames;
}

std::optional<Field> field_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Field>(found - kNames.begin());
}

}  // namespace adgenome::ingest
