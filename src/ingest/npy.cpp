#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/ingest/npy.hpp>
#include <bit>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace adgenome::ingest {
namespace {

static_assert(std::endian::native == std::endian::little, "rows are read as they stand");

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostHeaderBytes = 1 << 20;

[[noreturn]] void refuse(const std::string& name, const std::string& message) {
  throw core::InvalidInput(message, "write it with numpy.save(FILE, array.astype(\"float32\"))",
                           name);
}

std::string read_bytes(core::Input& input, std::size_t size) {
  std::string bytes(size, '\0');
  input.stream->read(bytes.data(), static_cast<std::streamsize>(size));
  if (input.stream->gcount() != static_cast<std::streamsize>(size)) {
    refuse(input.name, "the file ends within its header");
  }
  return bytes;
}

/// The text behind 'key': in the header, which is a Python literal of a dict.
std::optional<std::string_view> entry(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "':";
  const std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) return std::nullopt;
  return core::trim(header.substr(at + quoted.size()));
}

std::vector<std::int64_t> shape_of(std::string_view text, const std::string& name) {
  const std::size_t close = text.find(')');
  if (!text.starts_with('(') || close == std::string_view::npos) {
    refuse(name, "the header has no shape");
  }
  std::vector<std::int64_t> shape;
  for (const std::string& part : core::split(text.substr(1, close - 1), ',')) {
    const std::string_view digits = core::trim(part);
    if (digits.empty()) continue;  // behind the comma of (3,)
    const auto size = core::to_int64(digits);
    if (!size || *size < 0) refuse(name, "the header has no shape");
    shape.push_back(*size);
  }
  return shape;
}

NpyHeader read_header(core::Input& input) {
  if (read_bytes(input, kMagic.size()) != kMagic) refuse(input.name, "this is not an .npy file");
  const auto version = static_cast<unsigned char>(read_bytes(input, 2)[0]);
  const std::string length_bytes = read_bytes(input, version == 1 ? 2 : 4);
  std::uint32_t length = 0;
  std::memcpy(&length, length_bytes.data(), length_bytes.size());
  if (version < 1 || version > 3 || length > kMostHeaderBytes) {
    refuse(input.name, "this version of .npy is not known");
  }
  const std::string text = read_bytes(input, length);

  NpyHeader header;
  const std::string_view type = entry(text, "descr").value_or("");
  header.is_double = type.starts_with("'<f8'");
  if (!header.is_double && !type.starts_with("'<f4'")) {
    refuse(input.name, "expected numbers of type float32 or float64, found " +
                           std::string(type.substr(0, type.find(','))));
  }
  if (!entry(text, "fortran_order").value_or("").starts_with("False")) {
    refuse(input.name, "expected rows one after the other (C order)");
  }
  const std::vector<std::int64_t> shape = shape_of(entry(text, "shape").value_or(""), input.name);
  if (shape.size() != 2) {
    refuse(input.name, "expected a matrix, found " + std::to_string(shape.size()) + " dimensions");
  }
  header.rows = shape[0];
  header.columns = shape[1];
  if (header.columns < 1) refuse(input.name, "the vectors have no dimensions");
  return header;
}

}  // namespace

NpyReader::NpyReader(core::Input input) : input_(std::move(input)), header_(read_header(input_)) {}

template <class Real>
bool NpyReader::read_row(std::span<Real> row) {
  if (row_ == header_.rows) {
    if (input_.stream->peek() != std::char_traits<char>::eof()) {
      refuse(input_.name, "the file goes on behind its " + std::to_string(row_) + " rows");
    }
    return false;
  }
  const auto size = static_cast<std::streamsize>(row.size_bytes());
  input_.stream->read(reinterpret_cast<char*>(row.data()), size);
  if (input_.stream->gcount() != size) {
    refuse(input_.name,
           "the file ends in row " + std::to_string(row_) + " of " + std::to_string(header_.rows));
  }
  ++row_;
  return true;
}

bool NpyReader::next(std::span<float> row) {
  return read_row(row);
}
bool NpyReader::next(std::span<double> row) {
  return read_row(row);
}

}  // namespace adgenome::ingest
