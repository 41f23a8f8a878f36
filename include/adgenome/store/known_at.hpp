#pragma once

#include <adgenome/core/time.hpp>
#include <optional>

namespace adgenome::store {

/// What is known without an end.
inline constexpr core::Time kNewest = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} +
                                      std::chrono::days{1} - std::chrono::microseconds{1};

/// What a run may know (--as-of): its inputs as they were learned up to a time, that time included,
/// and what earlier runs of its own kind had made before it, so that a run of that very time is
/// replayed and not found done.
struct KnownAt {
  core::Time inputs = kNewest;
  core::Time own = kNewest;

  KnownAt() = default;
  explicit KnownAt(const std::optional<core::Time>& as_of) {
    if (!as_of) return;
    inputs = *as_of;
    own = *as_of - std::chrono::microseconds{1};
  }
  bool is_past() const { return inputs != kNewest; }
};

}  // namespace adgenome::store
