#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <streambuf>
#include <vector>

#include "utf16.hpp"

namespace adgenome::core {
namespace {

namespace io = boost::iostreams;

/// Owns a source and reads it through a decompressor.
class Decompressed : public io::filtering_istream {
 public:
  Decompressed(std::unique_ptr<std::istream> source, bool is_gzip) : source_(std::move(source)) {
    if (is_gzip) {
      push(io::gzip_decompressor());
    } else {
      push(io::zstd_decompressor());
    }
    push(*source_);
    exceptions(std::ios::badbit);
  }
  ~Decompressed() override { reset(); }

 private:
  std::unique_ptr<std::istream> source_;
};

/// Looks at the first two bytes. Standard input cannot seek, but one byte can be put back.
bool begins_with(std::istream& stream, int first, int second) {
  if (stream.peek() != first) {
    stream.clear();
    return false;
  }
  stream.get();
  const bool is_so = stream.peek() == second;
  stream.clear();
  stream.unget();
  return is_so;
}

/// Hands on what it reads of another stream, block by block.
class HashedBuffer : public std::streambuf {
 public:
  HashedBuffer(std::unique_ptr<std::istream> source, Sha256& hash)
      : source_(std::move(source)), hash_(hash), block_(std::size_t{1} << 16) {}

 protected:
  int_type underflow() override {
    // What has come so far is handed on: a pipe does not have to fill a block.
    std::streamsize count = source_->rdbuf()->in_avail();
    count = std::clamp<std::streamsize>(count, 1, static_cast<std::streamsize>(block_.size()));
    source_->read(block_.data(), count);
    count = source_->gcount();
    if (count <= 0) return traits_type::eof();
    hash_.add({block_.data(), static_cast<std::size_t>(count)});
    setg(block_.data(), block_.data(), block_.data() + count);
    return traits_type::to_int_type(block_.front());
  }

 private:
  std::unique_ptr<std::istream> source_;
  Sha256& hash_;
  std::vector<char> block_;
};

class HashedStream : public std::istream {
 public:
  HashedStream(std::unique_ptr<std::istream> source, Sha256& hash)
      : std::istream(nullptr), buffer_(std::move(source), hash) {
    rdbuf(&buffer_);
    // What goes wrong below is thrown on, and is not an end of the file.
    exceptions(std::ios::badbit);
  }

 private:
  HashedBuffer buffer_;
};

[[noreturn]] void refuse(const std::string& what, const std::filesystem::path& path) {
  throw InvalidInput("cannot " + what + " " + path.string() + ": " + std::strerror(errno));
}

}  // namespace

Input open_input(const std::string& path) {
  Input input;
  if (path == "-") {
    // Nothing here reads standard input by C functions; in step with them it is read one
    // character at a time, seven times slower.
    std::ios::sync_with_stdio(false);
    input.name = "standard input";
    input.stream = std::make_unique<std::istream>(std::cin.rdbuf());
  } else {
    input.name = path;
    if (std::filesystem::is_directory(path))
      throw InvalidInput("cannot read " + path + ": it is a folder");
    errno = 0;
    auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*file) refuse("read", path);
    input.stream = std::move(file);
  }
  if (begins_with(*input.stream, 0x1f, 0x8b)) {
    input.stream = std::make_unique<Decompressed>(std::move(input.stream), true);
  } else if (begins_with(*input.stream, 0x28, 0xb5)) {
    input.stream = std::make_unique<Decompressed>(std::move(input.stream), false);
  }
  try {
    if (begins_with(*input.stream, 0xff, 0xfe) || begins_with(*input.stream, 0xfe, 0xff)) {
      input.stream = from_utf16(std::move(input.stream));
    }
  } catch (const std::ios_base::failure& failure) {
    throw InvalidInput("cannot read " + input.name + ": " + failure.what());
  }
  return input;
}

Input with_hash(Input input, Sha256& hash) {
  return {.name = std::move(input.name),
          .stream = std::make_unique<HashedStream>(std::move(input.stream), hash)};
}

std::string read_all(const std::string& path) {
  const Input input = open_input(path);
  try {
    return {std::istreambuf_iterator<char>(*input.stream), {}};
  } catch (const std::ios_base::failure& failure) {
    throw InvalidInput("cannot read " + input.name + ": " + failure.what());
  }
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::string temporary = path.string() + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) refuse("write", path);
  ::fchmod(file, 0644);
  const auto give_up = [&] {
    const int error = errno;
    ::close(file);
    ::unlink(temporary.c_str());
    errno = error;
    refuse("write", path);
  };
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(file, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) give_up();
    done += static_cast<std::size_t>(n);
  }
  if (::fsync(file) != 0) give_up();
  if (::close(file) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
    ::unlink(temporary.c_str());
    refuse("write", path);
  }
}

}  // namespace adgenome::core
