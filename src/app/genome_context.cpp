#include <adgenome/app/genome.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <adgenome/learning/winning_combinations.hpp>
#include <adgenome/store/embeddings.hpp>
#include <adgenome/store/genome_facts.hpp>
#include <adgenome/store/interactions.hpp>
#include <adgenome/store/whitespace.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "element_tags.hpp"
#include "genome_beliefs.hpp"
#include "genome_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::Element;

constexpr std::size_t kBest = 3;
constexpr auto kApprovalPeriod = std::chrono::days(30);

Json tag_json(const std::string& dimension, const std::string& value) {
  return {{"dimension", dimension}, {"value", value}};
}

Json shown_json(const learning::ShownElement& element) {
  return {{"value", element.score.element.value},
          {"mean", element.belief.mean()},
          {"interval", interval_json(element.interval)},
          {"observations", element.score.observations}};
}

/// By dimension: the three of the highest lower bounds, and those that are clear of the
/// dimension's mean from below.
Json dimensions_json(const GenomeBeliefs& beliefs) {
  std::vector<learning::ShownElement> elements = beliefs.shown();
  learning::order_for_display(elements);
  Json list = Json::array();
  for (std::size_t begin = 0; begin < elements.size();) {
    const std::string& dimension = elements[begin].score.element.dimension;
    std::size_t end = begin;
    double sum = 0;
    while (end < elements.size() && elements[end].score.element.dimension == dimension) {
      sum += elements[end++].belief.mean();
    }
    const double mean = sum / static_cast<double>(end - begin);
    Json top = Json::array();
    Json weak = Json::array();
    for (std::size_t i = begin; i < end; ++i) {
      const bool is_weak = elements[i].interval.high < mean;
      if (is_weak) {
        weak.push_back(shown_json(elements[i]));
      } else if (top.size() < kBest) {
        top.push_back(shown_json(elements[i]));
      }
    }
    list.push_back({{"dimension", dimension}, {"top", std::move(top)}, {"weak", std::move(weak)}});
    begin = end;
  }
  return list;
}

struct Rewarded {
  std::vector<learning::TaggedReward> list;
  std::vector<learning::Credit> credits;
};

Rewarded rewarded_of(store::Session& session, const store::Brand& brand,
                     const std::string& product_id, const GenomeOptions& options) {
  Rewarded rewarded;
  for (const store::RewardedAd& ad :
       store::rewarded_ads(session, brand.id, options.known_at.inputs)) {
    if (!product_id.empty() && ad.product_id != product_id) continue;
    rewarded.list.push_back({.ad_id = ad.ad_id,
                             .run = ad.ad_run_id,
                             .product_id = ad.product_id,
                             .tags = element_tags(ad),
                             .reward = ad.reward,
                             .weight = ad.weight,
                             .is_imported = ad.is_imported});
  }
  rewarded.credits =
      learning::credits_of(rewarded.list, learning::fit_icc(rewarded.list).value, options.rules);
  return rewarded;
}

Json combinations_json(const Rewarded& rewarded) {
  Json list = Json::array();
  for (const auto& combination :
       learning::winning_combinations(rewarded.list, rewarded.credits, kBest)) {
    Json elements = Json::array();
    for (const Element& element : combination.elements) {
      elements.push_back(tag_json(element.dimension, element.value));
    }
    list.push_back({{"elements", std::move(elements)},
                    {"ads", combination.ads},
                    {"mean", combination.mean},
                    {"interval", interval_json(combination.interval)}});
  }
  return list;
}

