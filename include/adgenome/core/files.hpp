#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace adgenome::core {

/// An open input. `name` is what error messages call it ("-" is shown as "standard input").
struct Input {
  std::string name;
  std::unique_ptr<std::istream> stream;
};

/// Opens a file, or standard input for "-". Content that begins as gzip or Zstandard does is
/// decompressed on the way, and text that begins with a byte-order mark of UTF-16 is read as
/// UTF-8. Throws InvalidInput naming the file.
Input open_input(const std::string& path);

class Sha256;

/// The same input, of which every byte that is read is added to the hash on the way. `hash` must
/// live as long as the input.
Input with_hash(Input input, Sha256& hash);

/// All bytes of a file (or of standard input for "-"), decompressed likewise.
std::string read_all(const std::string& path);

/// Writes to a temporary name beside the file, flushes it to the disk and renames it, so that
/// the file is there whole or not at all. Throws InvalidInput where that cannot be done.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace adgenome::core
