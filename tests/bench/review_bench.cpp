// Renders ads from the demo brand's pictures in every layout and size, plants defects, and prints
// what the local review makes of them: usage: bench_review DEMO_ASSETS [--all]
#include <adgenome/core/files.hpp>
#include <adgenome/creative/local_review.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <adgenome/imaging/review_measure.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>

using namespace adgenome;

namespace {

struct Ad {
  imaging::Image image;
  creative::Rendering rendering;
  creative::ReviewBrief brief;
};

struct Material {
  imaging::Picture product;
  imaging::Picture squashed;
  imaging::Picture photo;
  imaging::Picture logo;
  std::unique_ptr<imaging::Renderer> renderer;
};

creative::Content content_of(bool is_other) {
  creative::Content content;
  content.headline =
      is_other ? "Hot at nine. Still hot at noon." : "Ice at the trailhead, ice at the summit";
  content.subheadline = "Double-wall steel that keeps 750 ml cold for a day";
  content.call_to_action = is_other ? "Find yours" : "Shop now";
  content.benefits = {"Cold for 24 hours", "Hot for 12 hours", "Fits a bike cage", "Easy to clean"};
  content.pains = {"Warm water by noon", "Plastic that tastes of plastic"};
  content.badge = "15% off";
  content.rating = creative::Rating{4.8, "Rated 4.8 of 5 by 2,314 owners"};
  content.disclaimer = "Tested at 20 \u00b0C room temperature.";
  content.product_name = "Tarnwell Ridge";
  content.brand_name = "Tarnwell";
  return content;
}

creative::Palette palette_of(std::vector<creative::Rgb> colors) {
  return creative::make_palette(colors);
}

struct Case {
  std::string layout;
  int width;
  int height;
  bool is_other;
};

imaging::Scene scene_of(const Material& material, const Case& each,
                        const creative::Layout& layout) {
  imaging::Scene scene;
  scene.width = each.width;
  scene.height = each.height;
  scene.layout = &layout;
  scene.palette = each.is_other ? palette_of({{34, 52, 60}, {240, 230, 214}, {226, 104, 60}})
                                : palette_of({{23, 65, 60}, {243, 235, 221}, {226, 104, 60}});
  scene.content = content_of(each.is_other);
  scene.product = &material.product;
  scene.photo = each.is_other ? &material.photo : nullptr;
  scene.logo = &material.logo;
  return scene;
}

Ad render(const Material& material, const imaging::Scene& scene) {
  imaging::Drawing drawing = material.renderer->render(scene);
  Ad ad{std::move(drawing.image), std::move(drawing.rendering), {}};
  for (const auto& text : ad.rendering.texts) ad.brief.texts.push_back(text.text);
  ad.brief.headline = scene.content.headline;
  ad.brief.call_to_action = scene.content.call_to_action;
  ad.brief.given = {"15% off your first order"};
  ad.brief.prohibited_claims = {"hot all day"};
  ad.brief.required_disclaimers = {};
  return ad;
}

creative::PlacedText* find_text(Ad& ad, const std::string& role) {
  for (auto& text : ad.rendering.texts) {
    if (text.role == role || (role == "headline" && text.role == "quote")) return &text;
  }
  return nullptr;
}

void each_pixel(Ad& ad, const creative::Box& box,
                const std::function<void(std::uint8_t*)>& change) {
  for (int y = std::max(0, static_cast<int>(box.y));
       y < std::min<double>(ad.image.height, box.y + box.height); ++y) {
    for (int x = std::max(0, static_cast<int>(box.x));
         x < std::min<double>(ad.image.width, box.x + box.width); ++x) {
      change(
          &ad.image
               .rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(ad.image.width) +
                          static_cast<std::size_t>(x))]);
    }
  }
}

std::string shuffled(std::string text) {
  for (std::size_t i = 1; i + 2 < text.size(); i += 3) {
    if (text[i] != ' ' && text[i + 1] != ' ') std::swap(text[i], text[i + 1]);
  }
  return text;
}

