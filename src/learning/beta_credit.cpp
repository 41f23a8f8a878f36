#include <adgenome/learning/beta_credit.hpp>
#include <algorithm>

namespace adgenome::learning {
namespace {

constexpr double kFullCredit = 1.0;
constexpr double kLowCredit = 0.3;
constexpr double kSuccess = 0.5;

}  // namespace

bool credit_by_contribution(std::span<BetaPosterior> posteriors, const Snapshot& snapshot,
                            Fold fold) {
  const std::size_t count = snapshot.weights_used.size();
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += snapshot.weights_used[i] * snapshot.scores[i];
  if (!(sum > 0)) return false;

  std::vector<double> contributions;
  contributions.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (snapshot.weights_used[i] > 0) {
      contributions.push_back(snapshot.weights_used[i] * snapshot.scores[i] / sum);
    }
  }
  const auto median = contributions.begin() + static_cast<std::ptrdiff_t>(contributions.size() / 2);
  std::nth_element(contributions.begin(), median, contributions.end());

  const int sign = fold == Fold::kAdd ? 1 : -1;
  for (std::size_t i = 0; i < posteriors.size(); ++i) {
    if (!(snapshot.weights_used[i] > 0)) continue;
    const double contribution = snapshot.weights_used[i] * snapshot.scores[i] / sum;
    const double credit = sign * (contribution >= *median ? kFullCredit : kLowCredit);
    (snapshot.reward >= kSuccess ? posteriors[i].alpha : posteriors[i].beta) += credit;
    posteriors[i].observations += sign;
  }
  return true;
}

}  // namespace adgenome::learning
