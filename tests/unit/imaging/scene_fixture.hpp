#pragma once

#include <adgenome/imaging/renderer.hpp>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace adgenome::imaging {

inline constexpr int kSizes[4][2] = {{1080, 1080}, {1080, 1350}, {1080, 1920}, {1920, 1080}};

/// A can on a white backdrop: a rounded body with a sheen and a lid.
inline Picture can() {
  Picture picture{"can.png", {300, 500, {}}};
  for (int y = 0; y < 500; ++y) {
    for (int x = 0; x < 300; ++x) {
      const double across = (x - 150) / 110.0;
      const bool is_body = y > 40 && y < 470 && std::abs(across) < 1;
      const int sheen = static_cast<int>(90 * std::sqrt(std::max(0.0, 1 - across * across)));
      const bool is_lid = y < 80;
      for (const int base : {is_lid ? 150 : 30, is_lid ? 150 : 70, is_lid ? 155 : 130})
        picture.image.rgba.push_back(static_cast<std::uint8_t>(is_body ? base + sheen : 255));
      picture.image.rgba.push_back(255);
    }
  }
  return picture;
}

/// A scene with everything that a layout can show.
struct Fixture {
  Picture product = can();
  creative::Layout layout;
  Scene scene;

  Fixture() {
    product.image = cut_out(product.image);
    scene.palette = creative::make_palette(
        std::vector<creative::Rgb>{{30, 90, 160}, {240, 130, 30}, {250, 244, 232}});
    scene.content.headline = "Cold brew that is ready before you are";
    scene.content.subheadline = "Brewed for 18 hours, drunk in five minutes.";
    scene.content.call_to_action = "Shop now";
    scene.content.benefits = {"No sugar added", "Half the acid of hot coffee", "Recycled cans",
                              "At your door in two days"};
    scene.content.pains = {"Queues at eight", "Bitter from the machine"};
    scene.content.badge = "15 % off";
    scene.content.rating = creative::Rating{4.6, "4.6 of 5 from 812 buyers"};
    scene.content.product_name = "Early Can";
    scene.content.brand_name = "Dawnline";
    scene.product = &product;
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  const Scene& with(const std::string& name, int width, int height) {
    layout = *creative::find_layout(name);
    scene.layout = &layout;
    scene.width = width;
    scene.height = height;
    return scene;
  }
};

inline const creative::PlacedText* find_text(const creative::Rendering& rendering,
                                             const std::string& role) {
  const auto found = std::find_if(rendering.texts.begin(), rendering.texts.end(),
                                  [&](const creative::PlacedText& t) { return t.role == role; });
  return found == rendering.texts.end() ? nullptr : &*found;
}

}  // namespace adgenome::imaging
