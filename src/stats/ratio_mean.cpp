#include <adgenome/core/random.hpp>
#include <adgenome/stats/ratio_mean.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace adgenome::stats {
namespace {

constexpr std::size_t kBlocks = 4096;
constexpr int kReplicates = 1000;
constexpr double kTail = 0.025;

/// Sums over n pairs or blocks, and the ratio's standard error by linearisation:
/// sqrt(sum (a - R b)^2 * n / (n - 1)) / |sum b|.
struct Sums {
  double n = 0, a = 0, b = 0, aa = 0, ab = 0, bb = 0;

  void add(double one_a, double one_b) {
    ++n;
    a += one_a;
    b += one_b;
    aa += one_a * one_a;
    ab += one_a * one_b;
    bb += one_b * one_b;
  }
  double ratio() const { return a / b; }
  double error() const {
    const double value = ratio();
    const double squares = std::max(0.0, aa - 2 * value * ab + value * value * bb);
    return std::sqrt(squares * n / (n - 1)) / std::abs(b);
  }
};

}  // namespace

void RatioMean::add(double a, double b) {
  ++count_;
  sum_a_ += a;
  sum_b_ += b;
  sum_aa_ += a * a;
  sum_ab_ += a * b;
  sum_bb_ += b * b;
  if (!blocks_.empty() && pairs_in_last_ < pairs_in_block_) {
    blocks_.back().a += a;
    blocks_.back().b += b;
    ++pairs_in_last_;
    return;
  }
  if (blocks_.size() == kBlocks) {
    for (std::size_t i = 0; i < kBlocks / 2; ++i) {
      blocks_[i] = {.a = blocks_[2 * i].a + blocks_[2 * i + 1].a,
                    .b = blocks_[2 * i].b + blocks_[2 * i + 1].b};
    }
    blocks_.resize(kBlocks / 2);
    pairs_in_block_ *= 2;
  }
  blocks_.push_back({.a = a, .b = b});
  pairs_in_last_ = 1;
}

Interval RatioMean::bootstrap(double value, double error) const {
  core::RandomStream random(0, "stats/bootstrap");
  std::vector<double> ts;
  ts.reserve(kReplicates);
  for (int replicate = 0; replicate < kReplicates; ++replicate) {
    Sums drawn;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[random.next_below(blocks_.size())];
      drawn.add(block.a, block.b);
    }
    const double shift = drawn.b == 0 ? -value : drawn.ratio() - value;
    const double spread = drawn.b == 0 ? 0 : drawn.error();
    // A sample without spread (no reward was drawn) says that values far from here are possible.
    ts.push_back(spread > 0   ? shift / spread
                 : shift == 0 ? 0.0
                              : std::copysign(std::numeric_limits<double>::infinity(), shift));
  }
  std::sort(ts.begin(), ts.end());
  constexpr auto kCut = static_cast<std::size_t>(kTail * kReplicates);
  return {.lower = value - ts[kReplicates - kCut] * error, .upper = value - ts[kCut - 1] * error};
}

std::optional<Estimate> RatioMean::estimate(IntervalMethod method, double range) const {
  if (count_ == 0 || sum_b_ == 0) return std::nullopt;
  Estimate estimate{.value = sum_a_ / sum_b_, .standard_error = {}, .interval = {}};
  if (count_ < 2) return estimate;
  const auto n = static_cast<double>(count_);
  const Sums all{.n = n, .a = sum_a_, .b = sum_b_, .aa = sum_aa_, .ab = sum_ab_, .bb = sum_bb_};
  const double error = all.error();
  Interval interval{.lower = estimate.value, .upper = estimate.value};
  if (method == IntervalMethod::kEmpiricalBernstein) {
    // Both sides hold at once at 2.5 % each.
    const double log_term = std::log(2 / kTail);
    const double half = error * std::sqrt(2 * log_term) +
                        7 * range / std::abs(sum_b_ / n) * log_term / (3 * (n - 1));
    interval = {.lower = estimate.value - half, .upper = estimate.value + half};
  } else if (error > 0) {
    interval = bootstrap(estimate.value, error);
  }
  estimate.standard_error = error;
  estimate.interval = {.lower = std::min(interval.lower, estimate.value),
                       .upper = std::max(interval.upper, estimate.value)};
  return estimate;
}

}  // namespace adgenome::stats