using Plant = std::function<bool(const Material&, imaging::Scene&, Ad&)>;

// Each gives false where the layout has nothing to plant it on.
const std::vector<std::pair<std::string, Plant>> kPlants{
    {"garbled",
     [](const Material& material, imaging::Scene& scene, Ad& ad) {
       const creative::Rendering before = ad.rendering;
       scene.content.headline = shuffled(scene.content.headline);
       ad = render(material, scene);
       if (auto* text = find_text(ad, "headline")) {
         for (const auto& each : before.texts) {
           if (each.role == text->role) text->text = each.text;
         }
       }
       return true;
     }},
    {"cut_off",
     [](const Material&, imaging::Scene&, Ad& ad) {
       auto* text = find_text(ad, "headline");
       const std::uint8_t* ground = ad.image.pixel(std::max(0, static_cast<int>(text->box.x) - 8),
                                                   static_cast<int>(text->box.y));
       const std::array<std::uint8_t, 3> color{ground[0], ground[1], ground[2]};
       creative::Box part = text->box;
       part.x += part.width * 0.55;
       each_pixel(ad, part, [&](std::uint8_t* p) { std::copy(color.begin(), color.end(), p); });
       return true;
     }},
    {"low_contrast",
     [](const Material&, imaging::Scene&, Ad& ad) {
       auto* text = find_text(ad, "headline");
       const auto ink = creative::parse_hex(text->ink).value();
       const std::uint8_t* ground = ad.image.pixel(std::max(0, static_cast<int>(text->box.x) - 8),
                                                   static_cast<int>(text->box.y));
       const std::array<int, 3> color{ground[0], ground[1], ground[2]};
       const std::array<int, 3> inks{ink.red, ink.green, ink.blue};
       each_pixel(ad, text->box, [&](std::uint8_t* p) {
         const double away =
             std::abs(p[0] - inks[0]) + std::abs(p[1] - inks[1]) + std::abs(p[2] - inks[2]);
         if (away > 250) return;
         for (std::size_t i = 0; i < 3; ++i)
           p[i] = static_cast<std::uint8_t>(color[i] + 0.2 * (p[i] - color[i]));
       });
       return true;
     }},
    {"squashed",
     [](const Material& material, imaging::Scene& scene, Ad& ad) {
       if (!ad.rendering.product) return false;
       scene.product = &material.squashed;
       ad = render(material, scene);
       return true;
     }},
    {"missing_logo",
     [](const Material& material, imaging::Scene& scene, Ad& ad) {
       if (!ad.rendering.logo) return false;
       scene.logo = nullptr;
       ad = render(material, scene);
       ad.rendering.is_logo_expected = true;
       return true;
     }},
    {"logo_painted_over",
     [](const Material&, imaging::Scene&, Ad& ad) {
       if (!ad.rendering.logo) return false;
       each_pixel(ad, *ad.rendering.logo, [&](std::uint8_t* p) { p[0] = p[1] = p[2] = 120; });
       return true;
     }},
    {"wrong_palette",
     [](const Material& material, imaging::Scene& scene, Ad& ad) {
       const auto asked = ad.rendering.palette;
       scene.palette = palette_of({{120, 30, 130}, {200, 220, 60}, {40, 90, 220}});
       ad = render(material, scene);
       ad.rendering.palette = asked;
       return true;
     }},
    {"forbidden_claim",
     [](const Material& material, imaging::Scene& scene, Ad& ad) {
       scene.content.headline = "Coffee that is hot all day";
       ad = render(material, scene);
       return true;
     }},
    {"invented_offer",
     [](const Material& material, imaging::Scene& scene, Ad& ad) {
       scene.content.headline = "Now 40% off for all";
       ad = render(material, scene);
       return true;
     }},
    {"overlap",
     [](const Material&, imaging::Scene&, Ad& ad) {
       auto* text = find_text(ad, "headline");
       auto* cta = find_text(ad, "cta");
       if (!cta) return false;
       const creative::Box from = cta->box;
       const double dx = text->box.x - from.x;
       const double dy = text->box.y + text->box.height / 2 - from.y - from.height / 2;
       const imaging::Image before = ad.image;
       creative::Box to{from.x + dx, from.y + dy, from.width, from.height};
       for (int y = 0; y < from.height; ++y)
         for (int x = 0; x < from.width; ++x) {
           const int sx = static_cast<int>(from.x) + x, sy = static_cast<int>(from.y) + y;
           const int tx = static_cast<int>(to.x) + x, ty = static_cast<int>(to.y) + y;
           if (tx >= ad.image.width || ty >= ad.image.height || ty < 0) continue;
           std::copy_n(before.pixel(sx, sy), 4,
                       &ad.image.rgba[4 * (static_cast<std::size_t>(ty) *
                                               static_cast<std::size_t>(ad.image.width) +
                                           static_cast<std::size_t>(tx))]);
         }
       cta->box = to;
       return true;
     }},
    {"blurred",
     [](const Material&, imaging::Scene&, Ad& ad) {
       imaging::Image small = ad.image;
       const int n = 5;
       for (int y = 0; y < ad.image.height; ++y)
         for (int x = 0; x < ad.image.width; ++x)
           for (std::size_t c = 0; c < 3; ++c) {
             int sum = 0, count = 0;
             for (int j = -n; j <= n; j += 2)
               for (int i = -n; i <= n; i += 2) {
                 const int px = std::clamp(x + i, 0, ad.image.width - 1),
                           py = std::clamp(y + j, 0, ad.image.height - 1);
                 sum += ad.image.pixel(px, py)[c];
                 ++count;
               }
             small
                 .rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(ad.image.width) +
                            static_cast<std::size_t>(x)) +
                       c] = static_cast<std::uint8_t>(sum / count);
           }
       ad.image = small;
       return true;
     }},
};

