#include <adgenome/app/whitespace.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/genome.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/genome_facts.hpp>
#include <adgenome/store/interactions.hpp>
#include <adgenome/store/selections.hpp>
#include <adgenome/store/whitespace.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "element_tags.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::TagValue;
using learning::WhitespaceCandidate;

using Rows = std::map<std::string, store::WhitespaceRow>;  // by id
using Usage = std::map<std::string, std::int64_t>;         // by combination key
using Tags = std::map<std::string, std::string>;

Json document_of(const learning::Whitespace& whitespace, Json brand_id, Json rules,
                 const learning::WhitespaceOptions& options, bool with_triples, const Rows& known) {
  Json candidates = Json::array();
  for (const WhitespaceCandidate& candidate : whitespace.candidates) {
    const auto rank = static_cast<std::int64_t>(candidates.size()) + 1;
    Json json = learning::to_json(candidate, rank);
    const std::string id = learning::whitespace_id(candidate);
    const auto row = known.find(id);
    const bool is_known = row != known.end();
    json["status"] = is_known ? row->second.status : "identified";
    json["id"] = id;
    json["run_id"] = is_known && !row->second.injected_run_id.empty()
                         ? Json(row->second.injected_run_id)
                         : Json();
    json["reason"] = is_known && row->second.reason ? Json(*row->second.reason) : Json();
    candidates.push_back(std::move(json));
  }
  Json reason = nullptr;
  if (!whitespace.reason.empty()) reason = whitespace.reason;
  return {{"brand_id", std::move(brand_id)},
          {"rules", std::move(rules)},
          {"optimistic", options.is_optimistic},
          {"triples", with_triples},
          {"promising_pairs", with_triples ? Json() : Json(whitespace.promising_pairs)},
          {"reason", std::move(reason)},
          {"candidates", std::move(candidates)},
          {"tested", Json::array()}};
}

learning::Whitespace find(const learning::WhitespaceInput& input,
                          const learning::WhitespaceOptions& options, bool with_triples) {
  return with_triples ? learning::find_triples(input, options)
                      : learning::find_whitespace(input, options);
}

std::vector<TagValue> tags_of_row(const store::WhitespaceRow& row) {
  std::vector<TagValue> tags = {{row.a_dimension, row.a_value}, {row.b_dimension, row.b_value}};
  if (!row.c_dimension.empty()) tags.push_back({row.c_dimension, row.c_value});
  return tags;
}

std::string id_of(const store::WhitespaceRow& row) {
  const std::vector<TagValue> tags = tags_of_row(row);
  return learning::whitespace_id(tags[0], tags[1],
                                 tags.size() > 2 ? std::optional(tags[2]) : std::nullopt);
}

/// The key under which uses are counted: the same that generate counts them under.
std::string key_of(const std::vector<TagValue>& tags) {
  std::vector<std::pair<std::string, std::string>> elements;
  for (const TagValue& tag : tags) elements.emplace_back(tag.dimension, tag.value);
  return scoring::combination_key(std::move(elements));
}

/// Counts every triple of an ad's tags that are of interest, once under each `owner`.
void count_triples(const std::vector<std::pair<std::string, Tags>>& ads,
                   const std::set<TagValue>& of_interest,
                   std::vector<learning::PairCount>& counts) {
  std::map<std::string, std::set<std::vector<TagValue>>> by_owner;
  for (const auto& [owner, tags] : ads) {
    std::vector<TagValue> own;
    for (const auto& [dimension, value] : tags) {
      TagValue tag{dimension, value};
      if (of_interest.contains(tag)) own.push_back(std::move(tag));
    }
    auto& seen = by_owner[owner];
    for (std::size_t i = 0; i < own.size(); ++i) {
      for (std::size_t j = i + 1; j < own.size(); ++j) {
        for (std::size_t k = j + 1; k < own.size(); ++k) seen.insert({own[i], own[j], own[k]});
      }
    }
  }
  std::map<std::vector<TagValue>, std::int64_t> sums;
  for (const auto& [owner, triples] : by_owner) {
    for (const auto& triple : triples) ++sums[triple];
  }
  for (const auto& [triple, count] : sums) {
    counts.push_back({triple[0], triple[1], count, triple[2]});
  }
}

