#include <adgenome/app/genome.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/learning/genome.hpp>
#include <algorithm>
#include <map>

#include "genome_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using core::RecordView;
using learning::TaggedReward;

constexpr std::string_view kFields[] = {"schema", "ad_id", "run", "tags", "reward", "weight"};

double unit_number(const RecordView& value) {
  const double number = value.as_double();
  if (number < 0 || number > 1) value.fail("expected a number from 0 to 1");
  return number;
}

TaggedReward tagged_reward_of(const RecordView& record) {
  record.for_each_member([](std::string_view name, const RecordView& value) {
    if (std::ranges::find(kFields, name) == std::end(kFields)) {
      value.fail("unknown field \"" + std::string(name) + "\"");
    }
  });
  TaggedReward row;
  row.ad_id = record.at("ad_id").as_id();
  if (const auto run = record.find("run")) row.run = run->as_id();
  record.at("tags").for_each_member([&](std::string_view dimension, const RecordView& value) {
    if (!value.is_null()) row.tags[std::string(dimension)] = value.as_id();
  });
  row.reward = unit_number(record.at("reward"));
  row.weight = unit_number(record.at("weight"));
  return row;
}

/// Scores the elements, and says in the summary what with.
Json learn_elements(const std::vector<TaggedReward>& rewards, Json& summary) {
  const learning::Icc icc = learning::fit_icc(rewards);
  const std::vector<learning::ElementEvent> events = learning::element_events(rewards, icc.value);
  summary["rewards"] = rewards.size();
  summary["events"] = events.size();
  write_icc(icc, summary);
  return elements_json(learning::sum_events(events));
}

bool is_same(const TaggedReward& a, const TaggedReward& b) {
  return a.run == b.run && a.tags == b.tags && a.reward == b.reward && a.weight == b.weight;
}

}  // namespace

Report genome_from_stream(const std::string& input, core::Rejects& rejects) {
  RowCounts counts;
  std::map<std::string, TaggedReward> by_ad;  // a later row of an ad revises the earlier one
  core::RecordReader reader(core::open_input(input));
  core::read_records(reader, rejects, [&](const RecordView& record) {
    TaggedReward row = tagged_reward_of(record);
    const auto [at, is_new] = by_ad.try_emplace(row.ad_id);
    if (is_new) {
      ++counts.added;
    } else {
      ++(is_same(at->second, row) ? counts.unchanged : counts.changed);
    }
    at->second = std::move(row);
  });
  counts.rejected = rejects.count();

  std::vector<TaggedReward> rewards;
  rewards.reserve(by_ad.size());
  for (auto& [ad_id, reward] : by_ad) rewards.push_back(std::move(reward));
  Json summary = Json::object();
  add_counts(summary, counts);
  Json elements = learn_elements(rewards, summary);
  summary["reason"] = elements.empty() ? Json("no_rewards") : Json();
  return {.document = genome_document(std::move(elements), std::move(summary)), .notes = {}};
}

}  // namespace adgenome::app
