#include "tagged_rewards.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <algorithm>
#include <map>

namespace adgenome::app {
namespace {

using core::RecordView;
using learning::TaggedReward;

constexpr std::string_view kFields[] = {"schema", "ad_id",  "run",       "tags",
                                        "reward", "weight", "matured_at"};

double unit_number(const RecordView& value) {
  const double number = value.as_double();
  if (number < 0 || number > 1) value.fail("expected a number from 0 to 1");
  return number;
}

core::Day day_at(const RecordView& value) {
  try {
    return core::day_of(core::parse_time(value.as_string()));
  } catch (const core::InvalidInput& error) {
    value.fail(error.what());
  }
}

TaggedReward tagged_reward_of(const RecordView& record, bool needs_day) {
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
  const auto matured_at = record.find("matured_at");
  if (matured_at) row.day = day_at(*matured_at);
  if (needs_day && !matured_at) record.fail("\"matured_at\" is missing, which a half-life needs");
  return row;
}

bool is_same(const TaggedReward& a, const TaggedReward& b) {
  return a.run == b.run && a.tags == b.tags && a.reward == b.reward && a.weight == b.weight &&
         a.day == b.day;
}

}  // namespace

std::vector<TaggedReward> read_tagged_rewards(const std::string& input, core::Rejects& rejects,
                                              RowCounts& counts, bool needs_day) {
  std::map<std::string, TaggedReward> by_ad;
  core::RecordReader reader(core::open_input(input));
  core::read_records(reader, rejects, [&](const RecordView& record) {
    TaggedReward row = tagged_reward_of(record, needs_day);
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
  return rewards;
}

}  // namespace adgenome::app
