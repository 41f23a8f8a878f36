#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/learning/weights.hpp>
#include <vector>

namespace adgenome::learning {

/// Weights as they may be, given what was learned: one draw from the posteriors of the method's
/// learner in place of their means (Thompson 1933), then phases and limits as for effective
/// weights, but for the largest step, which bounds updates. Parallel to the static weights; a
/// scorer that is off stays off, and while cold every weight is the static one.
///
/// Method `linear` draws one of the averaged models by its weight, and the joint effects from it.
std::vector<double> draw_weights(const StaticWeights& static_weights, const WeightState& state,
                                 WeightMethod method, core::RandomStream& random);

}  // namespace adgenome::learning
