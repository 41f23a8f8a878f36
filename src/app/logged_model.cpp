#include "logged_model.hpp"

#include <algorithm>
#include <numeric>

namespace adgenome::app {
namespace {

constexpr std::size_t kFolds = 5;

}  // namespace

LoggedModel::LoggedModel(const learning::StaticWeights& static_weights) {
  for (const std::size_t i : learning::scorers_that_are_on(static_weights)) {
    scorers_.push_back(static_weights[i].first);
    given_.push_back(static_weights[i].second);
  }
  sums_ = learning::LinearSums(scorers_.size());
}

void LoggedModel::add(const scoring::PoolLog& log, std::size_t drawn,
                      std::span<const double> target, double reward) {
  Selection selection{.drawn = {.weights_used = {}, .scores = {}, .reward = reward}, .target = {}};
  for (const std::string& scorer : scorers_) {
    const auto found = std::find(log.scorers.begin(), log.scorers.end(), scorer);
    if (found == log.scorers.end()) {
      selection.drawn.scores.push_back(learning::kScoreOfUnscored);
      selection.target.push_back(learning::kScoreOfUnscored);
      continue;
    }
    const auto column = static_cast<std::size_t>(found - log.scorers.begin());
    double mean = 0;
    for (std::size_t row = 0; row < log.ids.size(); ++row) {
      mean += target[row] * log.multiplicity(row) * log.score(row, column);
    }
    selection.drawn.scores.push_back(log.score(drawn, column));
    selection.target.push_back(mean);
  }
  sums_.fold(selection.drawn);
  selections_.push_back(std::move(selection));
}

std::vector<std::optional<LoggedModel::Expected>> LoggedModel::expected() const {
  std::vector<std::optional<Expected>> list(selections_.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    learning::LinearSums others = sums_;
    for (std::size_t i = fold; i < selections_.size(); i += kFolds) {
      others.fold(selections_[i].drawn, learning::Fold::kRemove);
    }
    const auto effects = learning::estimate_effects(others, given_);
    if (!effects) continue;
    const auto value = [&](std::span<const double> scores) {
      double reward = others.y / others.n;
      for (std::size_t s = 0; s < scores.size(); ++s) {
        reward += effects->mean[s] * (scores[s] - others.x[s] / others.n);
      }
      return reward;
    };
    for (std::size_t i = fold; i < selections_.size(); i += kFolds) {
      const Selection& selection = selections_[i];
      list[i] = {.logged = value(selection.drawn.scores), .target = value(selection.target)};
    }
  }
  return list;
}

}  // namespace adgenome::app
