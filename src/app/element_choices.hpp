#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/store/session.hpp>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "batch_plan.hpp"

namespace adgenome::app {

/// Makes the choices that nobody made: from the brand's element scores, one draw a dimension, or
/// the highest mean. Each run and dimension has random numbers of its own, so that what is given
/// in one of them does not move the others.
class ElementChooser {
 public:
  ElementChooser(store::Session& session, std::string brand_id, std::uint64_t seed);

  /// `how` is sample, best or given; given, as it is at first, reads no scores and takes the first
  /// value.
  void choose_by(const std::string& how);

  bool is_open() const { return how_ != "given"; }
  /// One of the values (at least one) for a run: its position and how it was chosen.
  std::pair<std::size_t, ElementChoice> choose(const std::string& run, const std::string& dimension,
                                               std::span<const std::string> values) const;

 private:
  store::Session& session_;
  std::string brand_id_;
  std::uint64_t seed_;
  std::string how_ = "given";
  bool has_scores_ = false;
  double exploration_ = 0;
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> scores_;
};

}  // namespace adgenome::app
