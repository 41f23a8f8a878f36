#pragma once

#include <adgenome/creative/content.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/palette.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/imaging/image.hpp>
#include <memory>
#include <string>

namespace adgenome::imaging {

/// A picture and the path that it came from.
struct Picture {
  std::string path;
  Image image;
};

/// Everything that one ad is drawn from. The pictures stay the caller's.
struct Scene {
  int width = 0;
  int height = 0;
  const creative::Layout* layout = nullptr;
  creative::Palette palette;
  creative::Content content;
  const Picture* product = nullptr;  ///< best cut out (see cut_out); null: none
  const Picture* photo = nullptr;    ///< a scene that fills areas; null: none
  const Picture* logo = nullptr;     ///< null: the brand's name is set instead
};

struct Drawing {
  Image image;
  creative::Rendering rendering;
};

/// Draws ads. May be used from several threads at once.
class Renderer {
 public:
  Renderer() = default;
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  virtual ~Renderer() = default;

  /// Throws InvalidInput naming the text that cannot be set at its smallest size.
  virtual Drawing render(const Scene& scene) const = 0;
};

/// The renderer on Cairo and Pango, which is loaded when this is first called.
std::unique_ptr<Renderer> make_renderer();

/// The picture with a plain backdrop made transparent and empty borders cut off. A picture that is
/// transparent already is only cut; one without a plain backdrop (a scene) comes back as it is.
Image cut_out(const Image& image);

/// Whether any corner of the picture can be seen through.
bool is_cut_out(const Image& image);

}  // namespace adgenome::imaging