/// How often competitors' ads have each pair of tags (and triple), nothing where none are known.
std::optional<std::vector<learning::PairCount>> competitor_counts(
    store::Session& session, const std::string& brand_id, const std::set<TagValue>& of_interest,
    bool with_triples) {
  std::vector<std::pair<std::string, Tags>> ads;
  std::map<std::pair<TagValue, TagValue>, std::int64_t> pairs;
  for (const Json& tags : store::competitor_tags(session, brand_id)) {
    if (!tags.is_object() || tags.empty()) continue;
    Tags& own = ads.emplace_back(std::to_string(ads.size()), Tags()).second;
    for (const auto& [dimension, value] : tags.items()) {
      if (value.is_null()) continue;
      own[dimension] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    for (auto a = own.begin(); a != own.end(); ++a) {
      for (auto b = std::next(a); b != own.end(); ++b) {
        ++pairs[{{a->first, a->second}, {b->first, b->second}}];
      }
    }
  }
  if (ads.empty()) return std::nullopt;
  std::vector<learning::PairCount> counts;
  for (const auto& [pair, count] : pairs) counts.push_back({pair.first, pair.second, count, {}});
  if (with_triples) count_triples(ads, of_interest, counts);
  return counts;
}

/// What a brand's store says, and the uses that statuses go by.
struct Loaded {
  learning::WhitespaceInput input;
  Usage usage;
  std::vector<std::pair<std::string, Tags>> ads;  // run and tags of each ad
};

Loaded load(store::Session& session, const std::string& brand_id, const WhitespaceRun& run) {
  const core::Time known_at = run.known_at.inputs;
  Loaded loaded;
  learning::WhitespaceInput& input = loaded.input;
  std::set<TagValue> of_interest;
  for (const store::StoredElementScore& row :
       store::element_scores(session, brand_id, "", known_at)) {
    input.elements.push_back(
        {.tag = {row.dimension, row.value}, .alpha = row.alpha, .beta = row.beta});
    of_interest.insert({row.dimension, row.value});
  }
  for (const store::ComboUsage& row : store::combo_usage(session, brand_id, known_at)) {
    loaded.usage[row.key] = row.times_used;
  }
  for (std::size_t i = 0; i < input.elements.size(); ++i) {
    for (std::size_t j = i + 1; j < input.elements.size(); ++j) {
      const TagValue& a = input.elements[i].tag;
      const TagValue& b = input.elements[j].tag;
      if (a.dimension == b.dimension) continue;
      const auto found = loaded.usage.find(key_of({a, b}));
      if (found != loaded.usage.end()) input.usage.push_back({a, b, found->second, {}});
    }
  }
  for (const store::StoredInteraction& fact : store::interactions(session, brand_id, known_at)) {
    // Robust: an effect counts as far as it is sure.
    const double effect =
        run.rules == learning::Rules::kRobust ? fact.effect_low.value_or(0) : fact.effect;
    input.interactions.push_back({{fact.a_dimension, fact.a_value},
                                  {fact.b_dimension, fact.b_value},
                                  effect,
                                  fact.direction == "conflict"});
  }
  for (const store::MadeAd& ad : store::made_ads(session, brand_id, std::min(run.now, known_at))) {
    loaded.ads.emplace_back(ad.ad_run_id, element_tags(ad));
  }
  if (run.with_triples) {
    input.knows_triples = true;
    count_triples(loaded.ads, of_interest, input.usage);
  }
  input.competitors = competitor_counts(session, brand_id, of_interest, run.with_triples);
  return loaded;
}

bool has_all(const Tags& own, const std::vector<TagValue>& wanted) {
  return std::ranges::all_of(wanted, [&](const TagValue& tag) {
    const auto at = own.find(tag.dimension);
    return at != own.end() && at->second == tag.value;
  });
}

/// How often the tags of a row were used together; triples are counted by run.
std::int64_t uses_of(const store::WhitespaceRow& row, const Loaded& loaded) {
  const std::vector<TagValue> tags = tags_of_row(row);
  if (tags.size() == 2) {
    const auto at = loaded.usage.find(key_of(tags));
    return at == loaded.usage.end() ? 0 : at->second;
  }
  std::set<std::string> runs;
  for (const auto& [run, own] : loaded.ads) {
    if (has_all(own, tags)) runs.insert(run);
  }
  return static_cast<std::int64_t>(runs.size());
}

/// What was proposed before, with those that have been tried often enough since now tested.
Rows renewed_rows(store::Session& session, const std::string& brand_id, const Loaded& loaded,
                  const WhitespaceRun& run) {
  Rows known;
  for (store::WhitespaceRow& row : store::whitespace_rows(session, brand_id, run.known_at.own)) {
    const bool is_open = row.status == "identified" || row.status == "injected";
    if (is_open && learning::is_tried(uses_of(row, loaded))) {
      row.status = "tested";
      store::set_whitespace_status(session, brand_id, row, run.now);
    }
    const std::string id = id_of(row);
    known[id] = std::move(row);
  }
  return known;
}

/// What those that were tested earned, against what was expected of them.
Json tested_json(store::Session& session, const std::string& brand_id, const Rows& known,
                 const WhitespaceRun& run) {
  std::vector<std::pair<const store::WhitespaceRow*, std::string>> tested;
  for (const auto& [id, row] : known) {
    if (row.status == "tested" && row.c_dimension.empty() == !run.with_triples) {
      tested.emplace_back(&row, id);
    }
  }
  Json list = Json::array();
  if (tested.empty()) return list;
  struct Rewarded {
    Tags tags;
    double reward = 0;
    double weight = 0;
  };
  std::vector<Rewarded> ads;
  for (const store::RewardedAd& ad : store::rewarded_ads(session, brand_id, run.known_at.inputs)) {
    ads.push_back({element_tags(ad), ad.reward, ad.weight});
  }
  for (const auto& [row, id] : tested) {
    const std::vector<TagValue> tags = tags_of_row(*row);
    double weight = 0;
    double sum = 0;
    std::int64_t count = 0;
    for (const Rewarded& ad : ads) {
      if (!has_all(ad.tags, tags)) continue;
      weight += ad.weight;
      sum += ad.weight * ad.reward;
      ++count;
    }
    const Json reward = weight > 0 ? Json(sum / weight) : Json();
    Json elements = Json::array();
    for (const TagValue& tag : tags) {
      elements.push_back({{"dimension", tag.dimension}, {"value", tag.value}});
    }
    list.push_back(
        {{"id", id},
         {"elements", std::move(elements)},
         {"potential", row->potential},
         {"reward", reward},
         {"difference", reward.is_null() ? Json() : Json(sum / weight - row->potential)},
         {"ads", count},
         {"run_id", row->injected_run_id.empty() ? Json() : Json(row->injected_run_id)}});
  }
  return list;
}

store::WhitespaceRow require_row(store::Session& session, const std::string& brand_id,
                                 const std::string& id) {
  std::vector<std::string> ids;
  for (store::WhitespaceRow& row : store::whitespace_rows(session, brand_id)) {
    ids.push_back(id_of(row));
    if (ids.back() == id) return std::move(row);
  }
  const auto near = core::nearest(id, ids);
  throw core::InvalidInput("brand " + brand_id + " has no whitespace \"" + id + "\"",
                           near          ? "did you mean " + *near + "?"
                           : ids.empty() ? "nothing was proposed yet: adgenome whitespace"
                                         : "adgenome whitespace lists them",
                           "argument ID");
}

}  // namespace

