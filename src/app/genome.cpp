#include <adgenome/app/genome.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/learning/genome.hpp>

#include "genome_document.hpp"
#include "tagged_rewards.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::TaggedReward;

/// Scores the elements, and says in the summary what with.
Json learn_elements(const std::vector<TaggedReward>& rewards, Json& summary) {
  const learning::Icc icc = learning::fit_icc(rewards);
  const std::vector<learning::ElementEvent> events = learning::element_events(rewards, icc.value);
  summary["rewards"] = rewards.size();
  summary["events"] = events.size();
  write_icc(icc, summary);
  return elements_json(learning::sum_events(events));
}

}  // namespace

Report genome_from_stream(const std::string& input, core::Rejects& rejects) {
  RowCounts counts;
  const std::vector<TaggedReward> rewards = read_tagged_rewards(input, rejects, counts);
  Json summary = Json::object();
  add_counts(summary, counts);
  Json elements = learn_elements(rewards, summary);
  summary["reason"] = elements.empty() ? Json("no_rewards") : Json();
  return {.document = genome_document(std::move(elements), std::move(summary)), .notes = {}};
}

}  // namespace adgenome::app
