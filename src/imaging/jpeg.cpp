#include <adgenome/core/error.hpp>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// After cstdio, which it expects.
#include <jpeglib.h>

#include "codec.hpp"

namespace adgenome::imaging {
namespace {

/// libjpeg ends a failed call through `error_exit`, which must not return; it is C, so it jumps.
struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX];
};

void jump_back(j_common_ptr info) {
  auto* manager = reinterpret_cast<ErrorManager*>(info->err);
  (*info->err->format_message)(info, manager->message);
  std::longjmp(manager->back, 1);
}

/// A warning means data that had to be made up (a file cut off): the picture is damaged.
void refuse_warning(j_common_ptr info, int level) {
  if (level < 0) jump_back(info);
}

/// Everything that is alive across the jumps is here and not a local of the function that jumps.
struct Reader {
  jpeg_decompress_struct info{};
  ErrorManager errors{};
  Image image;
  ~Reader() { jpeg_destroy_decompress(&info); }

  /// False: stopped, `errors.message` says why.
  bool open(std::string_view bytes) {
    info.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = jump_back;
    errors.base.emit_message = refuse_warning;
    if (setjmp(errors.back)) return false;
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&info, TRUE);
    return true;
  }

  bool read() {
    if (setjmp(errors.back)) return false;
    info.out_color_space = JCS_EXT_RGBA;
    jpeg_start_decompress(&info);
    const std::size_t stride = 4 * static_cast<std::size_t>(info.output_width);
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = image.rgba.data() + stride * info.output_scanline;
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    return true;
  }
};

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::string& name) {
  Reader reader;
  const auto fail = [&] {
    throw core::InvalidInput(name + " is a damaged JPEG: " + reader.errors.message);
  };
  if (!reader.open(bytes)) fail();
  check_size(reader.info.image_width, reader.info.image_height, name);
  if (reader.info.jpeg_color_space == JCS_CMYK || reader.info.jpeg_color_space == JCS_YCCK) {
    throw core::InvalidInput(name + " is a JPEG for print (CMYK)", "save it as RGB");
  }
  reader.image.width = static_cast<int>(reader.info.image_width);
  reader.image.height = static_cast<int>(reader.info.image_height);
  reader.image.rgba.resize(4 * static_cast<std::size_t>(reader.info.image_width) *
                           reader.info.image_height);
  if (!reader.read()) fail();
  return std::move(reader.image);
}

namespace {

constexpr int kQuality = 92;

struct Writer {
  jpeg_compress_struct info{};
  ErrorManager errors{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  ~Writer() {
    jpeg_destroy_compress(&info);
    std::free(bytes);
  }

  bool write(const Image& image, const std::string& comment) {
    info.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = jump_back;
    if (setjmp(errors.back)) return false;
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = static_cast<JDIMENSION>(image.width);
    info.image_height = static_cast<JDIMENSION>(image.height);
    info.input_components = 4;
    info.in_color_space = JCS_EXT_RGBX;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, kQuality, TRUE);
    // Text in color stays sharp only where color is not kept at half the resolution.
    info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
    info.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&info, TRUE);
    if (!comment.empty()) {
      jpeg_write_marker(&info, JPEG_COM, reinterpret_cast<const JOCTET*>(comment.data()),
                        static_cast<unsigned>(comment.size()));
    }
    const std::size_t stride = 4 * static_cast<std::size_t>(image.width);
    while (info.next_scanline < info.image_height) {
      // The library does not write to what it is given, but does not say so.
      auto* row = const_cast<JSAMPROW>(image.rgba.data() + stride * info.next_scanline);
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    return true;
  }
};

}  // namespace

std::string encode_jpeg(const Image& image, std::span<const PngText> texts) {
  std::string comment;
  for (const PngText& text : texts) comment += text.keyword + "=" + text.text + "\n";
  Writer writer;
  if (!writer.write(image, comment)) {
    throw core::Error(core::ExitCode::kInternal,
                      std::string("cannot encode a JPEG: ") + writer.errors.message);
  }
  return {reinterpret_cast<const char*>(writer.bytes), writer.size};
}

}  // namespace adgenome::imaging
