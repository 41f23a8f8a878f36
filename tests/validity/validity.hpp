#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace adgenome::validity {

/// How often a judgement is wrong in worlds in which nothing is to be found.
struct Study {
  std::string what;    ///< "elements reported"
  std::string world;   ///< what the worlds are like
  double classic = 0;  ///< share of wrong ones
  double robust = 0;
  double limit = 0;  ///< that the robust share keeps
};

/// All of the worlds, or a tenth.
struct Effort {
  bool is_long = false;
  int worlds(int all) const { return is_long ? all : std::max(1, all / 10); }
};

std::vector<Study> attribution(const Effort& effort);
std::vector<Study> interactions(const Effort& effort);
std::vector<Study> fatigue(const Effort& effort);

/// Variates of one world.
class World {
 public:
  World(std::string_view name, int number) : random_(static_cast<std::uint64_t>(number), name) {}

  double normal(double sd = 1) { return sd * stats::normal_quantile(random_.next_uniform()); }
  double uniform() { return random_.next_uniform(); }
  int below(int bound) {
    return static_cast<int>(random_.next_below(static_cast<std::uint64_t>(bound)));
  }
  /// How often something of this probability happened.
  std::int64_t binomial(std::int64_t trials, double p) {
    const double mean = static_cast<double>(trials) * p;
    if (mean > 30) {
      const double drawn = std::round(mean + normal(std::sqrt(mean * (1 - p))));
      return static_cast<std::int64_t>(std::clamp(drawn, 0.0, static_cast<double>(trials)));
    }
    std::int64_t count = 0;
    for (double left = random_.next_uniform(); left > std::exp(-mean) && count < trials; ++count) {
      left *= random_.next_uniform();
    }
    return count;
  }

 private:
  core::RandomStream random_;
};

}  // namespace adgenome::validity
