#pragma once

#include <adgenome/core/time.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// Ads that show reviewers what is good, what is bad and what lies between.
enum class ExemplarKind { kGoldApproval, kGoldRejection, kEdgeCase };
std::string_view to_string(ExemplarKind kind);
std::optional<ExemplarKind> parse_exemplar_kind(std::string_view text);

/// Most of a kind that a brand has.
inline constexpr std::size_t kMostExemplars = 10;

/// What makes two ads alike, as far as exemplars go.
struct ExemplarTraits {
  std::string category;  ///< of the template; empty: not known
  std::string size;
  std::string color_mode;
};

struct ExemplarAd {
  std::string ad_id;
  ExemplarKind kind = ExemplarKind::kGoldApproval;
  ExemplarTraits traits;
  core::Time at;  ///< when it became one
};

/// Places in `exemplars` of those nearest to an ad, nearest first: same template category first,
/// then size, then color, then the newest. At most `count`; the ad itself is none.
std::vector<std::size_t> nearest_exemplars(std::span<const ExemplarAd> exemplars,
                                           const std::string& ad_id, const ExemplarTraits& ad,
                                           ExemplarKind kind, std::size_t count);

/// What a reviewer gets: the nearest 2 approvals, 2 rejections and 1 edge case.
std::vector<std::size_t> exemplars_for_review(std::span<const ExemplarAd> exemplars,
                                              const std::string& ad_id, const ExemplarTraits& ad);

/// Places in `candidates` (newest first) that fill `room`, spread: each next one is the newest of
/// the least used combination of category, size and color, where `taken` count as used.
std::vector<std::size_t> spread_out(std::span<const ExemplarAd> candidates,
                                    std::span<const ExemplarTraits> taken, std::size_t room);

}  // namespace adgenome::creative
