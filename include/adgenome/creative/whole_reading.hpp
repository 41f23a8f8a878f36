#pragma once

#include <adgenome/creative/rendering.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::creative {

/// A text that an ad should show.
struct ExpectedText {
  std::string role;
  std::string text;
};

/// Words that stand together in a picture, as they were read.
struct ReadBlock {
  std::string text;
  double confidence = 0;  ///< 0 to 100
  Box box = {};           ///< pixels
};

/// What became of an expected text in a picture that was read as a whole.
struct FoundText {
  ExpectedText expected;
  std::optional<std::string> read;   ///< the words most like it; nothing: none are like it
  double character_error_rate = 0;   ///< of `read`; 0 where only the blanks differ
  double confidence = 0;             ///< of the least sure block that `read` is from, 0 to 100
  std::vector<std::string> missing;  ///< words of the text that were not read
  std::vector<std::string> extra;    ///< words in their place
  std::vector<Box> boxes;            ///< of the blocks that `read` is from
};

/// A picture of which it is not known where its texts stand.
struct WholeReading {
  std::vector<FoundText> texts;
  std::vector<std::string> blocks;  ///< everything that was read, as it stands together
  std::vector<std::string> others;  ///< words read with confidence that belong to nothing known
};

/// Finds each expected text among the words of `blocks`, which are from top to bottom: the run of
/// words that differs least from it, in one block or two that are near each other; each
/// word once, the text that is read best first. `known` are texts that may stand in the picture too
/// (benefits, the label). A text of a script that the reader does not know is not read.
WholeReading match_blocks(std::span<const ExpectedText> expected, std::span<const ReadBlock> blocks,
                          std::span<const std::string> known);

}  // namespace adgenome::creative
