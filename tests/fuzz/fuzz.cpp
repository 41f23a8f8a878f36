#include "fuzz.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

// Of the address sanitizer, where the program is built with it.
extern "C" void __asan_set_death_callback(void (*callback)()) __attribute__((weak));

namespace fuzz {
namespace {

using adgenome::core::RandomStream;

constexpr std::size_t kLongestInput = 1 << 14;

// What is being parsed, for the moment in which the process dies.
std::string current_file;
std::string_view current_input;

void save_input() {
  const int file = ::open(current_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  [[maybe_unused]] const auto written = ::write(file, current_input.data(), current_input.size());
  ::close(file);
}

void on_death(int signal) {
  save_input();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::vector<std::string> corpus_of(const Target& target) {
  std::vector<std::filesystem::path> files;
  for (const std::string& folder : target.folders) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(TEST_SOURCE_DIR) + "/" + folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  std::vector<std::string> corpus;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (target.by_line) {
      for (std::string line; std::getline(file, line);) corpus.push_back(line);
    } else {
      corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }
  return corpus;
}

std::size_t below(RandomStream& random, std::size_t bound) {
  return static_cast<std::size_t>(random.next_below(std::max<std::size_t>(bound, 1)));
}

/// Pieces that parsers treat in ways of their own.
constexpr std::array<std::string_view, 40> kPieces = {"\"",         "\"\"",
                                                      "\n",         "\r\n",
                                                      ",",          ";",
                                                      "\t",         ".",
                                                      "-",          "--",
                                                      "E+17",       "e9999",
                                                      "1,234",      "1.234",
                                                      "0",          "00",
                                                      "9",          "999999999999",
                                                      "%",          "€",
                                                      "Total",      "[",
                                                      "]",          "{",
                                                      "}",          ":",
                                                      "null",       "\\u0000",
                                                      "\\",         "\xEF\xBB\xBF",
                                                      "\xFF\xFE",   "\xC2\xA0",
                                                      "\xC3",       "\xE2\x80",
                                                      "31/12/2026", "2026-02-30",
                                                      "(EUR)",      "\"data\":[",
                                                      "-1",         "9223372036854775807"};

std::string mutated(const std::vector<std::string>& corpus, RandomStream& random) {
  std::string text = corpus[below(random, corpus.size())];
  for (std::size_t times = 1 + below(random, 4); times > 0; --times) {
    const std::size_t at = below(random, text.size() + 1);
    const std::size_t length = std::min(below(random, 24) + 1, text.size() - at);
    switch (below(random, 8)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(below(random, 256));
        break;
      case 2:
        text.insert(at, kPieces[below(random, kPieces.size())]);
        break;
      case 3:
        text.replace(at, length, kPieces[below(random, kPieces.size())]);
        break;
      case 4:
        text.erase(at, length);
        break;
      case 5:
        text.insert(below(random, text.size() + 1), text.substr(at, length));
        break;
      case 6:
        text.resize(at);
        break;
      default: {
        const std::string& other = corpus[below(random, corpus.size())];
        text.insert(at, other.substr(below(random, other.size() + 1), 1 + below(random, 200)));
      }
    }
  }
  if (text.size() > kLongestInput) text.resize(kLongestInput);
  return text;
}

/// Whether the parser took the input or refused it as it should.
void parse(const Target& target, const std::string& input) {
  current_input = input;
  try {
    target.parse(input);
  } catch (const adgenome::core::Error& error) {
    if (error.code() != adgenome::core::ExitCode::kInternal) return;
    save_input();
    FAIL_CHECK("internal error, see " << current_file << ": " << std::string(error.what()));
  } catch (const std::exception& error) {
    save_input();
    FAIL_CHECK("no typed error, see " << current_file << ": " << std::string(error.what()));
  }
}

}  // namespace

void run(const Target& target) {
  current_file = "fuzz-" + target.name + ".input";
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) std::signal(signal, on_death);
  if (__asan_set_death_callback != nullptr) __asan_set_death_callback(save_input);

  const std::vector<std::string> corpus = corpus_of(target);
  REQUIRE(!corpus.empty());
  for (const std::string& input : corpus) parse(target, input);
  const char* const is_long = std::getenv("ADGENOME_LONG");
  const bool in_full = is_long != nullptr && std::string_view(is_long) == "1";
  RandomStream random(1, "fuzz " + target.name);
  for (std::int64_t round = in_full ? target.rounds : target.rounds / 10; round > 0; --round)
    parse(target, mutated(corpus, random));
}

}  // namespace fuzz
