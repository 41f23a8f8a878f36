#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/creative/rendering.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::creative {
namespace {

TEST_CASE("a rendering survives the way to JSON and back") {
  Rendering rendering;
  rendering.width = 1080;
  rendering.height = 1920;
  rendering.layout = "lifestyle/1";
  rendering.texts.push_back({.role = "headline",
                             .text = "Sleep again",
                             .box = {10, 20.5, 300, 80},
                             .font_px = 64.5,
                             .lines = 2,
                             .is_bold = true,
                             .ink = "#102030"});
  rendering.product = Box{1, 2, 3, 4};
  rendering.product_image = "product.png";
  rendering.palette = {"#102030", "#ffffff"};
  const core::Json document = to_json(rendering);
  CHECK(core::dump(to_json(rendering_from_json(document, "here"))) == core::dump(document));
  CHECK(document.at("logo").is_null());
}

TEST_CASE("a rendering of another shape names its place") {
  core::Json document = to_json(Rendering{});
  document["texts"] = 3;
  try {
    rendering_from_json(document, "ads/1/rendering");
    FAIL("accepted");
  } catch (const core::InvalidInput& error) {
    CHECK(error.where() == "ads/1/rendering");
  }
  document = to_json(Rendering{});
  document.erase("palette");
  CHECK_THROWS_AS(rendering_from_json(document, "x"), core::InvalidInput);
}

}  // namespace
}  // namespace adgenome::creative
