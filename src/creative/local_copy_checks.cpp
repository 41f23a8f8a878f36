#include <adgenome/creative/copy_rules.hpp>
#include <adgenome/creative/text_match.hpp>

#include "local_review.hpp"

namespace adgenome::creative {
namespace {

std::string all_texts(const ReviewBrief& brief) {
  std::string text;
  for (const std::string& each : brief.texts) text += each + "\n";
  return text;
}

// C1: as short and as plain as a headline that is read in passing: up to 8 words, at the level of
// ordinary English. Short texts scatter in reading ease, so that it never costs more than half.
CheckScore headline_clarity(const ReviewBrief& brief) {
  if (!brief.headline) return not_assessed("C1", "the ad has no headline");
  const auto words = static_cast<std::int64_t>(words_of(*brief.headline).size());
  const auto ease = reading_ease(*brief.headline);
  if (!ease) return not_assessed("C1", "reading ease is measured in Latin letters only");
  const double by_length = words == 0 ? 0 : grade(static_cast<double>(words), 24, 8);
  const double by_ease = 5 + grade(*ease, 0, 60) / 2;
  return {"C1", std::min(by_length, by_ease), {{"words", words}, {"reading_ease", *ease}}};
}

// C2: a verb, in a few words.
CheckScore call_to_act(const ReviewBrief& brief) {
  if (!brief.call_to_action) return not_assessed("C2", "the ad has no call to action");
  if (has_other_script(*brief.call_to_action)) {
    return not_assessed("C2", "verbs are known in English only");
  }
  const auto words = static_cast<std::int64_t>(words_of(*brief.call_to_action).size());
  const auto verb = action_verb(*brief.call_to_action);
  const double by_length = words == 0 ? 0 : grade(static_cast<double>(words), 10, 4);
  Evidence evidence{{"words", words}};
  if (verb) {
    evidence.push_back({"verb", *verb});
  } else {
    evidence.push_back({"verb", std::monostate()});
  }
  return {"C2", std::min(by_length, verb ? 10.0 : 4.0), std::move(evidence)};
}

// C5: 0 for what is prohibited, 1 for what was not given: either rejects the ad.
CheckScore claims(const ReviewBrief& brief) {
  const std::string text = all_texts(brief);
  const auto prohibited = phrases_in(text, brief.prohibited_claims);
  const auto not_given = offers_not_given(text, brief.given);
  const double score = !prohibited.empty() ? 0 : !not_given.empty() ? 1 : 10;
  return {"C5",
          score,
          {{"prohibited_claims", prohibited},
           {"offers", offers_in(text)},
           {"offers_not_given", not_given},
           {"rules", static_cast<std::int64_t>(brief.prohibited_claims.size())}}};
}

// G1: the measure that the headline was held to when the ad was made, or the same taken now.
CheckScore congruence(const ReviewBrief& brief) {
  if (!brief.headline) return not_assessed("G1", "the ad has no headline");
  if (!brief.fit)
    return not_assessed("G1", "no offer variant is known to hold the headline against");
  const HeadlineFit& fit = *brief.fit;
  Evidence evidence{{"congruence", fit.score}, {"method", fit.method}};
  if (fit.offer) evidence.push_back({"measured_against", *fit.offer});
  for (const auto& [name, figure] :
       {std::pair("offer_variant", fit.offer_variant), std::pair("landing_page", fit.landing_page),
        std::pair("belief", fit.belief)}) {
    if (figure) evidence.push_back({name, *figure});
  }
  return {"G1", 10 * std::clamp(fit.score, 0.0, 1.0), std::move(evidence)};
}

}  // namespace

// V5: the required disclaimers stand in the ad. Whether the brand's voice is kept takes a reader.
CheckScore brand_guideline(const ReviewBrief& brief, const PictureFigures& picture) {
  if (brief.required_disclaimers.empty()) {
    return not_assessed("V5", "the brand requires no disclaimer, and voice is not measured");
  }
  std::string text = all_texts(brief);
  if (picture.whole) {
    for (const std::string& block : picture.whole->blocks) text += ". " + block;
  }
  std::vector<std::string> missing = brief.required_disclaimers;
  for (const std::string& found : phrases_in(text, brief.required_disclaimers)) {
    std::erase(missing, found);
  }
  const double share = 1 - static_cast<double>(missing.size()) /
                               static_cast<double>(brief.required_disclaimers.size());
  CheckScore score{
      "V5",
      10 * share,
      {{"required_disclaimers", brief.required_disclaimers}, {"missing_disclaimers", missing}}};
  // Small print may be there and not be made out.
  if (picture.whole && !missing.empty()) {
    score.score = std::nullopt;
    score.evidence.insert(score.evidence.begin(),
                          {"reason", std::string("not every disclaimer was read in the picture")});
  }
  return score;
}

std::vector<CheckScore> copy_checks(const ReviewBrief& brief) {
  return {headline_clarity(brief), call_to_act(brief), claims(brief), congruence(brief)};
}

}  // namespace adgenome::creative
