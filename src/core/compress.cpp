#include <adgenome/core/compress.hpp>
#include <adgenome/core/error.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>

namespace adgenome::core {
namespace {

namespace io = boost::iostreams;

std::string passed_through(auto filter, std::string_view bytes) {
  std::string result;
  io::filtering_istream stream;
  stream.push(filter);
  stream.push(io::array_source(bytes.data(), bytes.size()));
  io::copy(stream, io::back_inserter(result));
  return result;
}

}  // namespace

std::string compress(std::string_view bytes) {
  return passed_through(io::zstd_compressor(), bytes);
}

std::string decompress(std::string_view frame) {
  try {
    return passed_through(io::zstd_decompressor(), frame);
  } catch (const std::exception& error) {
    throw InvalidInput(std::string("not compressed as expected: ") + error.what());
  }
}

}  // namespace adgenome::core
