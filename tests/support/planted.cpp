#include "planted.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/imaging/review_measure.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace adgenome::test {
namespace {

using creative::Box;
using creative::Rgb;
using imaging::Image;
using imaging::Picture;

// A product as it is, and as defects have it.
struct Product {
  Picture picture;
  Picture relabelled;
  Picture photo;  ///< a scene that goes with it
  std::string name;
  std::vector<std::string> benefits;
};

std::uint8_t* pixel_of(Image& image, int x, int y) {
  return &image.rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                          static_cast<std::size_t>(x))];
}

Picture load(const std::string& file) {
  return {file, imaging::decode(core::read_all(file), file)};
}

Image resized(const Image& whole, int width, int height) {
  Image result{width, height, {}};
  result.rgba.reserve(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint8_t* pixel = whole.pixel(x * whole.width / width, y * whole.height / height);
      result.rgba.insert(result.rgba.end(), pixel, pixel + 4);
    }
  }
  return result;
}

// Another word in the same letters: the halves of the label's first line change places.
Image with_other_label(Image image, const Box& line) {
  const int left = static_cast<int>(line.x * image.width);
  const int half = static_cast<int>(line.width * image.width) / 2;
  const int top = static_cast<int>(line.y * image.height);
  const int bottom = static_cast<int>((line.y + line.height) * image.height);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < left + half; ++x) {
      std::swap_ranges(pixel_of(image, x, y), pixel_of(image, x, y) + 4,
                       pixel_of(image, x + half, y));
    }
  }
  return image;
}

const std::vector<std::vector<Rgb>>& palettes() {
  static const std::vector<std::vector<Rgb>> all{{{23, 65, 60}, {243, 235, 221}, {226, 104, 60}},
                                                 {{34, 52, 60}, {240, 230, 214}, {226, 104, 60}},
                                                 {{28, 42, 92}, {233, 238, 250}, {250, 190, 60}},
                                                 {{96, 40, 58}, {250, 238, 232}, {70, 120, 110}},
                                                 {{50, 60, 40}, {238, 240, 226}, {196, 150, 60}}};
  return all;
}

// Nothing of these is near any of the above.
const std::vector<Rgb>& other_palette() {
  static const std::vector<Rgb> colors{{150, 20, 160}, {190, 240, 40}, {30, 60, 240}};
  return colors;
}

constexpr std::array<const char*, 10> kHeadlines = {"Ice at the trailhead, ice at the summit",
                                                    "Hot at nine. Still hot at noon.",
                                                    "Built for the long way up",
                                                    "One bottle, every season",
                                                    "Your coffee keeps its morning",
                                                    "Leave the plastic at home",
                                                    "Cold water, the whole ride",
                                                    "Made for pockets of mud and rain",
                                                    "Drink what the day brings",
                                                    "The last sip is as good as the first"};
constexpr std::array<const char*, 4> kCallsToAction = {"Shop now", "Find yours", "Discover more",
                                                       "Get the bottle"};
constexpr std::array<std::pair<int, int>, 4> kSizes = {
    {{1080, 1080}, {1080, 1350}, {1080, 1920}, {1920, 1080}}};

struct Draw {
  imaging::Scene scene;
  const Product* product = nullptr;
  PlantedAd ad;
};

creative::PlacedText* headline_of(PlantedAd& ad) {
  for (auto& text : ad.rendering.texts) {
    if (text.role == "headline" || text.role == "quote") return &text;
  }
  return nullptr;
}

void each_pixel(Image& image, const Box& box, const std::function<void(int x, int y)>& visit) {
  const int bottom = std::min(image.height, static_cast<int>(box.y + box.height));
  const int right = std::min(image.width, static_cast<int>(box.x + box.width));
  for (int y = std::max(0, static_cast<int>(box.y)); y < bottom; ++y) {
    for (int x = std::max(0, static_cast<int>(box.x)); x < right; ++x) visit(x, y);
  }
}

