#include "utf16.hpp"

#include <array>
#include <cstdint>
#include <streambuf>
#include <string>

namespace adgenome::core {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

class Utf16Buffer : public std::streambuf {
 public:
  explicit Utf16Buffer(std::unique_ptr<std::istream> source) : source_(std::move(source)) {
    is_little_ = source_->get() == 0xFF;
    source_->get();
  }

 protected:
  int_type underflow() override {
    text_.clear();
    while (text_.empty() && !is_at_end_) convert_block();
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return text_.empty() ? traits_type::eof() : traits_type::to_int_type(text_.front());
  }

 private:
  void convert_block() {
    std::array<char, 1 << 15> block;
    source_->read(block.data(), block.size());
    if (source_->bad()) throw std::ios_base::failure("the device failed");
    const auto count = static_cast<std::size_t>(source_->gcount());
    is_at_end_ = count == 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto byte = static_cast<unsigned char>(block[i]);
      if (!has_byte_) {
        byte_ = byte;
      } else {
        take(is_little_ ? byte_ | std::uint32_t{byte} << 8 : byte_ << 8 | byte);
      }
      has_byte_ = !has_byte_;
    }
    if (is_at_end_ && (has_byte_ || high_ != 0)) append_utf8(text_, kReplacement);
  }

  void take(std::uint32_t unit) {
    const bool is_low = unit >= 0xDC00 && unit < 0xE000;
    if (high_ != 0) {
      append_utf8(text_,
                  is_low ? 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00) : kReplacement);
      high_ = 0;
      if (is_low) return;
    }
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_ = unit;
    } else {
      append_utf8(text_, is_low ? kReplacement : unit);
    }
  }

  std::unique_ptr<std::istream> source_;
  bool is_little_;
  bool has_byte_ = false;
  std::uint32_t byte_ = 0;  // the first of a unit
  std::uint32_t high_ = 0;  // the first half of a pair
  bool is_at_end_ = false;
  std::string text_;
};

class Utf16Stream : public std::istream {
 public:
  explicit Utf16Stream(std::unique_ptr<std::istream> source)
      : std::istream(nullptr), buffer_(std::move(source)) {
    rdbuf(&buffer_);
    exceptions(std::ios::badbit);
  }

 private:
  Utf16Buffer buffer_;
};

}  // namespace

std::unique_ptr<std::istream> from_utf16(std::unique_ptr<std::istream> source) {
  return std::make_unique<Utf16Stream>(std::move(source));
}

}  // namespace adgenome::core
