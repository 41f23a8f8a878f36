#pragma once

#include <vector>

namespace adgenome::stats {

/// Ascending; without NaN. Linear time from a few thousand values on.
void sort_values(std::vector<double>& values);

}  // namespace adgenome::stats