Rgb ground_beside(const Image& image, const Box& box) {
  const std::uint8_t* pixel =
      image.pixel(std::clamp(static_cast<int>(box.x) - 8, 0, image.width - 1),
                  std::clamp(static_cast<int>(box.y), 0, image.height - 1));
  return {pixel[0], pixel[1], pixel[2]};
}

int distance(const std::uint8_t* pixel, Rgb color) {
  return std::abs(pixel[0] - color.red) + std::abs(pixel[1] - color.green) +
         std::abs(pixel[2] - color.blue);
}

void paint(std::uint8_t* pixel, Rgb color) {
  pixel[0] = color.red;
  pixel[1] = color.green;
  pixel[2] = color.blue;
}

std::string with_swapped_letters(std::string text) {
  for (std::size_t i = 1; i + 2 < text.size(); i += 3) {
    if (text[i] != ' ' && text[i + 1] != ' ') std::swap(text[i], text[i + 1]);
  }
  return text;
}

}  // namespace

struct Plantation::State {
  std::vector<Product> products;
  Picture logo;
  std::unique_ptr<imaging::Renderer> renderer;
  std::vector<creative::Layout> layouts;

  // Draws again what changed in the scene; the record is what the renderer says unless kept.
  void render(Draw& draw) const {
    imaging::Drawing drawing = renderer->render(draw.scene);
    draw.ad.image = std::move(drawing.image);
    draw.ad.rendering = std::move(drawing.rendering);
    set_brief(draw);
  }

  static void set_brief(Draw& draw) {
    creative::ReviewBrief& brief = draw.ad.brief;
    brief.texts.clear();
    for (const auto& text : draw.ad.rendering.texts) brief.texts.push_back(text.text);
    brief.headline = draw.scene.content.headline;
    brief.call_to_action = draw.scene.content.call_to_action;
    brief.areas = creative::text_areas(*draw.scene.layout,
                                       creative::aspect_of(draw.scene.width, draw.scene.height));
    brief.given = {"15% off your first order"};
    brief.prohibited_claims = {"boils water", "keeps germs away", "unbreakable"};
  }

  // Draws an ad with the random numbers of `random`; nothing where the texts do not fit.
  std::optional<Draw> draw(core::RandomStream& random) const {
    const auto pick = [&](const auto& list) -> const auto& {
      return list[random.next_below(std::size(list))];
    };
    Draw draw;
    draw.product = &pick(products);
    const creative::Layout& layout = pick(layouts);
    const auto [width, height] = pick(kSizes);
    imaging::Scene& scene = draw.scene;
    scene.width = width;
    scene.height = height;
    scene.layout = &layout;
    scene.palette = creative::make_palette(pick(palettes()));
    creative::Content& content = scene.content;
    content.headline = pick(kHeadlines);
    content.subheadline = "Double-wall steel that keeps 750 ml cold for a day";
    content.call_to_action = pick(kCallsToAction);
    content.benefits = draw.product->benefits;
    content.pains = {"Warm water by noon", "Plastic that tastes of plastic"};
    content.badge = "15% off";
    content.rating = creative::Rating{4.8, "Rated 4.8 of 5 by 2,314 owners"};
    content.disclaimer = "Tested at 20 \u00b0C room temperature.";
    content.product_name = draw.product->name;
    content.brand_name = "Tarnwell";
    scene.product = &draw.product->picture;
    scene.photo = random.next_below(2) == 0 ? &draw.product->photo : nullptr;
    scene.logo = &logo;
    draw.ad.what = layout.name + " " + std::to_string(width) + "x" + std::to_string(height) +
                   (scene.photo ? " photo " : " ") + draw.product->name;
    try {
      render(draw);
    } catch (const core::InvalidInput&) {
      return std::nullopt;
    }
    draw.ad.product = draw.ad.rendering.product ? &draw.product->picture.image : nullptr;
    draw.ad.logo = draw.ad.rendering.logo ? &logo.image : nullptr;
    return draw;
  }

  // False where the ad has nothing to plant the defect on.
  bool plant(const std::string& defect, Draw& draw, core::RandomStream& random) const;
  bool plant_in_text(const std::string& defect, Draw& draw) const;
  bool plant_in_product(const std::string& defect, Draw& draw, core::RandomStream& random) const;
};

