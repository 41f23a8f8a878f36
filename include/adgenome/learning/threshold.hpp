#pragma once

#include <string_view>

namespace adgenome::learning {

/// A member of a struct of thresholds by its name, with what it may be.
template <class Thresholds>
struct Threshold {
  std::string_view name;
  double Thresholds::*value;
  double low = 0;
  double high = 0;
  bool is_whole = false;
};

}  // namespace adgenome::learning
