#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/congruence.hpp>
#include <adgenome/creative/copy_rules.hpp>
#include <algorithm>

namespace adgenome::creative {
namespace {

using core::Json;

constexpr double kWordsWeight = 0.5;
constexpr double kClaimsWeight = 0.25;
constexpr double kLengthWeight = 0.125;
constexpr double kReadingWeight = 0.125;
constexpr double kOrdinaryEase = 60;  // Flesch: from here on ordinary readers follow

CongruenceMeasures measure(const std::string& headline, const std::string& target,
                           const CongruenceTargets& targets, const TermWeights& weights) {
  CongruenceMeasures found;
  found.words = std::min(1.0, 2 * weights.shared(headline, target).value_or(0));
  std::vector<std::string> given = targets.given;
  given.push_back(target);
  found.claims = offers_not_given(headline, given).empty() ? 1 : 0;
  const std::size_t room = targets.room.value_or(kUsualHeadline);
  const std::size_t length = count_characters(headline);
  found.length = length <= room ? 1 : static_cast<double>(room) / static_cast<double>(length);
  double sum =
      kWordsWeight * found.words + kClaimsWeight * found.claims + kLengthWeight * found.length;
  double weight = kWordsWeight + kClaimsWeight + kLengthWeight;
  if (const auto ease = reading_ease(headline)) {
    found.reading = std::clamp(*ease / kOrdinaryEase, 0.0, 1.0);
    sum += kReadingWeight * *found.reading;
    weight += kReadingWeight;
  }
  found.score = sum / weight;
  return found;
}

Json to_json(const std::optional<CongruenceMeasures>& measures) {
  if (!measures) return nullptr;
  return {{"score", measures->score},
          {"words", measures->words},
          {"claims", measures->claims},
          {"length", measures->length},
          {"reading", measures->reading ? Json(*measures->reading) : Json()}};
}

}  // namespace

Congruence measure_congruence(const std::string& headline, const CongruenceTargets& targets,
                              const TermWeights& weights) {
  Congruence congruence;
  double sum = 0;
  int present = 0;
  const auto look = [&](const std::optional<std::string>& target) {
    std::optional<CongruenceMeasures> found;
    if (!target) return found;
    found = measure(headline, *target, targets, weights);
    sum += found->score;
    ++present;
    return found;
  };
  congruence.offer_variant = look(targets.offer_variant);
  congruence.landing_page = look(targets.landing_page);
  congruence.belief = look(targets.belief);
  if (present > 0) congruence.score = sum / present;
  return congruence;
}

Json to_json(const Congruence& congruence) {
  return {{"score", congruence.score ? Json(*congruence.score) : Json()},
          {"method", "local"},
          {"offer_variant", to_json(congruence.offer_variant)},
          {"landing_page", to_json(congruence.landing_page)},
          {"belief", to_json(congruence.belief)}};
}

std::optional<double> CongruenceScores::mean() const {
  double sum = 0;
  int present = 0;
  for (const auto& score : {offer_variant, landing_page, belief}) {
    if (!score) continue;
    sum += *score;
    ++present;
  }
  if (present == 0) return std::nullopt;
  return sum / present;
}

Json to_json(const CongruenceScores& scores, const std::string& method) {
  const auto part = [](const std::optional<double>& score) {
    return score ? Json{{"score", *score}} : Json();
  };
  const auto mean = scores.mean();
  return {{"score", mean ? Json(*mean) : Json()},
          {"method", method},
          {"offer_variant", part(scores.offer_variant)},
          {"landing_page", part(scores.landing_page)},
          {"belief", part(scores.belief)}};
}

}  // namespace adgenome::creative
