#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/scoring/draw.hpp>
#include <adgenome/stats/sequential.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

namespace adgenome::learning {
namespace {

constexpr double kSureEnough = 0.95;
constexpr double kWorthwhile = 0.002;
constexpr std::int64_t kLeastSnapshots = 100;

constexpr double kAlpha = 0.1;
constexpr std::int64_t kLeastScored = 50;

double multiplicity(const ScoredPool& pool, std::size_t row) {
  return pool.multiplicity.empty() ? 1.0 : pool.multiplicity[row];
}

std::vector<double> log_ratios_of(const ScoredPool& pool, std::span<const double> weights,
                                  std::span<const std::uint8_t> all) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> composites(pool.candidates, 1.0);
  if (total > 0) {
    for (std::size_t i = 0; i < pool.candidates; ++i) {
      const std::span<const double> scores = pool.row(i);
      composites[i] =
          std::inner_product(weights.begin(), weights.end(), scores.begin(), 0.0) / total;
    }
  }
  return scoring::log_ratios(composites, all);
}

}  // namespace

void solve_temperature(ScoredPool& pool, std::span<const double> weights, double target) {
  if (!pool.multiplicity.empty()) return;
  const std::vector<std::uint8_t> all(pool.candidates, 1);
  pool.temperature = scoring::solve_temperature(log_ratios_of(pool, weights, all), all,
                                                pool.explore_floor, target);
}

std::vector<double> first_draw_probabilities(const ScoredPool& pool,
                                             std::span<const double> weights) {
  const std::vector<std::uint8_t> all(pool.candidates, 1);
  std::vector<double> ratios = log_ratios_of(pool, weights, all);
  if (pool.multiplicity.empty()) {
    return scoring::probabilities(std::move(ratios), all, pool.temperature, pool.explore_floor);
  }
  // The candidates that were not kept have their share of the total as well.
  std::vector<double> p = scoring::probabilities(std::move(ratios), all, pool.temperature, 0);
  const double mass = std::inner_product(p.begin(), p.end(), pool.multiplicity.begin(), 0.0);
  const double candidates =
      std::accumulate(pool.multiplicity.begin(), pool.multiplicity.end(), 0.0);
  for (double& each : p) {
    each = each / mass * (1 - pool.explore_floor) + pool.explore_floor / candidates;
  }
  return p;
}

std::vector<double> drawn_score_difference(std::span<const ScoredPool> pools,
                                           std::span<const double> first,
                                           std::span<const double> second) {
  std::vector<double> difference(first.size(), 0);
  for (const ScoredPool& pool : pools) {
    const std::vector<double> p1 = first_draw_probabilities(pool, first);
    const std::vector<double> p0 = first_draw_probabilities(pool, second);
    for (std::size_t i = 0; i < pool.candidates; ++i) {
      const double moved = (p1[i] - p0[i]) * multiplicity(pool, i);
      const std::span<const double> scores = pool.row(i);
      for (std::size_t s = 0; s < difference.size(); ++s) difference[s] += moved * scores[s];
    }
  }
  for (double& each : difference) each /= static_cast<double>(pools.size());
  return difference;
}

std::int64_t looks_allowed(std::int64_t snapshots) {
  std::int64_t looks = 0;
  for (std::int64_t due = kLeastSnapshots; due <= snapshots; due += due / 2) ++looks;
  return looks;
}

std::int64_t next_look(std::int64_t snapshots) {
  std::int64_t due = kLeastSnapshots;
  while (due <= snapshots) due += due / 2;
  return due;
}

std::optional<PosteriorGate> posterior_gate(const Effects& effects, std::int64_t snapshots,
                                            std::span<const double> difference) {
  const auto gain = contrast(effects, difference);
  if (!gain) return std::nullopt;
  return PosteriorGate{.p_better = gain->p_positive,
                       .expected_gain = gain->mean,
                       .interval = gain->interval,
                       .snapshots = snapshots,
                       .fired = gain->p_positive >= kSureEnough && gain->mean >= kWorthwhile &&
                                snapshots >= kLeastSnapshots};
}

std::vector<double> prequential_gains(const ScoredPool& pool, std::span<const double> p1,
                                      std::span<const double> p0, const RewardModel& model,
                                      std::span<const GateDraw> leading) {
  double expected = 0;
  for (std::size_t i = 0; i < pool.candidates; ++i) {
    expected += (p1[i] - p0[i]) * multiplicity(pool, i) * model(pool.row(i));
  }
  std::vector<double> gains;
  double before = 0;
  for (const GateDraw& draw : leading) {
    const double surprise =
        (p1[draw.row] - p0[draw.row]) * (draw.reward - model(pool.row(draw.row)));
    if (draw.is_new) gains.push_back(expected + before + surprise / draw.draw_probability);
    before += surprise;
  }
  return gains;
}

void PrequentialTest::add(double gain) {
  ++snapshots;
  sum += gain;
  sum_squares += gain * gain;
  if (snapshots == kLeastScored) {
    const double n = kLeastScored;
    const double variance = std::max(0.0, (sum_squares - sum * sum / n) / (n - 1));
    tau2 = stats::mixture_factor(kAlpha) * variance / n;
  }
}

std::optional<double> PrequentialTest::e_value() const {
  if (snapshots < kLeastScored || !(tau2 > 0)) return std::nullopt;
  const auto n = static_cast<double>(snapshots);
  const double squares = sum_squares - sum * sum / n;
  if (!(squares > 1e-12 * sum_squares)) return std::nullopt;  // rounding noise of equal gains
  const double variance = squares / (n - 1) / n;
  // Beyond this nothing more can be said, and JSON has no infinity.
  constexpr double kMostLog = 700;
  return std::exp(std::min(kMostLog, stats::one_sided_mixture_log_lambda(sum / n, variance, tau2)));
}

bool PrequentialTest::fired() const {
  return e_value().value_or(0) >= 1 / kAlpha;
}

bool GateReport::fired() const {
  return chosen == Gate::kPosterior ? posterior && posterior->fired
                                    : prequential && prequential->fired();
}

core::Json to_json(const GateReport& report) {
  core::Json posterior = nullptr;
  core::Json prequential = nullptr;
  if (report.posterior) {
    posterior = {{"p_better", report.posterior->p_better},
                 {"expected_gain", report.posterior->expected_gain},
                 {"interval", report.posterior->interval},
                 {"snapshots", report.posterior->snapshots},
                 {"fired", report.posterior->fired}};
  }
  if (report.prequential) {
    const auto e_value = report.prequential->e_value();
    prequential = {{"e_value", e_value ? core::Json(*e_value) : core::Json()},
                   {"snapshots", report.prequential->snapshots},
                   {"fired", report.prequential->fired()}};
  }
  core::Json reasons = core::Json::object();
  if (!report.posterior_reason.empty()) reasons["posterior"] = report.posterior_reason;
  if (!report.prequential) reasons["prequential"] = report.prequential_reason;
  return {{"chosen", report.chosen == Gate::kPosterior ? "posterior" : "prequential"},
          {"fired", report.fired()},
          {"posterior", std::move(posterior)},
          {"prequential", std::move(prequential)},
          {"reasons", std::move(reasons)}};
}

}  // namespace adgenome::learning