/// The strongest of one direction.
Json pairs_json(std::vector<store::StoredInteraction> facts, std::string_view direction) {
  std::erase_if(facts,
                [&](const store::StoredInteraction& fact) { return fact.direction != direction; });
  std::stable_sort(facts.begin(), facts.end(),
                   [](const store::StoredInteraction& a, const store::StoredInteraction& b) {
                     return std::abs(a.effect) > std::abs(b.effect);
                   });
  Json list = Json::array();
  for (const store::StoredInteraction& fact : facts) {
    if (list.size() == kBest) break;
    Json interval = nullptr;
    if (fact.effect_low && fact.effect_high) interval = {*fact.effect_low, *fact.effect_high};
    list.push_back({{"a", tag_json(fact.a_dimension, fact.a_value)},
                    {"b", tag_json(fact.b_dimension, fact.b_value)},
                    {"effect", fact.effect},
                    {"interval", std::move(interval)},
                    {"ads", fact.ads}});
  }
  return list;
}

/// The best pairs that wait to be tried.
Json whitespace_json(store::Session& session, const std::string& brand_id, core::Time known_at,
                     std::vector<std::string>& ids) {
  std::vector<store::WhitespaceRow> rows = store::whitespace_rows(session, brand_id, known_at);
  std::erase_if(rows, [](const store::WhitespaceRow& row) {
    return !row.c_dimension.empty() || (row.status != "identified" && row.status != "injected");
  });
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.potential > b.potential; });
  Json list = Json::array();
  for (const store::WhitespaceRow& row : rows) {
    if (list.size() == kBest) break;
    const std::string id = learning::whitespace_id({row.a_dimension, row.a_value},
                                                   {row.b_dimension, row.b_value}, std::nullopt);
    ids.push_back(id);
    list.push_back({{"id", id},
                    {"a", tag_json(row.a_dimension, row.a_value)},
                    {"b", tag_json(row.b_dimension, row.b_value)},
                    {"potential", row.potential},
                    {"status", row.status}});
  }
  return list;
}

/// The style whose ads earned the most, by the lower bound; null where no cluster has a reward.
Json style_json(store::Session& session, const std::string& brand_id, const Rewarded& rewarded) {
  const auto model = store::newest_cluster_model(session, brand_id);
  if (!model) return nullptr;
  std::map<std::string, learning::Credit> credits;
  for (std::size_t i = 0; i < rewarded.list.size(); ++i) {
    credits[rewarded.list[i].ad_id] = rewarded.credits[i];
  }
  struct Sum {
    learning::Belief belief;
    std::int64_t ads = 0;
  };
  std::map<std::int64_t, Sum> sums;
  for (const store::StyleClusterMember& member :
       store::style_cluster_members(session, brand_id, *model)) {
    const auto credit = credits.find(member.id);
    if (member.cluster < 0 || credit == credits.end()) continue;
    Sum& sum = sums[member.cluster];
    sum.belief.alpha += credit->second.alpha;
    sum.belief.beta += credit->second.beta;
    ++sum.ads;
  }
  Json best = nullptr;
  double best_low = -1;
  for (const store::StyleCluster& cluster : store::style_clusters(session, brand_id, *model)) {
    const auto at = sums.find(cluster.cluster);
    if (at == sums.end()) continue;
    const auto interval =
        learning::credible_interval(at->second.belief.alpha, at->second.belief.beta);
    if (interval.low <= best_low) continue;
    best_low = interval.low;
    best = {{"model", *model},
            {"cluster", cluster.cluster},
            {"size", cluster.size},
            {"medoid", cluster.medoid},
            {"ads", at->second.ads},
            {"mean", at->second.belief.mean()},
            {"interval", interval_json(interval)}};
  }
  return best;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

std::string shown(const Json& tag) {
  return tag.at("dimension").get<std::string>() + " \"" + tag.at("value").get<std::string>() + "\"";
}

std::string pair_text(const Json& pair) {
  return shown(pair.at("a")) + " with " + shown(pair.at("b"));
}

constexpr std::string_view kLevelText[] = {
    "nothing has been delivered yet, so this is what similar brands found",
    "these are the first two weeks, and young ads count with provisional rewards",
    "this is the first month, and means are blended with what was believed before",
    "the brand's own results carry the advice"};

/// The advice in plain words. It says what did well, never what must be done.
std::string paragraph_of(const Json& document) {
  std::vector<std::string> sentences;
  const auto level = static_cast<std::size_t>(document.at("cold_start_level").get<int>());
  sentences.push_back("Advice from " + document.at("matured_ads").dump() +
                      " ads with rewards: " + std::string(kLevelText[level]) + ".");
  const Json& approval = document.at("approval_rate");
  if (!approval.at("rate").is_null()) {
    sentences.push_back("Over the last 30 days " + percent(approval.at("rate").get<double>()) +
                        " of the reviewed ads were approved.");
  }
  std::vector<std::string> strong;
  std::vector<std::string> weak;
  for (const Json& dimension : document.at("dimensions")) {
    const std::string name = dimension.at("dimension").get<std::string>();
    for (const Json& value : dimension.at("top")) {
      strong.push_back(name + " \"" + value.at("value").get<std::string>() + "\" (" +
                       percent(value.at("mean").get<double>()) + ")");
      break;
    }
    for (const Json& value : dimension.at("weak")) {
      weak.push_back(name + " \"" + value.at("value").get<std::string>() + "\"");
    }
  }
  if (!strong.empty()) sentences.push_back("Doing best so far: " + core::join(strong, ", ") + ".");
  if (!weak.empty())
    sentences.push_back("Clearly below the others: " + core::join(weak, ", ") + ".");
  const auto add_pairs = [&](const char* list, const std::string& words) {
    std::vector<std::string> texts;
    for (const Json& pair : document.at(list)) texts.push_back(pair_text(pair));
    if (!texts.empty()) sentences.push_back(words + core::join(texts, "; ") + ".");
  };
  for (const Json& combination : document.at("combinations")) {
    std::vector<std::string> texts;
    for (const Json& element : combination.at("elements")) texts.push_back(shown(element));
    sentences.push_back("Together " + core::join(texts, " and ") + " earned " +
                        percent(combination.at("mean").get<double>()) + " over " +
                        combination.at("ads").dump() + " ads.");
  }
  add_pairs("synergies", "Stronger together than apart: ");
  add_pairs("conflicts", "Weaker together than apart: ");
  add_pairs("whitespace", "Promising and hardly tried: ");
  sentences.push_back("All of this is correlation, and " +
                      percent(document.at("exploration_rate").get<double>()) +
                      " of the choices are made at random so that it can be found wrong.");
  return core::join(sentences, " ");
}

}  // namespace

