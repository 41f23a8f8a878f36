#include <adgenome/creative/text_fit.hpp>
#include <algorithm>
#include <cmath>
#include <string_view>

namespace adgenome::creative {
namespace {

constexpr double kWidowShare = 0.45;  // of the widest line
constexpr double kWidowCost = 0.8;    // of the size that would fit, at least, to avoid a widow

bool fits(const SetText& text, const FitRules& rules) {
  return text.width <= rules.width && text.height <= rules.height &&
         static_cast<std::int64_t>(text.lines.size()) <= rules.max_lines;
}

/// The narrowest wrapping that needs no more lines.
Fit balanced(const SetFunction& set, double size, const FitRules& rules) {
  Fit best{size, rules.width, set(size, rules.width)};
  if (best.set.lines.size() < 2) return best;
  double low = rules.width / 4;
  double high = rules.width;
  while (high - low > 2) {
    const double middle = (low + high) / 2;
    SetText text = set(size, middle);
    // Lines with characters of another font are higher, and may become more.
    if (text.lines.size() <= best.set.lines.size() && text.width <= middle &&
        text.height <= rules.height) {
      high = middle;
      best = {size, middle, std::move(text)};
    } else {
      low = middle;
    }
  }
  return best;
}

}  // namespace

std::optional<std::string> broken_at_sentence(const std::string& text) {
  std::size_t end = std::string::npos;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] != ' ' || std::string_view(".?!").find(text[i - 1]) == std::string_view::npos)
      continue;
    if (end != std::string::npos) return std::nullopt;  // more than two
    end = i;
  }
  if (end == std::string::npos) return std::nullopt;
  std::string broken = text;
  broken[end] = '\n';
  return broken;
}

bool has_widow(const SetText& text) {
  if (text.lines.size() < 2) return false;
  const SetLine& last = text.lines.back();
  const bool is_uneven = std::any_of(text.lines.begin(), text.lines.end() - 1,
                                     [](const SetLine& line) { return line.words > 1; });
  return last.words == 1 && is_uneven && last.width < kWidowShare * text.width;
}

std::optional<Fit> fit_text(const SetFunction& set, const FitRules& rules) {
  const double smallest = std::ceil(rules.min_size);
  double low = smallest;
  double high = std::max(smallest, std::floor(rules.max_size));
  if (!fits(set(smallest, rules.width), rules)) return std::nullopt;
  while (low < high) {
    const double middle = std::ceil((low + high) / 2);
    if (fits(set(middle, rules.width), rules)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const Fit largest = balanced(set, low, rules);
  Fit fit = largest;
  for (double size = low - 1; has_widow(fit.set) && size >= std::max(smallest, kWidowCost * low);
       --size) {
    if (fits(set(size, rules.width), rules)) fit = balanced(set, size, rules);
  }
  return has_widow(fit.set) ? largest : fit;
}

}  // namespace adgenome::creative
