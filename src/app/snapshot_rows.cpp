#include "snapshot_rows.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace adgenome::app {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

double number_between(const core::RecordView& value, double low, double high) {
  const double number = value.as_double();
  if (number < low || number > high) {
    value.fail("expected a number from " + core::format_double(low) + " to " +
               core::format_double(high) + ", found " + core::format_double(number));
  }
  return number;
}

double number_above_zero(const core::RecordView& value) {
  const double number = value.as_double();
  if (!(number > 0)) {
    value.fail("expected a number above 0, found " + core::format_double(number));
  }
  return number;
}

}  // namespace

SnapshotRows::SnapshotRows(const learning::StaticWeights& static_weights,
                           std::optional<double> half_life_weeks, core::Time now)
    : half_life_weeks_(half_life_weeks), now_(now) {
  for (const auto& [scorer, weight] : static_weights) learned_.push_back(scorer);
}

std::size_t SnapshotRows::slot_of(std::string_view scorer) {
  if (expected_ < learned_.size() && learned_[expected_] == scorer) return expected_++;
  const auto learned = std::find(learned_.begin(), learned_.end(), scorer);
  if (learned != learned_.end()) {
    const auto slot = static_cast<std::size_t>(learned - learned_.begin());
    expected_ = slot + 1;
    return slot;
  }
  const auto other = std::find(others_.begin(), others_.end(), scorer);
  const auto slot = learned_.size() + static_cast<std::size_t>(other - others_.begin());
  if (other == others_.end()) {
    others_.push_back(scorer);
    snapshot_.weights_used.push_back(0);
    snapshot_.scores.push_back(kMissing);
  }
  return slot;
}

void SnapshotRows::read_weight(std::string_view scorer, const core::RecordView& value) {
  const double weight = value.is_null() ? 0 : value.as_double();
  if (weight < 0) {
    value.fail("expected a weight of 0 or more, found " + core::format_double(weight));
  }
  snapshot_.weights_used[slot_of(scorer)] = weight;
}

void SnapshotRows::read_score(std::string_view scorer, const core::RecordView& value) {
  if (value.is_null()) return;  // as if it were not there
  const std::size_t slot = slot_of(scorer);
  snapshot_.scores[slot] = number_between(value, 0, 1);
}

void SnapshotRows::require_scores(const core::RecordView& scores) const {
  for (std::size_t i = 0; i < snapshot_.scores.size(); ++i) {
    if (!std::isnan(snapshot_.scores[i])) continue;
    const bool is_learned = i < learned_.size();
    if (!is_learned && snapshot_.weights_used[i] == 0) continue;
    scores.fail("the score of " +
                (is_learned ? learned_[i] : std::string(others_[i - learned_.size()])) +
                " is missing");
  }
}

const learning::Snapshot* SnapshotRows::read(const core::RecordView& row) {
  const core::RecordView weights = row.at("weights_used");
  const core::RecordView scores = row.at("scores");
  const core::RecordView propensity = row.at("propensity");
  number_above_zero(propensity);
  number_between(propensity, 0, 1);

  others_.clear();
  snapshot_.weights_used.assign(learned_.size(), 0);
  snapshot_.scores.assign(learned_.size(), kMissing);
  expected_ = 0;
  weights.for_each_member([this](std::string_view scorer, const core::RecordView& value) {
    read_weight(scorer, value);
  });
  expected_ = 0;
  scores.for_each_member([this](std::string_view scorer, const core::RecordView& value) {
    read_score(scorer, value);
  });
  require_scores(scores);
  // A scorer that had no weight and got no score took no part.
  for (double& score : snapshot_.scores) {
    if (std::isnan(score)) score = 0;
  }

  const std::optional<core::RecordView> weight = row.find("weight");
  snapshot_.weight = weight ? number_above_zero(*weight) : 1;
  if (half_life_weeks_) {
    const core::RecordView drawn_at = row.at("drawn_at");
    try {
      snapshot_.weight *= learning::discount(core::parse_time(std::string(drawn_at.as_string())),
                                             now_, *half_life_weeks_);
    } catch (const core::InvalidInput& error) {
      drawn_at.fail(error.what());
    }
  }
  const std::optional<core::RecordView> reward = row.find("reward");
  if (!reward) {
    bool is_named = false;
    row.for_each_member([&is_named](std::string_view name, const core::RecordView&) {
      is_named = is_named || name == "reward";
    });
    if (!is_named) row.at("reward");  // says that it is missing
    return nullptr;
  }
  snapshot_.reward = number_between(*reward, 0, 1);
  return &snapshot_;
}

}  // namespace adgenome::app
