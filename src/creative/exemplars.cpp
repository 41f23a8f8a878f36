#include <adgenome/creative/exemplars.hpp>
#include <algorithm>
#include <map>
#include <tuple>

namespace adgenome::creative {
namespace {

constexpr ExemplarKind kKinds[] = {ExemplarKind::kGoldApproval, ExemplarKind::kGoldRejection,
                                   ExemplarKind::kEdgeCase};

bool is_same(const std::string& one, const std::string& other) {
  return !one.empty() && one == other;
}

// The rule of nearness. A distance of vectors would take its place here.
bool is_nearer(const ExemplarAd& one, const ExemplarAd& other, const ExemplarTraits& ad) {
  const auto rank = [&](const ExemplarAd& each) {
    return std::tuple(is_same(each.traits.category, ad.category),
                      is_same(each.traits.size, ad.size),
                      is_same(each.traits.color_mode, ad.color_mode), each.at);
  };
  if (rank(one) != rank(other)) return rank(one) > rank(other);
  return one.ad_id < other.ad_id;
}

}  // namespace

std::string_view to_string(ExemplarKind kind) {
  switch (kind) {
    case ExemplarKind::kGoldApproval:
      return "gold_approval";
    case ExemplarKind::kGoldRejection:
      return "gold_rejection";
    case ExemplarKind::kEdgeCase:
      break;
  }
  return "edge_case";
}

std::optional<ExemplarKind> parse_exemplar_kind(std::string_view text) {
  for (const ExemplarKind kind : kKinds) {
    if (text == to_string(kind)) return kind;
  }
  return std::nullopt;
}

std::vector<std::size_t> nearest_exemplars(std::span<const ExemplarAd> exemplars,
                                           const std::string& ad_id, const ExemplarTraits& ad,
                                           ExemplarKind kind, std::size_t count) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < exemplars.size(); ++i) {
    if (exemplars[i].kind == kind && exemplars[i].ad_id != ad_id) places.push_back(i);
  }
  std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return is_nearer(exemplars[a], exemplars[b], ad);
  });
  places.resize(std::min(places.size(), count));
  return places;
}

std::vector<std::size_t> exemplars_for_review(std::span<const ExemplarAd> exemplars,
                                              const std::string& ad_id, const ExemplarTraits& ad) {
  std::vector<std::size_t> all;
  for (const auto& [kind, count] : {std::pair(ExemplarKind::kGoldApproval, std::size_t{2}),
                                    std::pair(ExemplarKind::kGoldRejection, std::size_t{2}),
                                    std::pair(ExemplarKind::kEdgeCase, std::size_t{1})}) {
    for (const std::size_t i : nearest_exemplars(exemplars, ad_id, ad, kind, count)) {
      all.push_back(i);
    }
  }
  return all;
}

std::vector<std::size_t> spread_out(std::span<const ExemplarAd> candidates,
                                    std::span<const ExemplarTraits> taken, std::size_t room) {
  const auto key = [](const ExemplarTraits& traits) {
    return std::tuple(traits.category, traits.size, traits.color_mode);
  };
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> used;
  for (const ExemplarTraits& traits : taken) ++used[key(traits)];
  std::vector<std::size_t> rest(candidates.size());
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = i;
  std::vector<std::size_t> chosen;
  while (chosen.size() < room && !rest.empty()) {
    const auto next = std::min_element(rest.begin(), rest.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(used[key(candidates[a].traits)], a) <
             std::pair(used[key(candidates[b].traits)], b);
    });
    ++used[key(candidates[*next].traits)];
    chosen.push_back(*next);
    rest.erase(next);
  }
  return chosen;
}

}  // namespace adgenome::creative