GenomeContext genome_context(store::Session& session, const store::Brand& brand,
                             const std::string& product_id, const GenomeOptions& options) {
  const core::Time known_at = options.known_at.inputs;
  const GenomeBeliefs beliefs = load_beliefs(session, brand, product_id, options);
  const Rewarded rewarded = rewarded_of(session, brand, product_id, options);
  const store::VerdictCounts verdicts =
      store::count_verdicts(session, brand.id, options.now - kApprovalPeriod, options.now);
  const std::int64_t decided = verdicts.approved + verdicts.rejected + verdicts.flagged;
  const auto facts = store::interactions(session, brand.id, known_at);

  GenomeContext context;
  Json& document = context.document;
  document = {{"brand_id", brand.id},
              {"product_id", product_id.empty() ? Json() : Json(product_id)},
              {"rules", learning::name_of(options.rules)},
              {"evidence", "correlational"}};
  write_level(beliefs, document);
  document["approval_rate"] = {{"rate", decided > 0 ? Json(static_cast<double>(verdicts.approved) /
                                                           static_cast<double>(decided))
                                                    : Json()},
                               {"ads", decided},
                               {"days", kApprovalPeriod.count()}};
  document["dimensions"] = dimensions_json(beliefs);
  document["combinations"] = combinations_json(rewarded);
  document["synergies"] = pairs_json(facts, "synergy");
  document["conflicts"] = pairs_json(facts, "conflict");
  document["whitespace"] = whitespace_json(session, brand.id, known_at, context.whitespace_ids);
  document["style_cluster"] = style_json(session, brand.id, rewarded);
  context.paragraph = paragraph_of(document);
  document["paragraph"] = context.paragraph;
  return context;
}

}  // namespace adgenome::app
