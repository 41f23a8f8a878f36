#include "conversions.hpp"

#include <algorithm>

namespace adgenome::ingest {

EventLadder::EventLadder(std::string_view event) : event_(event) {
  const std::string& name = event_;
  // As the Marketing API's reference of action types names them (AdsActionStats).
  rungs_ = {"omni_" + name,
            name,
            "offsite_conversion.fb_pixel_" + name,
            "onsite_web_" + name,
            "onsite_web_app_" + name,
            "onsite_app_" + name,
            "onsite_conversion." + name,
            "app_custom_event.fb_mobile_" + name,
            "web_in_store_" + name,
            "offline_conversion." + name};
  if (event == "lead") {
    rungs_.insert(rungs_.begin() + 3, {"onsite_conversion.lead_grouped", "leadgen_grouped"});
  }
}

std::size_t EventLadder::rung(std::string_view action_type) const {
  return static_cast<std::size_t>(std::ranges::find(rungs_, action_type) - rungs_.begin());
}

bool EventLadder::is_indicator(std::string_view text) const {
  for (const std::string_view prefix : {"actions:", "conversions:"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return rung(text) < rungs_.size();
}

}  // namespace adgenome::ingest
