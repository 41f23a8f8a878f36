#include <doctest/doctest.h>

#include <adgenome/creative/text_fit.hpp>
#include <string>
#include <vector>

namespace adgenome::creative {
namespace {

/// A typewriter: every character is 0.6 of the size wide, a line 1.2 high.
SetFunction typewriter(const std::vector<std::string>& words) {
  return [words](double size, double wrap) {
    SetText text;
    for (const std::string& word : words) {
      const double width = 0.6 * size * static_cast<double>(word.size());
      const double blank = 0.6 * size;
      if (!text.lines.empty() && text.lines.back().width + blank + width <= wrap) {
        text.lines.back().width += blank + width;
        ++text.lines.back().words;
      } else {
        text.lines.push_back({width, 1});
      }
      text.width = std::max(text.width, text.lines.back().width);
    }
    text.height = 1.2 * size * static_cast<double>(text.lines.size());
    return text;
  };
}

TEST_CASE("one line takes the largest size that its box and its rules allow") {
  const SetFunction set = typewriter({"ten", "signs"});  // 9 characters
  const FitRules rules{
      .width = 540, .height = 300, .min_size = 10, .max_size = 500, .max_lines = 1};
  CHECK(fit_text(set, rules)->size == 100);
  FitRules low = rules;
  low.height = 60;
  CHECK(fit_text(set, low)->size == 50);
  FitRules small = rules;
  small.max_size = 40;
  CHECK(fit_text(set, small)->size == 40);
}

TEST_CASE("what does not fit at the smallest size is not set") {
  const FitRules rules{.width = 100, .height = 300, .min_size = 20, .max_size = 80, .max_lines = 9};
  CHECK_FALSE(fit_text(typewriter({"unbreakable"}), rules));
  CHECK_FALSE(
      fit_text(typewriter({"a", "b", "c", "d", "e", "f", "g", "h"}),
               {.width = 30, .height = 100, .min_size = 20, .max_size = 80, .max_lines = 9}));
  CHECK_FALSE(
      fit_text(typewriter({"two", "lines"}),
               {.width = 70, .height = 100, .min_size = 20, .max_size = 80, .max_lines = 1}));
}

TEST_CASE("lines are as even as their number allows") {
  const SetFunction set = typewriter({"aaaa", "aaaa", "aaaa", "aaaa", "aaaa", "aaaa"});
  const auto fit =
      fit_text(set, {.width = 1000, .height = 150, .min_size = 50, .max_size = 62, .max_lines = 2});
  REQUIRE(fit);
  REQUIRE(fit->set.lines.size() == 2);
  CHECK(fit->set.lines[0].words == 3);
  CHECK(fit->set.lines[1].words == 3);
}

TEST_CASE("two sentences are broken between them, one or three are not") {
  CHECK(broken_at_sentence("Hot at nine. Still hot at noon.") ==
        "Hot at nine.\nStill hot at noon.");
  CHECK_FALSE(broken_at_sentence("Hot at nine."));
  CHECK_FALSE(broken_at_sentence("24 hours cold. 12 hours hot. One bottle."));
  CHECK_FALSE(broken_at_sentence("1.5 litres of it"));
}

TEST_CASE("a widow is avoided at the price of a little size") {
  const SetText widow{{{300, 4}, {40, 1}}, 300, 100};
  CHECK(has_widow(widow));
  CHECK_FALSE(has_widow({{{300, 4}, {200, 1}}, 300, 100}));
  CHECK_FALSE(has_widow({{{100, 1}, {40, 1}}, 100, 100}));
  CHECK_FALSE(has_widow({{{40, 1}}, 40, 50}));
  // Balanced wrapping has a widow here at the largest size ("go" alone), none a little smaller.
  const auto fit =
      fit_text(typewriter({"wonderfully", "long", "go"}),
               {.width = 600, .height = 400, .min_size = 20, .max_size = 60, .max_lines = 2});
  REQUIRE(fit);
  CHECK_FALSE(has_widow(fit->set));
}

}  // namespace
}  // namespace adgenome::creative
