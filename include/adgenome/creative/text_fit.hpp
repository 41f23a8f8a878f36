#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::creative {

struct SetLine {
  double width = 0;
  std::int64_t words = 0;
};

/// A text as a given size and wrapping width set it; pixels.
struct SetText {
  std::vector<SetLine> lines;
  double width = 0;  ///< of the widest line
  double height = 0;
};

/// Sets the text at a size and wrapping width, both in pixels. Wrapping is at words only, so that
/// a long word makes a line wider than asked for.
using SetFunction = std::function<SetText(double size, double wrap_width)>;

struct FitRules {
  double width = 0;
  double height = 0;
  double min_size = 0;
  double max_size = 0;
  std::int64_t max_lines = 1;
};

struct Fit {
  double size = 0;
  double wrap_width = 0;
  SetText set;
};

/// A text of two sentences with a line break between them; nothing for any other text.
std::optional<std::string> broken_at_sentence(const std::string& text);

/// Whether the last line is a single short word under lines of several.
bool has_widow(const SetText& text);

/// The largest whole size at which the text stays inside its box and number of lines, wrapped as
/// evenly as that number of lines allows; a smaller size where only that avoids a widow. Nothing
/// where it does not fit at the smallest size.
std::optional<Fit> fit_text(const SetFunction& set, const FitRules& rules);

}  // namespace adgenome::creative
