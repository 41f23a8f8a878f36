#include <adgenome/app/whitespace.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/selections.hpp>
#include <adgenome/store/whitespace.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace adgenome::app {
namespace {

using core::Json;
using learning::TagValue;
using learning::WhitespaceCandidate;

using Statuses = std::map<std::pair<TagValue, TagValue>, std::string>;
using Usage = std::map<std::string, std::int64_t>;  // by combination key

std::string status_of(const WhitespaceCandidate& candidate, const Statuses& known) {
  const auto found = known.find({candidate.a, candidate.b});
  return found == known.end() ? "identified" : found->second;
}

Json document_of(const learning::Whitespace& whitespace, Json brand_id, Json rules,
                 const learning::WhitespaceOptions& options, const Statuses& known) {
  Json candidates = Json::array();
  for (const WhitespaceCandidate& candidate : whitespace.candidates) {
    const auto rank = static_cast<std::int64_t>(candidates.size()) + 1;
    candidates.push_back(learning::to_json(candidate, rank, status_of(candidate, known)));
  }
  Json reason = nullptr;
  if (!whitespace.reason.empty()) reason = whitespace.reason;
  return {{"brand_id", std::move(brand_id)},     {"rules", std::move(rules)},
          {"optimistic", options.is_optimistic}, {"promising_pairs", whitespace.promising_pairs},
          {"reason", std::move(reason)},         {"candidates", std::move(candidates)}};
}

/// The key under which a pair's uses are counted: the same that generate counts them under.
std::string key_of(const TagValue& a, const TagValue& b) {
  return scoring::combination_key({{a.dimension, a.value}, {b.dimension, b.value}});
}

Usage usage_of(store::Session& session, const std::string& brand_id, core::Time known_at) {
  Usage usage;
  for (const store::ComboUsage& row : store::combo_usage(session, brand_id, known_at)) {
    usage[row.key] = row.times_used;
  }
  return usage;
}

learning::WhitespaceInput stored_input(store::Session& session, const std::string& brand_id,
                                       const Usage& usage, core::Time known_at) {
  learning::WhitespaceInput input;
  for (const store::StoredElementScore& row :
       store::element_scores(session, brand_id, "", known_at)) {
    input.elements.push_back(
        {.tag = {row.dimension, row.value}, .alpha = row.alpha, .beta = row.beta});
  }
  for (std::size_t i = 0; i < input.elements.size(); ++i) {
    for (std::size_t j = i + 1; j < input.elements.size(); ++j) {
      const TagValue& a = input.elements[i].tag;
      const TagValue& b = input.elements[j].tag;
      if (a.dimension == b.dimension) continue;
      const auto found = usage.find(key_of(a, b));
      if (found != usage.end()) input.usage.push_back({a, b, found->second});
    }
  }
  return input;
}

/// What was proposed before, with pairs that have been tried often enough since now tested.
Statuses renewed_statuses(store::Session& session, const std::string& brand_id, const Usage& usage,
                          const WhitespaceRun& run) {
  Statuses known;
  for (const store::WhitespaceRow& row :
       store::whitespace_rows(session, brand_id, run.known_at.own)) {
    const TagValue a{row.a_dimension, row.a_value};
    const TagValue b{row.b_dimension, row.b_value};
    std::string status = row.status;
    const auto uses = usage.find(key_of(a, b));
    const bool is_open = status == "identified" || status == "injected";
    if (is_open && uses != usage.end() && learning::is_tried(uses->second)) {
      status = "tested";
      store::set_whitespace_status(session, brand_id, row, status, run.now);
    }
    known[{a, b}] = status;
  }
  return known;
}

}  // namespace

Json whitespace_from_input(const std::string& path, const std::optional<std::string>& brand_id,
                           const learning::WhitespaceOptions& options) {
  const std::string name = path == "-" ? "standard input" : path;
  const learning::WhitespaceInput input = learning::whitespace_input(core::read_json(path), name);
  try {
    return document_of(learning::find_whitespace(input, options),
                       brand_id ? Json(*brand_id) : Json(), nullptr, options, {});
  } catch (const core::InvalidInput& error) {
    throw core::InvalidInput(error.what(), error.hint(), name);
  }
}

Json whitespace_in_store(store::Session& session, const std::string& brand_id,
                         const learning::WhitespaceOptions& options, const WhitespaceRun& run) {
  store::Transaction transaction(session);
  transaction.lock("whitespace/" + brand_id);
  const core::Time inputs = run.known_at.inputs;
  const Usage usage = usage_of(session, brand_id, inputs);
  const learning::Whitespace found =
      learning::find_whitespace(stored_input(session, brand_id, usage, inputs), options);
  const Statuses known = renewed_statuses(session, brand_id, usage, run);
  Json document = document_of(found, brand_id, run.rules, options, known);
  if (run.is_dry_run) return document;  // the transaction is rolled back
  for (std::size_t i = 0; i < found.candidates.size(); ++i) {
    const WhitespaceCandidate& candidate = found.candidates[i];
    store::put_whitespace(session, brand_id,
                          {.a_dimension = candidate.a.dimension,
                           .a_value = candidate.a.value,
                           .b_dimension = candidate.b.dimension,
                           .b_value = candidate.b.value,
                           .status = status_of(candidate, known)},
                          candidate.potential, document["candidates"][i], run.now);
  }
  transaction.commit();
  return document;
}

}  // namespace adgenome::app