Json whitespace_from_input(const std::string& path, const std::optional<std::string>& brand_id,
                           bool with_triples, const learning::WhitespaceOptions& options) {
  const std::string name = path == "-" ? "standard input" : path;
  const learning::WhitespaceInput input = learning::whitespace_input(core::read_json(path), name);
  try {
    return document_of(find(input, options, with_triples), brand_id ? Json(*brand_id) : Json(),
                       nullptr, options, with_triples, {});
  } catch (const core::InvalidInput& error) {
    throw core::InvalidInput(error.what(), error.hint(), name);
  }
}

Json whitespace_in_store(store::Session& session, const std::string& brand_id,
                         const learning::WhitespaceOptions& options, const WhitespaceRun& run) {
  store::Transaction transaction(session);
  transaction.lock("whitespace/" + brand_id);
  const Loaded loaded = load(session, brand_id, run);
  const learning::Whitespace found = find(loaded.input, options, run.with_triples);
  const Rows known = renewed_rows(session, brand_id, loaded, run);
  Json document =
      document_of(found, brand_id, learning::name_of(run.rules), options, run.with_triples, known);
  document["tested"] = tested_json(session, brand_id, known, run);
  if (run.is_dry_run) return document;  // the transaction is rolled back
  for (std::size_t i = 0; i < found.candidates.size(); ++i) {
    const WhitespaceCandidate& candidate = found.candidates[i];
    const Json& shown = document["candidates"][i];
    const TagValue c = candidate.c.value_or(TagValue{});
    store::put_whitespace(session, brand_id,
                          {.a_dimension = candidate.a.dimension,
                           .a_value = candidate.a.value,
                           .b_dimension = candidate.b.dimension,
                           .b_value = candidate.b.value,
                           .c_dimension = c.dimension,
                           .c_value = c.value,
                           .potential = candidate.potential,
                           .status = shown["status"].get<std::string>()},
                          shown, run.now);
  }
  transaction.commit();
  return document;
}

