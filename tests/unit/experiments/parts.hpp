#pragma once

#include <adgenome/experiments/analysis.hpp>
#include <initializer_list>

/// The parts of a comparison that a simulation asks for: the others would take most of its time.
inline adgenome::experiments::Parts only(
    std::initializer_list<bool adgenome::experiments::Parts::*> asked) {
  adgenome::experiments::Parts parts{.mann_whitney = false,
                                     .unlimited_hodges_lehmann = false,
                                     .brunner_munzel = false,
                                     .cliffs_delta = false,
                                     .proportions = false,
                                     .means = false,
                                     .bayes = false,
                                     .cluster = false,
                                     .sequential = false};
  for (const auto part : asked) parts.*part = true;
  return parts;
}
