#include "meta_usage.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <functional>

#include "json_answer.hpp"

namespace adgenome::providers {
namespace {

using core::RecordView;

/// Reads one header; false where it is not what is documented.
bool read(const HttpResponse& response, const char* name,
          const std::function<void(const RecordView&)>& take) {
  const auto text = response.header(name);
  if (!text) return false;
  try {
    take(JsonAnswer(*text, name).root());
    return true;
  } catch (const core::InvalidInput&) {
    return false;
  }
}

void raise(MetaUsage& usage, const RecordView& entry, std::string_view member) {
  usage.percent = std::max(usage.percent, entry.optional_double(member).value_or(0));
}

void raise_until(MetaUsage& usage, std::chrono::seconds wait) {
  if (wait.count() <= 0) return;
  usage.until_access = std::max(usage.until_access.value_or(Milliseconds(0)), Milliseconds(wait));
}

void take_loads(MetaUsage& usage, const RecordView& entry) {
  for (const char* member : {"call_count", "total_cputime", "total_time"})
    raise(usage, entry, member);
}

}  // namespace

MetaUsage meta_usage(const HttpResponse& response) {
  MetaUsage usage;
  read(response, "x-app-usage", [&](const RecordView& root) { take_loads(usage, root); });
  read(response, "x-fb-ads-insights-throttle", [&](const RecordView& root) {
    raise(usage, root, "app_id_util_pct");
    raise(usage, root, "acc_id_util_pct");
  });
  read(response, "x-ad-account-usage", [&](const RecordView& root) {
    raise(usage, root, "acc_id_util_pct");
    if (root.optional_double("acc_id_util_pct").value_or(0) >= 100) {
      raise_until(usage,
                  std::chrono::seconds(root.optional_int64("reset_time_duration").value_or(0)));
    }
  });
  read(response, "x-business-use-case-usage", [&](const RecordView& root) {
    root.for_each_member([&](std::string_view, const RecordView& entries) {
      entries.for_each_element([&](const RecordView& entry) {
        if (!entry.optional_string("type").value_or("").starts_with("ads_")) return;
        take_loads(usage, entry);
        raise_until(usage,
                    std::chrono::minutes(
                        entry.optional_int64("estimated_time_to_regain_access").value_or(0)));
      });
    });
  });
  return usage;
}

Milliseconds pause_at(double percent) {
  constexpr double kFrom = 75;
  constexpr double kLongest = 60'000;
  const double part = std::clamp((percent - kFrom) / (100 - kFrom), 0.0, 1.0);
  return Milliseconds(static_cast<std::int64_t>(part * kLongest));
}

}  // namespace adgenome::providers
