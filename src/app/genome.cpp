#include <adgenome/app/genome.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/learning/genome.hpp>

#include "genome_beliefs.hpp"
#include "genome_document.hpp"
#include "tagged_rewards.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::TaggedReward;

/// Scores the elements, and says in the summary what with.
Json learn_elements(const std::vector<TaggedReward>& rewards, const GenomeOptions& options,
                    Json& summary) {
  const learning::Icc icc = learning::fit_icc(rewards);
  std::int64_t events = 0;
  std::vector<learning::ShownElement> shown;
  for (const learning::ElementScore& score :
       learning::score_elements(rewards, icc.value, options.rules, discount_of(options))) {
    events += score.observations;
    shown.push_back(learning::shown_element(score, {score.alpha, score.beta}));
  }
  summary["rewards"] = rewards.size();
  summary["events"] = events;
  write_icc(icc, summary);
  summary["half_life_weeks"] = options.half_life_weeks ? Json(*options.half_life_weeks) : Json();
  return elements_json(std::move(shown), {});
}

}  // namespace

Report genome_from_stream(const std::string& input, core::Rejects& rejects,
                          const GenomeOptions& options) {
  RowCounts counts;
  const std::vector<TaggedReward> rewards =
      read_tagged_rewards(input, rejects, counts, options.half_life_weeks.has_value());
  Json summary = Json::object();
  add_counts(summary, counts);
  Json elements = learn_elements(rewards, options, summary);
  summary["reason"] = elements.empty() ? Json("no_rewards") : Json();
  return {.document = genome_document(std::move(elements), std::move(summary), options.rules),
          .notes = {}};
}

}  // namespace adgenome::app
