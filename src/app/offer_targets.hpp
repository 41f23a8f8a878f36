#pragma once

#include <adgenome/creative/congruence.hpp>
#include <adgenome/store/catalogue.hpp>

namespace adgenome::app {

/// What a headline for this offer is held against: what the variant says, and what its page leads
/// with.
creative::CongruenceTargets targets_of(const store::OfferVariant& variant);

}  // namespace adgenome::app
