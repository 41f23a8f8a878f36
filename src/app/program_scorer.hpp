#pragma once

#include <adgenome/scoring/pool.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace adgenome::app {

/// Runs a scorer that is a program of its own, "exec:./my-scorer", once: candidates go to its
/// standard input as JSON lines, {"id", "score"} come back, one for each in any order. Its standard
/// error is ours; no shell is involved. A path that begins with ./ or ../ is one from `folder`, a
/// name without a slash is looked up in PATH.
///
/// A program that is not there is InvalidInput. One that fails, takes longer than `timeout`, or
/// answers anything but one score in [0, 1] a candidate is ProviderError.
std::vector<double> run_program_scorer(const std::string& scorer, const std::string& folder,
                                       const std::string& candidates, const scoring::Pool& pool,
                                       std::chrono::seconds timeout);

}  // namespace adgenome::app
