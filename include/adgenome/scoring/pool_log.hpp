#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::scoring {

/// What a recorded selection keeps of its pool, so that other policies can be evaluated on it
/// later: the candidates after the gate with their scores, those drawn first, in the order of
/// their draws. Of a large pool a uniform sample of those not drawn is kept.
struct PoolLog {
  std::vector<std::string> scorers = {};  ///< names of the columns of `scores`
  std::vector<std::string> ids = {};      ///< of the templates kept
  std::vector<float> propensities = {};   ///< p of each before the first draw
  /// Whether the required assets of each had been analysed; empty: pools of old do not tell.
  std::vector<std::uint8_t> is_detected = {};
  /// The asset score under which the gate had dropped candidates, 0 where it was off or relaxed;
  /// nothing: pools of old do not tell.
  std::optional<double> min_asset_score = {};
  std::vector<std::uint16_t> scores = {};  ///< ids x scorers, in 65,535ths
  std::size_t drawn = 0;                   ///< so many of the ids, from the first on
  std::int64_t candidates = 0;             ///< after the gate, kept or not
  double fraction = 1;                     ///< share of those not drawn that is kept, above 0

  double score(std::size_t row, std::size_t column) const {
    return scores[row * scorers.size() + column] / 65535.0;
  }
  /// How many candidates after the gate a row stands for.
  double multiplicity(std::size_t row) const { return row < drawn ? 1 : 1 / fraction; }
};

/// A score in [0, 1] in 65,535ths, the nearest.
std::uint16_t quantised(double score);

/// A name for the bytes that encode() makes.
inline constexpr std::string_view kPoolFormat = "pool2/zstd";
/// One that it made before: without detection and gate.
inline constexpr std::string_view kFormerPoolFormat = "pool1/zstd";

std::string encode(const PoolLog& log);

/// Throws InvalidInput for a format that is neither and for bytes that encode() did not make.
PoolLog decode_pool(std::string_view format, std::string_view bytes);

}  // namespace adgenome::scoring
