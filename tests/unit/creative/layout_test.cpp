#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/palette.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace adgenome::creative {
namespace {

core::Json smallest() {
  return core::parse_json(R"({"name": "t", "elements": [
    {"kind": "shape", "fill": "light"},
    {"kind": "stack", "box": [0.1, 0.2, 0.8, 0.3], "items": [{"kind": "headline"}]}]})",
                          "t.json");
}

/// Where the refusal points to.
std::string refusal(const core::Json& document) {
  try {
    parse_layout(document, "t.json");
  } catch (const core::InvalidInput& error) {
    return error.where();
  }
  return "accepted";
}

TEST_CASE("the twelve categories have a layout, each with all four families of canvas") {
  const std::vector<std::string> expected{"before-after", "collage",          "comparison",
                                          "educational",  "infographic",      "lifestyle",
                                          "minimal-text", "problem-solution", "product-focus",
                                          "professional", "testimonial",      "ugc-style"};
  std::vector<std::string> names = layout_names();
  std::sort(names.begin(), names.end());
  std::vector<std::string> sorted = expected;
  std::sort(sorted.begin(), sorted.end());
  CHECK(names == sorted);
  for (const std::string& name : names) {
    CAPTURE(name);
    const auto layout = find_layout(name);
    REQUIRE(layout);
    CHECK(layout->name == name);
    for (const auto& elements : layout->elements) CHECK(elements.size() >= 3);
  }
}

TEST_CASE("families of canvas") {
  CHECK(aspect_of(1080, 1080) == Aspect::kSquare);
  CHECK(aspect_of(1080, 1350) == Aspect::kPortrait);
  CHECK(aspect_of(1080, 1920) == Aspect::kStory);
  CHECK(aspect_of(1920, 1080) == Aspect::kWide);
  CHECK(aspect_of(1200, 628) == Aspect::kWide);
  CHECK(aspect_of(1000, 1500) == Aspect::kPortrait);
}

TEST_CASE("values by family of canvas fall back on the nearest one") {
  core::Json document = smallest();
  document["elements"][1]["box"] = core::parse_json(
      R"({"square": [0.1, 0.2, 0.8, 0.3], "portrait": [0.1, 0.3, 0.8, 0.3], "wide": null})", "x");
  document["elements"].push_back(document["elements"][1]);
  document["elements"][2]["box"] = {0.0, 0.2, 1.0, 0.1};
  const Layout layout = parse_layout(document, "t.json");
  CHECK(layout.of(Aspect::kSquare)[1].box.y == 0.2);
  CHECK(layout.of(Aspect::kPortrait)[1].box.y == 0.3);
  CHECK(layout.of(Aspect::kStory)[1].box.y == 0.3);
  CHECK(layout.of(Aspect::kWide).size() == 2);
}

TEST_CASE("what cannot be drawn is refused by its pointer") {
  CHECK(refusal(smallest()) == "accepted");
  const auto with = [](const char* pointer, core::Json value) {
    core::Json document = smallest();
    document[core::Json::json_pointer(pointer)] = std::move(value);
    return refusal(document);
  };
  CHECK(with("/elements/1/box", {0.1, 0.2, 0.8, -0.3}) == "t.json /elements/1/box");
  CHECK(with("/elements/1/box", {0.1, 0.2, 0.95, 0.3}) == "t.json /elements/1/box");
  CHECK(with("/elements/1/box", {0.1, 0.2, 0.8}) == "t.json /elements/1/box");
  CHECK(with("/elements/0/fill", "mauve") == "t.json /elements/0/fill");
  CHECK(with("/elements/0/shape", "star") == "t.json /elements/0/shape");
  CHECK(with("/elements/0/colour", "light") == "t.json /elements/0");
  CHECK(with("/elements/1/items/0/kind", "slogan") == "t.json /elements/1/items/0/kind");
  CHECK(with("/elements/1/items/0/min_size", 0.2) == "t.json /elements/1/items/0/min_size");
  CHECK(with("/elements/1/items", core::Json::array()) == "t.json /elements/1/items");
  CHECK(with("/elements/1/items/0/kind", "subheadline") == "t.json /elements");
  CHECK(with("/elements/1/card", {0.1, 0.2, 0.8}) == "t.json /elements/1/card");
  CHECK(with("/elements/0/card", {0.1, 0.2, 0.8, 0.3}) == "t.json /elements/0/card");
  CHECK(with("/elements/0/when", "benefits_9") == "t.json /elements/0/when");
  CHECK(with("/name", 3) == "t.json /name");
}

TEST_CASE("no text where the platform covers a story") {
  core::Json document = smallest();
  document["elements"][1]["box"] = {0.1, 0.1, 0.8, 0.3};
  CHECK(refusal(document) == "t.json /elements/1/box");
  document["elements"][1]["box"] =
      core::parse_json(R"({"square": [0.1, 0.1, 0.8, 0.3], "story": [0.1, 0.14, 0.8, 0.66]})", "x");
  CHECK(refusal(document) == "accepted");
}

TEST_CASE("a template names its layout, carries one, or takes its category's") {
  CHECK(layout_of("ugc-style", "testimonial", "t").name == "ugc-style");
  CHECK(layout_of(nullptr, "Problem_Solution", "t").name == "problem-solution");
  CHECK(layout_of(nullptr, "unheard-of", "t").name == "product-focus");
  CHECK(layout_of(smallest(), "", "t").name == "t");
  try {
    layout_of("testimonal", "", "template t1");
    FAIL("accepted");
  } catch (const core::InvalidInput& error) {
    CHECK(error.hint() == "did you mean testimonial?");
    CHECK(error.where() == "template t1 /layout");
  }
}

TEST_CASE("the areas of text are those of the stacks, with the roles that texts have in them") {
  const Layout layout = *find_layout("testimonial");
  const std::vector<LayoutArea> areas = text_areas(layout, Aspect::kSquare);
  REQUIRE(!areas.empty());
  CHECK(areas.front().roles ==
        std::vector<std::string>{"quote_mark", "headline", "author", "label"});
  CHECK(areas.front().box.x == doctest::Approx(0.115));
  for (const std::string& name : layout_names()) {
    CAPTURE(name);
    for (const Aspect aspect :
         {Aspect::kSquare, Aspect::kPortrait, Aspect::kStory, Aspect::kWide}) {
      const auto all = text_areas(*find_layout(name), aspect);
      CHECK(std::any_of(all.begin(), all.end(), [](const LayoutArea& area) {
        return std::find(area.roles.begin(), area.roles.end(), "headline") != area.roles.end();
      }));
    }
  }
}

}  // namespace
}  // namespace adgenome::creative
