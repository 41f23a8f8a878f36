#pragma once

#include <adgenome/learning/transfer.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>

namespace adgenome::app {

/// The posterior means of a brand's elements, by which brands are compared, as they were at a time.
learning::ElementMeans element_means(store::Session& session, const std::string& brand_id,
                                     core::Time known_at = store::kNewest);

/// The sums that the store keeps of a brand's learners, as they were at a time; fresh ones where
/// there are none.
learning::WeightState stored_weight_state(store::Session& session, const std::string& brand_id,
                                          const learning::StaticWeights& static_weights,
                                          const store::KnownAt& known_at = {});

/// What the brand begins from: nothing unless it shares. While it is cold, what the other brands of
/// its organization that share lend now, which is kept (`is_kept`); later what was kept. A run as
/// of then begins from what was kept then.
learning::WeightPrior borrowed_prior(store::Session& session, const store::Brand& brand,
                                     const learning::StaticWeights& static_weights,
                                     const learning::WeightState& own, core::Time now, bool is_kept,
                                     const store::KnownAt& known_at);

}  // namespace adgenome::app
