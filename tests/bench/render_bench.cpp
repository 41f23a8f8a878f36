// Draws ads of 1080x1080 in every layout from the demo brand's pictures and encodes them as PNG, on
// one thread; prints processor time and peak memory: usage: bench_render DEMO_ASSETS COUNT [FOLDER]
#include <sys/resource.h>

#include <adgenome/core/files.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace adgenome;

namespace {

imaging::Picture load(const std::string& folder, const char* name, bool is_product) {
  imaging::Image image = imaging::decode(core::read_all(folder + "/" + name), name);
  return {name, is_product ? imaging::cut_out(image) : std::move(image)};
}

double cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

}  // namespace

int main(int count_arguments, char** arguments) {
  if (count_arguments < 3) return 2;
  const std::string assets = arguments[1];
  const int count = std::atoi(arguments[2]);
  const imaging::Picture product = load(assets, "ridge-front.png", true);
  const imaging::Picture photo = load(assets, "ridge-lake.png", false);
  const imaging::Picture logo = load(assets, "logo.png", false);
  std::vector<creative::Layout> layouts;
  for (const std::string& name : creative::layout_names())
    layouts.push_back(*creative::find_layout(name));

  imaging::Scene scene;
  scene.width = scene.height = 1080;
  scene.palette = creative::make_palette(
      std::vector<creative::Rgb>{{23, 65, 60}, {243, 235, 221}, {226, 104, 60}});
  scene.content.headline = "Ice at breakfast. Still ice at midnight.";
  scene.content.subheadline = "Water that is as cold at the top as it was at the spring";
  scene.content.call_to_action = "Shop now";
  scene.content.benefits = {"Cold for 24 hours", "No taste but water", "A lid that stays shut"};
  scene.content.pains = {"Warm water by noon", "Plastic that tastes of plastic"};
  scene.content.badge = "15% off your first order";
  scene.content.rating = creative::Rating{4.8, "Rated 4.8 of 5 by 2,314 owners"};
  scene.content.disclaimer = "Tested at 20 °C room temperature.";
  scene.content.product_name = "Tarnwell Ridge";
  scene.content.brand_name = "Tarnwell";
  scene.product = &product;
  scene.photo = &photo;
  scene.logo = &logo;

  const auto renderer = imaging::make_renderer();
  scene.layout = &layouts[0];
  renderer->render(scene);  // fonts are found once a process
  double drawing_ms = 0;
  double encoding_ms = 0;
  std::size_t bytes = 0;
  for (int i = 0; i < count; ++i) {
    scene.layout = &layouts[static_cast<std::size_t>(i) % layouts.size()];
    const double start = cpu_ms();
    const imaging::Drawing drawing = renderer->render(scene);
    const double drawn = cpu_ms();
    const std::string png = imaging::encode_png(drawing.image);
    const double encoded = cpu_ms();
    drawing_ms += drawn - start;
    encoding_ms += encoded - drawn;
    bytes += png.size();
    if (count_arguments > 3)
      core::write_file(std::string(arguments[3]) + "/" + scene.layout->name + ".png", png);
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"cpu_ms\": %.2f, \"drawing_ms\": %.2f, \"encoding_ms\": %.2f, \"png_bytes\": %.0f, "
      "\"peak_megabytes\": %ld}\n",
      (drawing_ms + encoding_ms) / count, drawing_ms / count, encoding_ms / count,
      static_cast<double>(bytes) / count, usage.ru_maxrss / 1024);
  return 0;
}
