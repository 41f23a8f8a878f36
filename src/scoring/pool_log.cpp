#include <adgenome/core/compress.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/scoring/pool_log.hpp>
#include <bit>
#include <cmath>
#include <span>

namespace adgenome::scoring {
namespace {

/// Numbers byte by byte, the lowest first, whatever the machine's order; the columns of 16-bit
/// scores as all their high bytes, then all their low ones, which compresses best.
class Writer {
 public:
  void number(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes_ += static_cast<char>(value >> (8 * i));
  }
  void texts(std::span<const std::string> list) {
    number(list.size(), 4);
    for (const std::string& text : list) {
      number(text.size(), 4);
      bytes_ += text;
    }
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(int width) {
    const std::string_view digits = take(static_cast<std::size_t>(width));
    std::uint64_t value = 0;
    for (int i = width; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(digits[static_cast<std::size_t>(i)]);
    }
    return value;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> list(count(number(4), 4));
    for (std::string& text : list) text = take(number(4));
    return list;
  }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) refuse();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  /// A number of things of which each takes `width` bytes at least: so many are there.
  std::uint64_t count(std::uint64_t claimed, std::uint64_t width) const {
    if (claimed > rest_.size() / width) refuse();
    return claimed;
  }
  void end() const {
    if (!rest_.empty()) refuse();
  }
  [[noreturn]] static void refuse() { throw core::InvalidInput("not a pool of candidates"); }

 private:
  std::string_view rest_;
};

constexpr double kNotTold = -1;

}  // namespace

std::uint16_t quantised(double score) {
  return static_cast<std::uint16_t>(std::lround(score * 65535));
}

std::string encode(const PoolLog& log) {
  Writer writer;
  writer.number(static_cast<std::uint64_t>(log.candidates), 8);
  writer.number(std::bit_cast<std::uint64_t>(log.fraction), 8);
  writer.number(log.drawn, 4);
  writer.texts(log.scorers);
  writer.texts(log.ids);
  for (const float p : log.propensities) writer.number(std::bit_cast<std::uint32_t>(p), 4);
  writer.number(log.is_detected.size(), 4);
  for (const std::uint8_t flag : log.is_detected) writer.number(flag, 1);
  writer.number(std::bit_cast<std::uint64_t>(log.min_asset_score.value_or(kNotTold)), 8);
  const std::size_t columns = log.scorers.size();
  for (std::size_t column = 0; column < columns; ++column) {
    for (const int shift : {8, 0}) {
      for (std::size_t row = 0; row < log.ids.size(); ++row) {
        writer.number(static_cast<unsigned>(log.scores[row * columns + column]) >> shift, 1);
      }
    }
  }
  return core::compress(writer.take());
}

PoolLog decode_pool(std::string_view format, std::string_view bytes) {
  if (format != kPoolFormat && format != kFormerPoolFormat) {
    throw core::InvalidInput("pools in the format \"" + std::string(format) + "\" are not known",
                             "they were recorded by another version of this program");
  }
  const std::string plain = core::decompress(bytes);
  Reader reader(plain);
  PoolLog log;
  log.candidates = static_cast<std::int64_t>(reader.number(8));
  log.fraction = std::bit_cast<double>(reader.number(8));
  log.drawn = reader.number(4);
  log.scorers = reader.texts();
  log.ids = reader.texts();
  if (log.drawn > log.ids.size() || !(log.fraction > 0 && log.fraction <= 1)) Reader::refuse();
  for (std::size_t row = 0; row < log.ids.size(); ++row) {
    log.propensities.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(reader.number(4))));
  }
  if (format == kPoolFormat) {
    const std::uint64_t flags = reader.count(reader.number(4), 1);
    if (flags != 0 && flags != log.ids.size()) Reader::refuse();
    for (std::uint64_t i = 0; i < flags; ++i) {
      log.is_detected.push_back(static_cast<std::uint8_t>(reader.number(1)));
    }
    const auto gate = std::bit_cast<double>(reader.number(8));
    if (gate >= 0) log.min_asset_score = gate;
  }
  const std::size_t columns = log.scorers.size();
  const std::size_t rows = log.ids.size();
  log.scores.resize(rows * columns);
  for (std::size_t column = 0; column < columns; ++column) {
    for (const int shift : {8, 0}) {
      for (std::size_t row = 0; row < rows; ++row) {
        log.scores[row * columns + column] |= static_cast<std::uint16_t>(reader.number(1) << shift);
      }
    }
  }
  reader.end();
  return log;
}

}  // namespace adgenome::scoring
