#pragma once

#include <adgenome/core/files.hpp>
#include <memory>

namespace adgenome::core {

/// An input that can be read from its first byte again, also where it is a pipe: what cannot be
/// sought is kept while it is read, up to 1 MiB in memory and beyond that in a temporary file that
/// no name leads to.
class RewindableInput {
 public:
  explicit RewindableInput(Input input);
  ~RewindableInput();
  RewindableInput(const RewindableInput&) = delete;
  RewindableInput& operator=(const RewindableInput&) = delete;

  std::istream& stream();
  const std::string& name() const;

  /// Goes back to the first byte.
  void rewind();
  /// Goes back for the last time: nothing more is kept from here on.
  void rewind_for_good();

 private:
  class Buffer;
  std::unique_ptr<Buffer> buffer_;
  Input input_;
  std::istream stream_;
};

}  // namespace adgenome::core
