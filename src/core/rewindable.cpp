#include <unistd.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/rewindable.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <streambuf>
#include <vector>

namespace adgenome::core {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr std::size_t kInMemory = std::size_t{1} << 20;

[[noreturn]] void cannot_keep(const std::string& name) {
  throw InvalidInput(
      "cannot keep a copy of " + name + " to read it twice: " + std::strerror(errno),
      "give it as a file, or make room in " + std::filesystem::temp_directory_path().string());
}

}  // namespace

class RewindableInput::Buffer : public std::streambuf {
 public:
  Buffer(std::istream& source, std::string name)
      : source_(source), name_(std::move(name)), block_(kBlock) {
    try {
      origin_ = source_.tellg();
    } catch (const std::ios_base::failure&) {
      origin_ = -1;  // a decompressor
    }
    source_.clear();
    is_keeping_ = !is_seekable();
  }
  ~Buffer() override {
    if (file_ >= 0) ::close(file_);
  }

  void rewind(bool for_good) {
    setg(nullptr, nullptr, nullptr);
    if (is_seekable()) {
      source_.clear();
      source_.seekg(origin_);
      return;
    }
    position_ = 0;
    is_keeping_ = !for_good;
  }

 protected:
  int_type underflow() override {
    const std::size_t count = position_ < kept_ ? read_kept() : read_source();
    setg(block_.data(), block_.data(), block_.data() + count);
    return count == 0 ? traits_type::eof() : traits_type::to_int_type(block_.front());
  }

 private:
  bool is_seekable() const { return origin_ != std::streampos(-1); }

  std::size_t read_kept() {
    std::size_t count = std::min(block_.size(), kept_ - position_);
    if (position_ < head_.size()) {
      count = std::min(count, head_.size() - position_);
      std::memcpy(block_.data(), head_.data() + position_, count);
    } else {
      const ssize_t got =
          ::pread(file_, block_.data(), count, static_cast<off_t>(position_ - head_.size()));
      if (got <= 0) cannot_keep(name_);
      count = static_cast<std::size_t>(got);
    }
    position_ += count;
    return count;
  }

  std::size_t read_source() {
    source_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    if (source_.bad()) throw std::ios_base::failure("the device failed");
    const auto count = static_cast<std::size_t>(source_.gcount());
    if (is_keeping_) keep(count);
    return count;
  }

  void keep(std::size_t count) {
    if (kept_ + count <= kInMemory) {
      head_.insert(head_.end(), block_.data(), block_.data() + count);
    } else {
      if (file_ < 0) open_file();
      for (std::size_t done = 0; done < count;) {
        const ssize_t n = ::write(file_, block_.data() + done, count - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) cannot_keep(name_);
        done += static_cast<std::size_t>(n);
      }
    }
    kept_ += count;
    position_ = kept_;
  }

  void open_file() {
    std::string path = (std::filesystem::temp_directory_path() / "adgenome.XXXXXX").string();
    file_ = ::mkstemp(path.data());
    if (file_ < 0) cannot_keep(name_);
    ::unlink(path.c_str());
  }

  std::istream& source_;
  std::string name_;
  std::streampos origin_ = -1;
  std::vector<char> block_;
  bool is_keeping_ = false;
  std::vector<char> head_;
  int file_ = -1;
  std::size_t kept_ = 0;      // bytes, in memory and in the file
  std::size_t position_ = 0;  // of the next byte, among those kept
};

RewindableInput::RewindableInput(Input input)
    : buffer_(std::make_unique<Buffer>(*input.stream, input.name)),
      input_(std::move(input)),
      stream_(buffer_.get()) {
  // What the source throws reaches the reader, and not as the end of the input.
  stream_.exceptions(std::ios::badbit);
}

RewindableInput::~RewindableInput() = default;

std::istream& RewindableInput::stream() {
  return stream_;
}

const std::string& RewindableInput::name() const {
  return input_.name;
}

void RewindableInput::rewind() {
  buffer_->rewind(false);
  stream_.clear();
}

void RewindableInput::rewind_for_good() {
  buffer_->rewind(true);
  stream_.clear();
}

}  // namespace adgenome::core
