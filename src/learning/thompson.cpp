#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <adgenome/learning/thompson.hpp>
#include <adgenome/stats/distributions.hpp>

namespace adgenome::learning {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const EffectModel& draw_model(const std::vector<EffectModel>& models, double position) {
  for (const EffectModel& model : models) {
    position -= model.weight;
    if (position < 0) return model;
  }
  return models.back();
}

std::vector<double> draw_effects(const Effects& effects, core::RandomStream& random) {
  const EffectModel& model = draw_model(effects.models, random.next_uniform());
  const auto k = static_cast<Index>(model.mean.size());
  VectorXd z(k);
  for (Index i = 0; i < k; ++i) z(i) = stats::normal_quantile(random.next_uniform());
  const MatrixXd covariance = Eigen::Map<const MatrixXd>(model.covariance.data(), k, k);
  const VectorXd drawn =
      Eigen::Map<const VectorXd>(model.mean.data(), k) + covariance.llt().matrixL() * z;
  return {drawn.begin(), drawn.end()};
}

}  // namespace

std::vector<double> draw_weights(const StaticWeights& static_weights, const WeightState& state,
                                 WeightMethod method, core::RandomStream& random) {
  std::vector<std::size_t> on;
  std::vector<double> given;
  for (std::size_t i = 0; i < static_weights.size(); ++i) {
    if (!(static_weights[i].second > 0)) continue;
    on.push_back(i);
    given.push_back(static_weights[i].second);
  }
  std::vector<double> learned = given;
  if (method == WeightMethod::kBeta) {
    for (std::size_t j = 0; j < on.size(); ++j) {
      const BetaPosterior& posterior = state.beta[on[j]];
      learned[j] *=
          stats::beta_quantile(random.next_uniform(), posterior.alpha, posterior.beta) / 0.5;
    }
  } else if (const auto effects = estimate_effects(state.linear.only(on), given)) {
    learned = weights_from_effects(draw_effects(*effects, random), given);
  }
  std::vector<double> weights(static_weights.size(), 0);
  for (std::size_t j = 0; j < on.size(); ++j) {
    const std::int64_t observations =
        method == WeightMethod::kBeta ? state.beta[on[j]].observations : state.linear.snapshots;
    weights[on[j]] = clamped_weight(blended_weight(given[j], learned[j], observations));
  }
  return weights;
}

}  // namespace adgenome::learning
