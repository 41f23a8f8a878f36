#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/scoring/pool.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <cstdint>

namespace adgenome::simulate {

/// Templates as a catalogue has them, none used yet.
scoring::Pool make_pool(std::int64_t templates, core::RandomStream& random);

/// What a selection is for: another product and audience each time.
scoring::Context make_context(core::RandomStream& random);

}  // namespace adgenome::simulate
