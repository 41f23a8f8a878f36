#pragma once

#include <adgenome/scoring/scorer.hpp>

namespace adgenome::scoring {

// Each in the file of its name.
ScoreFunction asset_match, unused_bonus, category_match, awareness_align, audience_match,
    belief_clarity, performance, fatigue, impression_rank, impression_velocity, creative_variants;

}  // namespace adgenome::scoring
