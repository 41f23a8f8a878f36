#include "offer_targets.hpp"

#include <adgenome/core/text.hpp>

namespace adgenome::app {
namespace {

std::optional<std::string> joined(std::vector<std::string> texts) {
  std::erase(texts, "");
  if (texts.empty()) return std::nullopt;
  return core::join(texts, ". ");
}

}  // namespace

creative::CongruenceTargets targets_of(const store::OfferVariant& variant) {
  std::vector<std::string> said{variant.message.value_or("")};
  said.insert(said.end(), variant.benefits.begin(), variant.benefits.end());
  said.insert(said.end(), variant.pain_points.begin(), variant.pain_points.end());
  creative::CongruenceTargets targets;
  targets.offer_variant = joined(std::move(said));
  targets.landing_page =
      joined({variant.hero_headline.value_or(""), variant.hero_text.value_or("")});
  return targets;
}

}  // namespace adgenome::app
