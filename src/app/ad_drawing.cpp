#include "ad_drawing.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/visual/color_layout.hpp>
#include <atomic>
#include <thread>

namespace adgenome::app {
namespace {

constexpr int kThreads = 2;
constexpr std::size_t kPaletteColors = 5;
constexpr std::size_t kPaletteSamples = 4096;

std::string described(const core::Error& error) {
  std::string text = error.what();
  if (!error.where().empty()) text += " (" + error.where() + ")";
  return text;
}

std::vector<creative::Rgb> parse_colors(const std::vector<std::string>& texts,
                                        const std::string& owner) {
  std::vector<creative::Rgb> colors;
  for (const std::string& text : texts) {
    const auto color = creative::parse_hex(text);
    if (!color)
      throw core::InvalidInput("the palette of " + owner + " holds \"" + text +
                               "\", which is no color (#rrggbb)");
    colors.push_back(*color);
  }
  return colors;
}

/// The colors that a template itself is in: its palette, else those of its picture, else the
/// brand's.
std::vector<creative::Rgb> original_colors(const store::Brand& brand, const store::Template& from,
                                           PictureShelf& shelf) {
  if (!from.palette.empty()) return parse_colors(from.palette, "template " + from.id);
  if (from.image) {
    const imaging::Image& image = shelf.get(from.image, false)->image;
    return creative::dominant_colors(imaging::sample_pixels(image, kPaletteSamples),
                                     kPaletteColors);
  }
  return parse_colors(brand.palette, "brand " + brand.id);
}

}  // namespace

std::filesystem::path file_beside_store(const store::Session& session, const std::string& path) {
  const std::filesystem::path given(path);
  if (given.is_absolute() || session.file().empty()) return given;
  return (std::filesystem::path(session.file()).parent_path() / given).lexically_normal();
}

const imaging::Picture* PictureShelf::get(const std::optional<std::string>& path, bool is_cut_out) {
  if (!path) return nullptr;
  const auto key = std::pair(*path, is_cut_out);
  auto found = pictures_.find(key);
  if (found == pictures_.end()) {
    const std::string file = file_beside_store(session_, *path).string();
    imaging::Image image = imaging::decode(core::read_all(file), *path);
    if (is_cut_out) image = imaging::cut_out(image);
    found = pictures_.emplace(key, imaging::Picture{*path, std::move(image)}).first;
  }
  return &found->second;
}

creative::Palette palette_for(const store::Brand& brand, const store::Template& from,
                              const std::string& color_mode, PictureShelf& shelf) {
  std::vector<creative::Rgb> colors;
  if (color_mode == "brand") {
    colors = parse_colors(brand.palette, "brand " + brand.id);
  } else {
    colors = original_colors(brand, from, shelf);
    if (color_mode == "complementary") colors = creative::complementary_colors(colors);
  }
  if (colors.empty()) {
    throw core::InvalidInput("neither template " + from.id + " nor brand " + brand.id +
                             " has a palette for the colors " + color_mode);
  }
  return creative::make_palette(colors);
}

MadeAd write_picture(const store::Brand& brand, const RunPlan& run, const Attempt& attempt,
                     const imaging::Image& picture, const std::filesystem::path& folder) {
  const imaging::PngText texts[] = {
      {"adgenome:run", run.id},
      {"adgenome:ad", attempt.id},
      {"adgenome:prompt", run.id + "/" + std::to_string(attempt.prompt_index)}};
  const std::string bytes =
      run.is_jpeg ? imaging::encode_jpeg(picture, texts) : imaging::encode_png(picture, texts);
  MadeAd made;
  made.file_name = creative::image_file_name(brand.name, attempt.short_id, run.from.name,
                                             attempt.color_mode, attempt.size);
  if (run.is_jpeg)
    made.file_name = std::filesystem::path(made.file_name).replace_extension(".jpg").string();
  core::write_file(folder / made.file_name, bytes);
  made.sha256 = core::sha256_hex(bytes);
  made.color_layout = visual::color_layout(picture.width, picture.height, picture.rgba);
  return made;
}

std::vector<MadeAd> make_attempts(const RunPlan& run, int threads, std::mutex& telling,
                                  const AttemptDone& one_done,
                                  const std::function<MadeAd(const Attempt&)>& make_one) {
  std::vector<MadeAd> made(run.attempts.size());
  const auto make = [&](const Attempt& attempt) -> MadeAd {
    if (run.error) return {.error = run.error};
    try {
      return make_one(attempt);
    } catch (const core::InvalidInput& error) {
      return {.error = described(error)};
    } catch (const core::ProviderError& error) {
      return {.error = described(error)};
    }
  };
  // Each thread takes the next attempt; what it makes of it does not depend on which thread it is.
  std::atomic<std::size_t> next = 0;
  std::exception_ptr defect;
  const auto work = [&] {
    for (std::size_t i = next++; i < made.size(); i = next++) {
      try {
        made[i] = make(run.attempts[i]);
        const std::lock_guard lock(telling);
        if (!defect) one_done(run.attempts[i], made[i]);
      } catch (...) {
        const std::lock_guard lock(telling);
        if (!defect) defect = std::current_exception();
        next = made.size();
        return;
      }
    }
  };
  {
    std::vector<std::jthread> running;
    const std::size_t count = std::min(static_cast<std::size_t>(std::max(threads, 1)), made.size());
    for (std::size_t i = 0; i < count; ++i) running.emplace_back(work);
  }
  if (defect) std::rethrow_exception(defect);
  return made;
}

std::vector<MadeAd> draw_run(const store::Brand& brand, const RunPlan& run,
                             const imaging::Renderer& renderer, PictureShelf& shelf,
                             const std::filesystem::path& folder, const AttemptDone& one_done) {
  std::mutex telling;
  std::mutex reading;  // the shelf is shared
  return make_attempts(run, kThreads, telling, one_done, [&](const Attempt& attempt) {
    imaging::Scene scene;
    scene.width = static_cast<int>(attempt.size.width);
    scene.height = static_cast<int>(attempt.size.height);
    scene.layout = &*run.layout;
    scene.content = attempt.content;
    {
      const std::lock_guard lock(reading);
      scene.palette = palette_for(brand, run.from, attempt.color_mode, shelf);
      scene.product = shelf.get(run.product_image, true);
      scene.photo = shelf.get(run.photo, false);
      scene.logo = shelf.get(run.logo, false);
    }
    const imaging::Drawing drawing = renderer.render(scene);
    MadeAd made = write_picture(brand, run, attempt, drawing.image, folder);
    made.rendering = creative::to_json(drawing.rendering);
    return made;
  });
}

}  // namespace adgenome::app