struct Outcome {
  creative::Review review;
  std::map<std::string, std::optional<double>> scores;
};

Outcome review(const Ad& ad, const Material& material, imaging::TextReader& reader) {
  const auto figures = imaging::measure_picture(
      ad.image, ad.rendering, ad.rendering.product ? &material.product.image : nullptr,
      ad.rendering.logo ? &material.logo.image : nullptr, reader);
  creative::ReviewStage scan = creative::scan_locally(figures);
  creative::ReviewStage full = creative::review_locally(ad.brief, figures);
  Outcome outcome;
  for (const auto& check : full.checks) outcome.scores[check.id] = check.score;
  outcome.review = creative::scan_decides(scan)
                       ? creative::decide(std::move(scan), std::nullopt, {})
                       : creative::decide(std::move(scan), std::move(full), {});
  return outcome;
}

std::string text_of(const creative::FigureValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return std::to_string(*number);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    std::string all;
    for (const auto& each : *list) all += "[" + each + "] ";
    return all;
  }
  return "-";
}

imaging::Picture load(const std::string& file) {
  return {file, imaging::decode(core::read_all(file), file)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string assets = argv[1];
  const bool is_all = argc > 2;
  Material material{load(assets + "/ridge-front.png"),
                    {},
                    load(assets + "/ridge-lake.png"),
                    load(assets + "/logo.png"),
                    imaging::make_renderer()};
  material.product.image = imaging::cut_out(material.product.image);
  // Squashed: every row three quarters as wide as it is high.
  const imaging::Image& whole = material.product.image;
  imaging::Image& flat = material.squashed.image;
  flat = {whole.width, whole.height * 7 / 10, {}};
  for (int y = 0; y < flat.height; ++y) {
    for (int x = 0; x < flat.width; ++x) {
      const std::uint8_t* pixel = whole.pixel(x, y * 10 / 7);
      flat.rgba.insert(flat.rgba.end(), pixel, pixel + 4);
    }
  }
  const auto reader = imaging::open_text_reader();
  std::map<std::string, std::array<int, 4>> table;  // planted, rejected or flagged, moved, -
  int clean = 0, approved = 0, garbled = 0;
  double seconds = 0;
  std::vector<Case> cases;
  for (const auto& layout : creative::layout_names()) {
    for (const auto& [w, h] : {std::pair{1080, 1080}, {1080, 1920}, {1080, 1350}, {1920, 1080}}) {
      for (const bool is_other : {false, true}) cases.push_back({layout, w, h, is_other});
    }
  }
  for (std::size_t i = 0; i < cases.size(); i += is_all ? 1 : 5) {
    const Case& each = cases[i];
    const creative::Layout layout = *creative::find_layout(each.layout);
    const imaging::Scene scene = scene_of(material, each, layout);
    Ad ad;
    try {
      ad = render(material, scene);
    } catch (const std::exception& error) {
      std::printf("%s %dx%d: %s\n", each.layout.c_str(), each.width, each.height, error.what());
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    const Outcome good = review(ad, material, *reader);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    ++clean;
    approved += good.review.verdict == creative::Verdict::kApproved;
    garbled += good.review.stages.front().defects[0].state == creative::DefectState::kFound;
    std::printf("%-18s %dx%d%s %s", each.layout.c_str(), each.width, each.height,
                each.is_other ? " photo" : "",
                std::string(creative::to_string(good.review.verdict)).c_str());
    for (const auto& [id, score] : good.scores)
      if (score && id.front() == 'V') std::printf(" %s=%.1f", id.c_str(), *score);
    std::printf("\n");
    for (const auto& stage : good.review.stages) {
      for (const auto& defect : stage.defects) {
        if (defect.state == creative::DefectState::kFound ||
            (defect.kind == "TEXT_GARBLED" && defect.state != creative::DefectState::kClear) ||
            (defect.kind == "PRODUCT_DISTORTION" &&
             defect.state != creative::DefectState::kClear)) {
          std::printf("   %s %s", defect.kind.c_str(),
                      std::string(creative::to_string(defect.state)).c_str());
          for (const auto& [name, value] : defect.evidence)
            std::printf(" %s=%s", name.c_str(), text_of(value).c_str());
          std::printf("\n");
        }
      }
      for (const auto& check : stage.checks) {
        if (check.score && *check.score < 9 && check.id.front() == 'V') {
          std::printf("   %s %.1f", check.id.c_str(), *check.score);
          for (const auto& [name, value] : check.evidence)
            std::printf(" %s=%s", name.c_str(), text_of(value).c_str());
          std::printf("\n");
        }
      }
    }
    for (const auto& [name, plant] : kPlants) {
      Ad bad = ad;
      imaging::Scene changed = scene;
      try {
        if (!plant(material, changed, bad)) continue;
      } catch (const std::exception& error) {
        continue;
      }
      const Outcome outcome = review(bad, material, *reader);
      auto& row = table[name];
      ++row[0];
      row[1] += outcome.review.verdict != creative::Verdict::kApproved;
      bool is_moved = creative::scan_decides(outcome.review.stages.front());
      for (const auto& [id, score] : outcome.scores)
        is_moved |= score && *score < 5 && !(good.scores.at(id) && *good.scores.at(id) < 5);
      row[2] += is_moved;
      if (!is_moved) {
        std::printf("   missed %s:", name.c_str());
        for (const auto& [id, score] : outcome.scores)
          if (score && id.front() == 'V') std::printf(" %s=%.1f", id.c_str(), *score);
        std::printf("\n");
      }
    }
    std::fflush(stdout);
  }
  std::printf("clean %d, approved %d, false TEXT_GARBLED %d, %.0f ms an ad\n", clean, approved,
              garbled, 1000 * seconds / clean);
  for (const auto& [name, row] : table)
    std::printf("%-18s planted %d, not approved %d, check or defect moved %d\n", name.c_str(),
                row[0], row[1], row[2]);
}
