#include "genome_beliefs.hpp"

#include <adgenome/store/genome_facts.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace adgenome::app {
namespace {

using core::Json;

learning::LentElements lent_by(store::Session& session, const std::string& brand_id,
                               core::Time known_at) {
  learning::LentElements lent;
  for (const store::StoredElementScore& score :
       store::element_scores(session, brand_id, "", known_at)) {
    lent.scores[{score.dimension, score.value}] = element_score(score);
  }
  return lent;
}

}  // namespace

std::optional<learning::Discount> discount_of(const GenomeOptions& options) {
  if (!options.half_life_weeks) return std::nullopt;
  return learning::Discount{*options.half_life_weeks, core::day_of(options.now)};
}

learning::ElementScore element_score(const store::StoredElementScore& stored) {
  return {.element = {stored.product_id, stored.dimension, stored.value},
          .alpha = stored.alpha,
          .beta = stored.beta,
          .observations = stored.observations};
}

learning::Belief GenomeBeliefs::of(const std::string& dimension, const std::string& value) const {
  const auto at = own.find({dimension, value});
  const auto prior = priors.of(dimension, value);
  return learning::belief(at == own.end() ? learning::ElementScore{} : at->second, prior, level);
}

bool GenomeBeliefs::is_known(const std::string& dimension, const std::string& value) const {
  return own.contains({dimension, value}) || priors.of(dimension, value).has_value();
}

std::vector<std::string> GenomeBeliefs::values_of(const std::string& dimension) const {
  std::set<std::string> values;
  for (const auto& [element, score] : own) {
    if (element.first == dimension) values.insert(element.second);
  }
  if (level == learning::ColdStart::kNoData) {
    for (const auto& [element, trials] : priors.lent()) {
      if (element.first == dimension) values.insert(element.second);
    }
  }
  return {values.begin(), values.end()};
}

std::vector<learning::ShownElement> GenomeBeliefs::shown(
    const std::optional<std::string>& dimension) const {
  std::map<std::pair<std::string, std::string>, learning::ElementScore> all = own;
  if (level == learning::ColdStart::kNoData) {
    for (const auto& [element, trials] : priors.lent()) {
      all.try_emplace(
          element, learning::ElementScore{.element = {product_id, element.first, element.second}});
    }
  }
  std::vector<learning::ShownElement> list;
  for (const auto& [element, score] : all) {
    if (dimension && element.first != *dimension) continue;
    list.push_back(learning::shown_element(score, of(element.first, element.second)));
  }
  return list;
}

GenomeBeliefs beliefs_of(store::Session& session, const store::Brand& brand,
                         const std::vector<learning::ElementScore>& scores,
                         const std::string& product_id, const GenomeOptions& options) {
  const core::Time known_at = options.known_at.inputs;
  GenomeBeliefs beliefs;
  beliefs.product_id = product_id;
  beliefs.level = learning::cold_start(store::first_delivery(session, brand.id, known_at),
                                       core::day_of(options.now));
  beliefs.matured_ads = store::count_rewarded_ads(session, brand.id, known_at);
  // A brand without a platform learns from reviews, which are its own data from the first on.
  if (beliefs.level == learning::ColdStart::kNoData && beliefs.matured_ads > 0) {
    beliefs.level = learning::ColdStart::kOwnData;
  }
  std::vector<learning::LentElements> lent;
  if (brand.cross_brand_sharing) {
    for (const std::string& lender :
         store::sharing_brands(session, brand.organization_id, brand.id)) {
      lent.push_back(lent_by(session, lender, known_at));
    }
  }
  beliefs.priors = learning::ElementPriors(scores, lent, options.rules);
  for (const learning::ElementScore& score : scores) {
    if (score.element.scope != product_id) continue;
    beliefs.own[{score.element.dimension, score.element.value}] = score;
  }
  return beliefs;
}

GenomeBeliefs load_beliefs(store::Session& session, const store::Brand& brand,
                           const std::string& product_id, const GenomeOptions& options) {
  std::vector<learning::ElementScore> scores;
  for (const store::StoredElementScore& score :
       store::all_element_scores(session, brand.id, options.known_at.inputs)) {
    scores.push_back(element_score(score));
  }
  return beliefs_of(session, brand, scores, product_id, options);
}

void write_level(const GenomeBeliefs& beliefs, Json& summary) {
  summary["cold_start_level"] = learning::number_of(beliefs.level);
  summary["matured_ads"] = beliefs.matured_ads;
  summary["exploration_rate"] = learning::exploration_rate(beliefs.matured_ads);
}

}  // namespace adgenome::app