// In the pixels of the headline; the record says what should be there.
bool Plantation::State::plant_in_text(const std::string& defect, Draw& draw) const {
  PlantedAd& ad = draw.ad;
  const creative::PlacedText* placed = headline_of(ad);
  if (placed == nullptr) return false;
  const creative::PlacedText text = *placed;
  const Rgb ink = creative::parse_hex(text.ink).value();
  const Rgb ground = ground_beside(ad.image, text.box);
  if (defect == "cut off") {
    Box part = text.box;
    part.x += part.width * 0.55;
    each_pixel(ad.image, part, [&](int x, int y) { paint(pixel_of(ad.image, x, y), ground); });
    return true;
  }
  if (defect == "low contrast") {
    each_pixel(ad.image, text.box, [&](int x, int y) {
      std::uint8_t* pixel = pixel_of(ad.image, x, y);
      if (distance(pixel, ink) > 250) return;
      const std::array<int, 3> base{ground.red, ground.green, ground.blue};
      for (std::size_t i = 0; i < 3; ++i) {
        pixel[i] = static_cast<std::uint8_t>(base[i] + 0.2 * (pixel[i] - base[i]));
      }
    });
    return true;
  }
  const creative::Rendering record = ad.rendering;
  const Image before = ad.image;
  const std::string headline = draw.scene.content.headline;
  draw.scene.content.headline =
      defect == "garbled" ? with_swapped_letters(headline) : "Now with a second line of words";
  render(draw);
  draw.scene.content.headline = headline;
  if (defect == "overlapping text") {
    // Both headlines in one place, the other one in its own ink.
    const Image other = ad.image;
    const Rgb other_ink = creative::parse_hex(headline_of(ad)->ink).value();
    ad.image = before;
    std::int64_t marked = 0;
    each_pixel(ad.image, text.box, [&](int x, int y) {
      const std::uint8_t* mark = other.pixel(x, y);
      if (distance(mark, other_ink) >= 60) return;
      std::uint8_t* pixel = pixel_of(ad.image, x, y);
      marked += distance(pixel, other_ink) >= 60;
      paint(pixel, ink);
    });
    if (static_cast<double>(marked) < 0.03 * text.box.width * text.box.height) return false;
  }
  ad.rendering = record;
  set_brief(draw);
  return true;
}

bool Plantation::State::plant_in_product(const std::string& defect, Draw& draw,
                                         core::RandomStream& random) const {
  if (!draw.ad.rendering.product) return false;
  Picture changed = draw.product->picture;
  if (defect == "squashed product") {
    const bool is_flat = random.next_below(2) == 0;
    const double by = 1.25 + 0.25 * random.next_uniform();
    const Image& whole = changed.image;
    changed.image = resized(whole, static_cast<int>(whole.width * (is_flat ? 1 : 1 / by)),
                            static_cast<int>(whole.height * (is_flat ? 1 / by : 1)));
  } else {
    // Where nobody can read the label, there is none to be wrong.
    constexpr double kLeastHeight = 400;
    if (draw.ad.rendering.product->height < kLeastHeight) return false;
    changed = draw.product->relabelled;
  }
  draw.scene.product = &changed;
  render(draw);
  return true;
}

bool Plantation::State::plant(const std::string& defect, Draw& draw,
                              core::RandomStream& random) const {
  PlantedAd& ad = draw.ad;
  ad.defect = defect;
  if (defect == "squashed product" || defect == "wrong label") {
    return plant_in_product(defect, draw, random);
  }
  if (defect == "missing logo") {
    if (!ad.rendering.logo) return false;
    const Box box = *ad.rendering.logo;
    const Rgb ground = ground_beside(ad.image, box);
    each_pixel(ad.image, box, [&](int x, int y) { paint(pixel_of(ad.image, x, y), ground); });
    return true;
  }
  if (defect == "wrong palette") {
    const auto asked = ad.rendering.palette;
    draw.scene.palette = creative::make_palette(other_palette());
    render(draw);
    ad.rendering.palette = asked;
    return true;
  }
  if (defect == "forbidden claim") {
    draw.scene.content.headline =
        random.next_below(2) == 0 ? "The unbreakable way to drink" : "Now 40% off for everyone";
    render(draw);
    return true;
  }
  return plant_in_text(defect, draw);
}

