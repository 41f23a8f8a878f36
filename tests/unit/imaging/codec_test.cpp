#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/imaging/image.hpp>
#include <cstdlib>

namespace adgenome::imaging {
namespace {

Image ramp(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int v : {x * 3, y * 5, x + y, 255})
        image.rgba.push_back(static_cast<std::uint8_t>(v));
    }
  }
  return image;
}

TEST_CASE("PNG gives back every pixel, and the same bytes each time") {
  const Image image = ramp(61, 43);
  const PngText texts[] = {{"adgenome:ad", "0190-ad"}, {"adgenome:run", "0190-run"}};
  const std::string bytes = encode_png(image, texts);
  const Image read = decode(bytes, "ramp.png");
  CHECK(read.width == 61);
  CHECK(read.height == 43);
  CHECK(read.rgba == image.rgba);
  CHECK(bytes == encode_png(image, texts));
  CHECK(bytes.find(std::string("tEXtadgenome:ad\0"
                               "0190-ad",
                               23)) != std::string::npos);
  CHECK(bytes.find("0190-run") < bytes.find("IDAT"));
}

TEST_CASE("JPEG gives back the picture nearly, its notes, and the same bytes each time") {
  const Image image = ramp(61, 43);
  const PngText notes[] = {{"adgenome:ad", "0190-ad"}, {"adgenome:run", "0190-run"}};
  const std::string bytes = encode_jpeg(image, notes);
  CHECK(bytes == encode_jpeg(image, notes));
  CHECK(bytes.find("adgenome:ad=0190-ad\nadgenome:run=0190-run\n") != std::string::npos);
  const Image read = decode(bytes, "ramp.jpg");
  REQUIRE(read.rgba.size() == image.rgba.size());
  double difference = 0;
  for (std::size_t i = 0; i < image.rgba.size(); ++i)
    difference += std::abs(static_cast<int>(read.rgba[i]) - static_cast<int>(image.rgba[i]));
  CHECK(difference / static_cast<double>(image.rgba.size()) < 3);
}

TEST_CASE("a JPEG is read; damaged and foreign files are one clear error") {
  const std::string folder = std::string(TEST_SOURCE_DIR) + "/support/pictures/";
  const std::string jpeg = core::read_all(folder + "photo.jpg");
  const Image photo = decode(jpeg, "photo.jpg");
  CHECK(photo.width == 96);
  CHECK(photo.height == 64);
  CHECK(photo.pixel(48, 32)[3] == 255);

  const auto message = [](std::string_view bytes) -> std::string {
    try {
      decode(bytes, "it");
    } catch (const core::InvalidInput& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK(message("GIF89a") == "it is not a PNG or JPEG picture");
  CHECK(message("") == "it is not a PNG or JPEG picture");
  CHECK(message(std::string_view(jpeg).substr(0, jpeg.size() / 2))
            .starts_with("it is a damaged JPEG: "));
  const std::string png = encode_png(ramp(40, 40));
  CHECK(message(std::string_view(png).substr(0, png.size() / 2))
            .starts_with("it is a damaged PNG: "));
  CHECK(message(std::string_view(png).substr(0, 20)).starts_with("it is a damaged PNG: "));
  std::string flipped = png;
  flipped[png.find("IDAT") + 8] ^= 0x55;
  CHECK(message(flipped).starts_with("it is a damaged PNG: "));
}

TEST_CASE("a header that claims more than 100 million pixels is refused before anything is held") {
  std::string png = core::read_all(std::string(TEST_SOURCE_DIR) + "/support/pictures/huge.png");
  try {
    decode(png, "huge.png");
    FAIL("accepted");
  } catch (const core::InvalidInput& error) {
    CHECK(std::string(error.what()) == "huge.png is too large: 20000x20000 pixels");
  }
}

TEST_CASE("pictures of every depth are read alike; one for print is refused by name") {
  const std::string folder = std::string(TEST_SOURCE_DIR) + "/support/pictures/";
  for (const char* name : {"gray.jpg", "progressive.jpg", "palette.png", "alpha.png", "deep.png"}) {
    CAPTURE(name);
    const Image image = decode(core::read_all(folder + name), name);
    CHECK(image.width == 24);
    CHECK(image.height == 16);
    CHECK(image.rgba.size() == 24u * 16 * 4);
  }
  const Image deep = decode(core::read_all(folder + "deep.png"), "deep.png");
  CHECK(deep.pixel(10, 4)[0] == 100);
  CHECK(deep.pixel(10, 4)[3] == 255);
  CHECK(decode(core::read_all(folder + "alpha.png"), "alpha.png").pixel(3, 0)[3] < 20);
  try {
    decode(core::read_all(folder + "cmyk.jpg"), "cmyk.jpg");
    FAIL("accepted");
  } catch (const core::InvalidInput& error) {
    CHECK(std::string(error.what()) == "cmyk.jpg is a JPEG for print (CMYK)");
  }
}

TEST_CASE("samples leave out what cannot be seen") {
  Image image = ramp(20, 20);
  CHECK(sample_pixels(image, 100).size() == 100);
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 0;
  CHECK(sample_pixels(image, 100).empty());
}

}  // namespace
}  // namespace adgenome::imaging
