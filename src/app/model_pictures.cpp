#include "model_pictures.hpp"

#include <adgenome/core/files.hpp>
#include <adgenome/imaging/fill_canvas.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

// The least of what the providers take is 5 MB in base 64.
constexpr std::size_t kMostBytes = 3'500'000;

}  // namespace

providers::ModelPicture picture_for_model(const std::string& file, std::string caption,
                                          int longest_side) {
  std::string bytes = core::read_all(file);
  const imaging::Image picture = imaging::decode(bytes, file);
  double scale =
      std::min(1.0, static_cast<double>(longest_side) / std::max(picture.width, picture.height));
  // Scaled down until it is small enough; what is so already goes as it is.
  for (; scale < 1 || bytes.size() > kMostBytes; scale *= 0.7) {
    const auto side = [&](int length) { return std::max(1, static_cast<int>(length * scale)); };
    bytes = imaging::encode_png(
        imaging::fill_canvas(picture, side(picture.width), side(picture.height)));
    if (bytes.size() <= kMostBytes) break;
  }
  std::string type = providers::media_type_of(bytes);
  return {.caption = std::move(caption), .media_type = std::move(type), .bytes = std::move(bytes)};
}

}  // namespace adgenome::app
