#include "weight_gate.hpp"

#include <adgenome/scoring/preset.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

constexpr std::chrono::weeks kWindow{12};

/// The draws whose rewards are known, from the first on.
std::vector<learning::GateDraw> leading_draws(const std::vector<store::DrawnItem>& items,
                                              const std::map<std::string, double>& rewards,
                                              const scoring::PoolLog& log) {
  std::vector<learning::GateDraw> leading;
  for (const store::DrawnItem& item : items) {
    const auto now_known = rewards.find(item.template_id);
    const bool is_new = now_known != rewards.end();
    const auto row = std::find(log.ids.begin(), log.ids.end(), item.template_id);
    if ((!is_new && !item.credited_reward) || row == log.ids.end()) break;
    leading.push_back({.row = static_cast<std::size_t>(row - log.ids.begin()),
                       .draw_probability = item.draw_probability,
                       .reward = is_new ? now_known->second : *item.credited_reward,
                       .is_new = is_new && !item.credited_reward});
  }
  return leading;
}

}  // namespace

core::Time gate_window(core::Time now) {
  return now - kWindow;
}

std::vector<double> weights_in_order(const core::Json& weights,
                                     std::span<const std::string> scorers) {
  std::vector<double> ordered;
  for (const std::string& scorer : scorers) ordered.push_back(weights.value(scorer, 0.0));
  return ordered;
}

std::optional<learning::ScoredPool> scored_pool(const scoring::PoolLog& log,
                                                const store::SelectionPool& stored,
                                                std::span<const std::string> scorers) {
  std::vector<std::size_t> columns;
  for (const std::string& scorer : scorers) {
    const auto column = std::find(log.scorers.begin(), log.scorers.end(), scorer);
    if (column == log.scorers.end()) return std::nullopt;
    columns.push_back(static_cast<std::size_t>(column - log.scorers.begin()));
  }
  if (log.ids.empty()) return std::nullopt;
  const auto preset = scoring::built_in_preset(stored.preset);
  learning::ScoredPool pool{.candidates = log.ids.size(),
                            .scores = {},
                            .temperature = stored.temperature,
                            .explore_floor = preset ? preset->explore_floor : 0};
  pool.scores.reserve(log.ids.size() * columns.size());
  for (std::size_t row = 0; row < log.ids.size(); ++row) {
    for (const std::size_t column : columns) pool.scores.push_back(log.score(row, column));
    if (log.fraction < 1) pool.multiplicity.push_back(log.multiplicity(row));
  }
  return pool;
}

std::vector<learning::ScoredPool> scored_pools(store::Session& session, const std::string& brand_id,
                                               core::Time since,
                                               std::span<const std::string> scorers,
                                               core::Time until) {
  std::vector<learning::ScoredPool> pools;
  const auto keep = [&](const store::SelectionPool& stored) {
    auto pool = scored_pool(scoring::decode_pool(stored.format, stored.bytes), stored, scorers);
    if (pool) pools.push_back(std::move(*pool));
  };
  store::visit_selection_pools(session, brand_id, since, keep, until);
  return pools;
}

WeightComparison::WeightComparison(store::Session& session, const store::Brand& brand,
                                   const learning::StaticWeights& static_weights,
                                   learning::WeightMethod method,
                                   const std::optional<store::WeightSet>& newest,
                                   const store::KnownAt& known_at)
    : session_(session),
      brand_id_(brand.id),
      static_weights_(static_weights),
      method_(learning::name_of(method)),
      newest_(newest),
      known_at_(known_at) {
  for (const std::size_t i : learning::scorers_that_are_on(static_weights)) {
    scorers_.push_back(static_weights[i].first);
    champion_.push_back(static_weights[i].second);
  }
  if (const auto champion = store::champion_weight_set(session, brand.id, known_at.own)) {
    champion_id_ = champion->id;
    champion_ = weights_in_order(champion->weights, scorers_);
  }
  const store::WeightTest stored = store::weight_test(session, brand.id, method_, known_at.own);
  test_ = {.snapshots = stored.snapshots,
           .sum = stored.sum,
           .sum_squares = stored.sum_squares,
           .tau2 = stored.tau2};
}

void WeightComparison::score(const learning::WeightState& before, const NewRewards& rewards) {
  snapshots_before_ = before.linear.snapshots;
  if (!has_challenger()) return;
  const auto effects = learning::effects_of(static_weights_, before);
  if (!effects) return;
  const std::vector<std::size_t> on = learning::scorers_that_are_on(static_weights_);
  const learning::RewardModel model(before.linear.only(on), *effects);
  const std::vector<double> challenger = weights_in_order(newest_->weights, scorers_);
  for (const auto& [selection_id, of_templates] : rewards) {
    const auto stored = store::find_selection_pool(session_, brand_id_, selection_id);
    if (!stored) continue;
    const scoring::PoolLog log = scoring::decode_pool(stored->format, stored->bytes);
    const auto pool = scored_pool(log, *stored, scorers_);
    if (!pool) continue;
    const auto leading = leading_draws(
        store::drawn_items(session_, brand_id_, selection_id, known_at_.own), of_templates, log);
    const std::vector<double> gains = learning::prequential_gains(
        *pool, learning::first_draw_probabilities(*pool, challenger),
        learning::first_draw_probabilities(*pool, champion_), model, leading);
    for (const double gain : gains) test_.add(gain);
    scored_ += static_cast<std::int64_t>(gains.size());
  }
}

learning::GateReport WeightComparison::report(const core::Json& weights,
                                              const learning::WeightState& state,
                                              const learning::WeightPrior& prior, core::Time now,
                                              learning::Gate chosen) const {
  learning::GateReport report{.chosen = chosen};
  const auto effects = learning::effects_of(static_weights_, state, prior);
  const auto pools =
      scored_pools(session_, brand_id_, gate_window(now), scorers_, known_at_.inputs);
  if (weights.is_null() && !has_challenger()) {
    report.posterior_reason = "there is no challenger";
  } else if (!effects) {
    report.posterior_reason = "fewer than two snapshots were credited";
  } else if (pools.empty()) {
    report.posterior_reason = "no selection of the last 12 weeks kept its pool";
  } else {
    const std::vector<double> challenger =
        weights_in_order(weights.is_null() ? newest_->weights : weights, scorers_);
    report.posterior =
        learning::posterior_gate(*effects, state.linear.snapshots,
                                 learning::drawn_score_difference(pools, challenger, champion_));
    if (!report.posterior) {
      report.posterior_reason = "both policies draw alike";
    } else if (!is_open(state.linear.snapshots)) {
      report.posterior->fired = false;
      report.posterior_reason = "not looked at before there are " +
                                std::to_string(learning::next_look(state.linear.snapshots)) +
                                " snapshots";
    }
  }
  if (test_.snapshots > 0) {
    report.prequential = test_;
  } else {
    report.prequential_reason =
        "no snapshot became known since there is a challenger and a reward model";
  }
  return report;
}

bool WeightComparison::is_open(std::int64_t snapshots) const {
  if (learning::looks_allowed(snapshots) > learning::looks_allowed(snapshots_before_)) return true;
  if (!has_challenger()) return false;
  const core::Json fired =
      newest_->document.value(core::Json::json_pointer("/gate/posterior/fired"), core::Json(false));
  return fired == true;
}

void WeightComparison::save(core::Time now) {
  if (scored_ == 0) return;
  store::put_weight_test(session_, brand_id_, method_,
                         {.snapshots = test_.snapshots,
                          .sum = test_.sum,
                          .sum_squares = test_.sum_squares,
                          .tau2 = test_.tau2},
                         now);
}

}  // namespace adgenome::app