std::vector<std::string> planted_defects() {
  return {"garbled",       "cut off",     "low contrast",    "squashed product", "missing logo",
          "wrong palette", "wrong label", "forbidden claim", "overlapping text"};
}

Plantation::Plantation(const std::string& assets) : state_(std::make_unique<State>()) {
  const auto product = [&](const char* front, const char* scene, const char* name, Box label,
                           std::vector<std::string> benefits) {
    Product made{
        load(assets + "/" + front), {}, load(assets + "/" + scene), name, std::move(benefits)};
    made.relabelled = {made.picture.path, with_other_label(made.picture.image, label)};
    for (Picture* picture : {&made.picture, &made.relabelled}) {
      picture->image = imaging::cut_out(picture->image);
    }
    state_->products.push_back(std::move(made));
  };
  product("ridge-front.png", "ridge-lake.png", "Tarnwell Ridge", {0.115, 0.61, 0.775, 0.04},
          {"Cold for 24 hours", "Hot for 12 hours", "Fits a bike cage", "Easy to clean"});
  product("ember-front.png", "ember-desk.png", "Tarnwell Ember", {0.2, 0.395, 0.59, 0.06},
          {"Hot for 6 hours", "Leak-proof lid", "Fits a cup holder", "Easy to clean"});
  state_->logo = load(assets + "/logo.png");
  state_->renderer = imaging::make_renderer();
  for (const auto& name : creative::layout_names()) {
    state_->layouts.push_back(*creative::find_layout(name));
  }
}

Plantation::~Plantation() = default;

void Plantation::draw_clean(std::uint64_t seed, std::size_t clean,
                            const std::function<void(const PlantedAd&)>& visit) const {
  core::RandomStream random(seed, "clean");
  for (std::size_t drawn = 0; drawn < clean;) {
    const auto draw = state_->draw(random);
    if (!draw) continue;
    visit(draw->ad);
    ++drawn;
  }
}

void Plantation::draw_defective(std::uint64_t seed, std::size_t each,
                                const std::function<void(const PlantedAd&)>& visit) const {
  for (const std::string& defect : planted_defects()) {
    core::RandomStream random(seed, defect);
    for (std::size_t drawn = 0; drawn < each;) {
      auto draw = state_->draw(random);
      if (!draw) continue;
      try {
        if (!state_->plant(defect, *draw, random)) continue;
      } catch (const core::InvalidInput&) {
        continue;  // the changed text does not fit
      }
      visit(draw->ad);
      ++drawn;
    }
  }
}

bool Alarms::has(std::string_view name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Alarms alarms_of(const PlantedAd& ad, imaging::TextReader& reader) {
  const auto figures =
      imaging::measure_picture(ad.image, ad.rendering, ad.product, ad.logo, reader);
  std::vector<creative::ReviewStage> stages{
      {.stage = 1, .reviewer = "local", .defects = creative::scan_locally(figures)},
      {.stage = 2, .reviewer = "local", .checks = creative::review_locally(ad.brief, figures)}};
  if (creative::scan_decides(stages.front())) stages.pop_back();
  const creative::Review review = creative::decide(std::move(stages), {});
  return {review.failed_checks, review.verdict};
}

std::vector<std::string> alarms_for(const std::string& defect) {
  if (defect == "squashed product") return {"PRODUCT_DISTORTION", "V1"};
  if (defect == "missing logo") return {"V6"};
  if (defect == "wrong palette") return {"V4"};
  if (defect == "wrong label") return {"PACKAGING_TEXT_ERROR", "V9"};
  if (defect == "forbidden claim") return {"C5"};
  return {"TEXT_GARBLED", "V2"};
}

bool is_found(const std::string& defect, const Alarms& alarms) {
  const auto names = alarms_for(defect);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return alarms.has(name); });
}

}  // namespace adgenome::test