void note_injected(store::Session& session, const std::string& brand_id,
                   const std::vector<std::string>& ids, const std::string& ad_run_id,
                   core::Time now) {
  for (store::WhitespaceRow& row : store::whitespace_rows(session, brand_id)) {
    if (row.status != "identified" || std::ranges::find(ids, id_of(row)) == ids.end()) continue;
    row.status = "injected";
    row.injected_run_id = ad_run_id;
    store::set_whitespace_status(session, brand_id, row, now);
  }
}

Json decide_whitespace(store::Session& session, const std::string& brand_id,
                       const WhitespaceDecision& decision) {
  store::Transaction transaction(session);
  transaction.lock("whitespace/" + brand_id);
  store::WhitespaceRow row = require_row(session, brand_id, decision.id);
  const std::string former = row.status;
  if (decision.is_dismissed) {
    row.status = "dismissed";
    if (decision.reason) row.reason = decision.reason;
  } else if (row.status == "dismissed") {
    // As far as it had come; the next run finds out whether it was tested since.
    row.status = row.injected_run_id.empty() ? "identified" : "injected";
    row.reason.reset();
  }
  Json elements = Json::array();
  for (const TagValue& tag : tags_of_row(row)) {
    elements.push_back({{"dimension", tag.dimension}, {"value", tag.value}});
  }
  store::set_whitespace_status(session, brand_id, row, decision.now);
  if (!decision.is_dry_run) transaction.commit();
  return {{"brand_id", brand_id},
          {"id", decision.id},
          {"elements", std::move(elements)},
          {"status", row.status},
          {"former_status", former},
          {"reason", row.reason ? Json(*row.reason) : Json()},
          {"changed", row.status != former}};
}

}  // namespace adgenome::app
