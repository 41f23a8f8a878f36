#pragma once

#include <adgenome/learning/snapshot_maturity.hpp>
#include <adgenome/store/weights.hpp>

namespace adgenome::app {

/// What a recorded selection item teaches by the rewards of its ads, or why it does not yet.
learning::Maturity maturity_of(const store::SnapshotRow& item, core::Day today);

}  // namespace adgenome::app
