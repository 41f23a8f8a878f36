#pragma once

#include <adgenome/scoring/pool.hpp>
#include <cstdint>
#include <vector>

namespace adgenome::scoring {

/// The rows whose style embedding has a cosine above `most` with that of this row; none where it
/// has no embedding. Embeddings of different lengths are not alike.
std::vector<std::size_t> similar_to(const Pool& pool, std::size_t row, double most);

/// How many of the admissible candidates have no embedding, and can be told from nobody.
std::int64_t without_embedding(const Pool& pool, std::span<const std::uint8_t> is_admissible);

}  // namespace adgenome::scoring
