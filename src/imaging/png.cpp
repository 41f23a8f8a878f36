#include <spng.h>
#include <zlib.h>

#include <adgenome/core/error.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "codec.hpp"

namespace adgenome::imaging {
namespace {

struct FreeContext {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using PngContext = std::unique_ptr<spng_ctx, FreeContext>;

void expect_encoded(int error) {
  if (error != 0) {
    throw core::Error(core::ExitCode::kInternal,
                      std::string("cannot encode a PNG: ") + spng_strerror(error));
  }
}

}  // namespace

Image decode_png(std::string_view bytes, const std::string& name) {
  const PngContext context(spng_ctx_new(0));
  if (!context) throw std::bad_alloc();
  const auto expect = [&](int error) {
    if (error != 0) {
      throw core::InvalidInput(name + " is a damaged PNG: " + spng_strerror(error));
    }
  };
  // Side chunks (profiles, texts) are passed over, however large they claim to be.
  spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_USE);
  expect(spng_set_png_buffer(context.get(), bytes.data(), bytes.size()));
  spng_ihdr header{};
  expect(spng_get_ihdr(context.get(), &header));
  check_size(header.width, header.height, name);
  std::size_t size = 0;
  expect(spng_decoded_image_size(context.get(), SPNG_FMT_RGBA8, &size));
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  image.rgba.resize(size);
  expect(
      spng_decode_image(context.get(), image.rgba.data(), size, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS));
  return image;
}

std::string encode_png(const Image& image, std::span<const PngText> texts) {
  const std::size_t pixels =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  std::vector<std::uint8_t> rgb(3 * pixels);
  for (std::size_t i = 0; i < pixels; ++i) std::memcpy(&rgb[3 * i], &image.rgba[4 * i], 3);

  const PngContext context(spng_ctx_new(SPNG_CTX_ENCODER));
  if (!context) throw std::bad_alloc();
  expect_encoded(spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1));
  expect_encoded(spng_set_option(context.get(), SPNG_IMG_COMPRESSION_LEVEL, 1));
  expect_encoded(spng_set_option(context.get(), SPNG_IMG_COMPRESSION_STRATEGY, Z_FILTERED));
  expect_encoded(spng_set_option(context.get(), SPNG_FILTER_CHOICE, SPNG_FILTER_CHOICE_SUB));
  spng_ihdr header{};
  header.width = static_cast<std::uint32_t>(image.width);
  header.height = static_cast<std::uint32_t>(image.height);
  header.bit_depth = 8;
  header.color_type = SPNG_COLOR_TYPE_TRUECOLOR;
  expect_encoded(spng_set_ihdr(context.get(), &header));
  std::vector<spng_text> chunks;
  std::vector<std::string> kept;  // spng wants writable text until it has encoded
  kept.reserve(texts.size());
  for (const PngText& text : texts) {
    kept.push_back(text.text);
    spng_text chunk{};
    std::strncpy(chunk.keyword, text.keyword.c_str(), sizeof chunk.keyword - 1);
    chunk.type = SPNG_TEXT;
    chunk.text = kept.back().data();
    chunk.length = kept.back().size();
    chunks.push_back(chunk);
  }
  if (!chunks.empty()) {
    expect_encoded(
        spng_set_text(context.get(), chunks.data(), static_cast<std::uint32_t>(chunks.size())));
  }
  expect_encoded(
      spng_encode_image(context.get(), rgb.data(), rgb.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE));
  std::size_t size = 0;
  int error = 0;
  const std::unique_ptr<void, decltype(&std::free)> buffer(
      spng_get_png_buffer(context.get(), &size, &error), &std::free);
  expect_encoded(error);
  return {static_cast<const char*>(buffer.get()), size};
}

}  // namespace adgenome::imaging
