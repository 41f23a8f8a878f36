#include <adgenome/core/text.hpp>
#include <adgenome/scoring/off_policy.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace adgenome::scoring {
namespace {

constexpr double kFewSelections = 30;    // effective ones, under which nothing can be said
constexpr double kSmallOverlap = 0.05;   // of the selections are effective
constexpr double kLargeShare = 0.1;      // of all weight on one selection
constexpr double kSurprisingErrors = 4;  // of the mean weight, which should be 1

double clip_of(const EvaluationOptions& options) {
  return options.clip.value_or(std::numeric_limits<double>::infinity());
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// No policy earns less than the least reward or more than the greatest.
void keep_possible(std::optional<stats::Estimate>& estimate, double least, double greatest) {
  if (!estimate || !estimate->interval) return;
  stats::Interval& interval = *estimate->interval;
  interval.lower = std::min(std::max(interval.lower, least), estimate->value);
  interval.upper = std::max(std::min(interval.upper, greatest), estimate->value);
}

}  // namespace

SelectionValue ordered_value(std::span<const LoggedDraw> leading, double clip) {
  SelectionValue selection;
  double sum = 0;
  double before = 0;
  for (const LoggedDraw& draw : leading) {
    const double ratio = std::min(draw.target / draw.draw_probability, clip);
    sum += before + ratio * draw.reward;
    before += draw.target * draw.reward;
  }
  selection.value = sum / static_cast<double>(leading.size());
  selection.weight = std::min(leading.front().target / leading.front().draw_probability, clip);
  return selection;
}

void PolicyEvaluation::add(std::span<const LoggedDraw> leading) {
  const SelectionValue selection = ordered_value(leading, clip_of(options_));
  ips_.add(selection.value);
  snips_.add(selection.value, selection.weight);
  largest_weight_ = std::max(largest_weight_, selection.weight);
  for (const LoggedDraw& draw : leading) {
    least_reward_ = std::min(least_reward_, draw.reward);
    greatest_reward_ = std::max(greatest_reward_, draw.reward);
  }
  const LoggedDraw& only = leading.front();
  if (leading.size() > 1) {
    ++with_several_draws_;
  } else if (!only.model_logged || !only.model_target) {
    ++without_model_;
  } else {
    dr_.add(*only.model_target + selection.weight * (only.reward - *only.model_logged));
  }
}

void PolicyEvaluation::warn(PolicyEstimates& evaluation) const {
  const auto say = [&](std::string sentence) {
    evaluation.warnings.push_back(std::move(sentence));
  };
  if (evaluation.rounds == 0) {
    say("no selection with a reward: there is nothing to evaluate on");
    return;
  }
  const auto n = static_cast<double>(evaluation.rounds);
  const double weights = snips_.sum_b();
  if (weights == 0) {
    say("the target would have drawn nothing of what was drawn: the logs say nothing of it");
    return;
  }
  const double effective = *evaluation.effective_sample_size;
  if (effective < kFewSelections || effective < kSmallOverlap * n) {
    say("the overlap is too small to say anything: " + rounded(effective) + " of " +
        std::to_string(evaluation.rounds) + " selections are effective");
  } else if (largest_weight_ > kLargeShare * weights) {
    say("one selection has " + rounded(100 * largest_weight_ / weights) +
        " % of all weight: the estimates hang on it");
  }
  const double variance = snips_.sum_squared_b() / n - weights / n * (weights / n);
  const double error = std::sqrt(std::max(0.0, variance) / n);
  if (!options_.clip && std::abs(weights / n - 1) > kSurprisingErrors * error + 1e-9) {
    say("the weights are " + rounded(weights / n) +
        " on average where 1 is expected: the propensities are not those of what drew, or the "
        "target draws what the logs never do");
  }
  if (with_several_draws_ > 0) {
    say("no doubly robust estimate: it needs one draw a selection, and " +
        std::to_string(with_several_draws_) + " of " + std::to_string(evaluation.rounds) +
        " have several");
  } else if (dr_.count() > 0 && without_model_ > 0) {
    say("no doubly robust estimate: it needs both model columns in every row");
  }
}

PolicyEstimates PolicyEvaluation::result() const {
  PolicyEstimates evaluation{.rounds = ips_.count()};
  const double reach = std::max(std::abs(least_reward_), std::abs(greatest_reward_));
  const double range = options_.clip.value_or(largest_weight_) * reach;
  evaluation.ips = ips_.estimate(options_.interval, range);
  evaluation.snips = snips_.estimate(options_.interval, range);
  if (with_several_draws_ + without_model_ == 0) {
    evaluation.dr = dr_.estimate(options_.interval, 2 * range + reach);
  }
  for (auto* estimate : {&evaluation.ips, &evaluation.snips, &evaluation.dr}) {
    keep_possible(*estimate, least_reward_, greatest_reward_);
  }
  if (evaluation.rounds > 0) {
    evaluation.largest_weight = largest_weight_;
    const double squares = snips_.sum_squared_b();
    evaluation.effective_sample_size =
        squares > 0 ? snips_.sum_b() * snips_.sum_b() / squares : 0.0;
  }
  warn(evaluation);
  return evaluation;
}

void PolicyComparison::add(std::span<const LoggedDraw> first, std::span<const LoggedDraw> second) {
  const double clip = clip_of(options_);
  const double difference = ordered_value(first, clip).value - ordered_value(second, clip).value;
  largest_ = std::max(largest_, std::abs(difference));
  difference_.add(difference);
  for (const LoggedDraw& draw : first) {
    least_reward_ = std::min(least_reward_, draw.reward);
    greatest_reward_ = std::max(greatest_reward_, draw.reward);
  }
}

std::optional<stats::Estimate> PolicyComparison::result() const {
  auto difference = difference_.estimate(options_.interval, 2 * largest_);
  const double widest = greatest_reward_ - least_reward_;
  keep_possible(difference, -widest, widest);
  return difference;
}

}  // namespace adgenome::scoring
