#include "calibration_rates.hpp"

#include <cmath>

namespace adgenome::learning {
namespace {

constexpr double kZ95 = 1.959963984540054;

/// A share of ads by weight, as it adds up.
class Share {
 public:
  void add(double weight, bool is_so) {
    ++ads_;
    weights_ += weight;
    squares_ += weight * weight;
    if (is_so) yes_ += weight;
  }

  // Wilson's interval with Kish's effective number of ads in the place of their number.
  JudgedShare result() const {
    JudgedShare share{.ads = ads_, .share = {}, .interval = {}};
    if (ads_ == 0) return share;
    const double p = yes_ / weights_;
    const double n = weights_ * weights_ / squares_;
    const double spread = kZ95 * kZ95 / n;
    const double centre = (p + spread / 2) / (1 + spread);
    const double reach = kZ95 / (1 + spread) * std::sqrt(p * (1 - p) / n + spread / (4 * n));
    share.share = p;
    share.interval = stats::Interval{std::max(0.0, centre - reach), std::min(1.0, centre + reach)};
    return share;
  }

 private:
  std::int64_t ads_ = 0;
  double weights_ = 0;
  double squares_ = 0;
  double yes_ = 0;
};

struct Mean {
  double sum = 0;
  double weight = 0;
  std::optional<double> value() const {
    return weight > 0 ? std::optional(sum / weight) : std::nullopt;
  }
};

}  // namespace

std::vector<VerdictRates> verdict_rates(std::span<const JudgedAd> ads) {
  std::vector<VerdictRates> rates;
  for (const char* verdict : {"approved", "flagged", "rejected"}) {
    Share share;
    for (const JudgedAd& ad : ads) {
      if (ad.verdict == verdict) share.add(1 / ad.probability, ad.is_approved);
    }
    rates.push_back({verdict, share.result()});
  }
  return rates;
}

std::vector<CheckRates> check_rates(const CalibrationSettings& settings,
                                    std::span<const JudgedAd> ads) {
  std::vector<CheckRates> rates;
  for (std::size_t i = 0; i < settings.weights.size(); ++i) {
    CheckRates check{.check = settings.check_ids[i],
                     .weight = settings.weights[i],
                     .new_weight = settings.weights[i]};
    Share false_approvals;
    Share false_rejections;
    Mean approved;
    Mean rejected;
    for (const JudgedAd& ad : ads) {
      if (!ad.checks[i]) continue;
      const double score = *ad.checks[i];
      const double weight = 1 / ad.probability;
      ++check.ads;
      Mean& mean = ad.is_approved ? approved : rejected;
      mean.sum += weight * score;
      mean.weight += weight;
      if (score >= settings.approve_from) false_approvals.add(weight, !ad.is_approved);
      if (score < settings.flag_from) false_rejections.add(weight, ad.is_approved);
    }
    check.false_approvals = false_approvals.result();
    check.false_rejections = false_rejections.result();
    check.approved_mean = approved.value();
    check.rejected_mean = rejected.value();
    rates.push_back(std::move(check));
  }
  return rates;
}

}  // namespace adgenome::learning
