#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Fuzzing of parsers as an ordinary test: every file of the corpus is replayed, then files that
/// were mutated out of it. To add a parser, write a test case in a file of this folder that calls
/// `fuzz::run`.
namespace fuzz {

struct Target {
  std::string name;
  /// Folders under tests/ whose files are the corpus.
  std::vector<std::string> folders;
  /// Whether each line of a file is an input of its own.
  bool by_line = false;
  /// Mutated inputs with ADGENOME_LONG=1; a tenth of them without.
  std::int64_t rounds = 0;
  /// May throw core::Error, but none that says "internal"; checks with doctest what has to hold.
  std::function<void(const std::string&)> parse;
};

/// The inputs are the same in every run. One that makes the process die is left in the file
/// `fuzz-NAME.input` of the current folder, to become part of the corpus.
void run(const Target& target);

}  // namespace fuzz
