#pragma once

#include <adgenome/creative/rendering.hpp>
#include <adgenome/imaging/gray.hpp>
#include <memory>
#include <string>
#include <vector>

namespace adgenome::imaging {

/// A word as it was read in a picture.
struct ReadWord {
  std::string text;   ///< UTF-8
  creative::Box box;  ///< pixels of the picture that was read
  double confidence;  ///< 0 to 100, the reader's own
};

/// How the text of a picture is laid out, as far as the caller knows.
enum class TextFlow {
  kBlock,   ///< lines of one text, as a headline
  kLine,    ///< a single line, as a button
  kSparse,  ///< anything anywhere
};

/// Reads text in pictures. One reader belongs to one thread; it uses no other.
class TextReader {
 public:
  virtual ~TextReader() = default;

  /// The words in reading order. Reads best where capitals are 20 to 40 pixels high, dark on
  /// light, with some margin. Throws ProviderError where the library fails.
  virtual std::vector<ReadWord> read(const Gray& picture, TextFlow flow) = 0;

  /// Name and version of what reads, as in "tesseract 5.3.0 eng".
  virtual std::string version() const = 0;
};

/// A reader for English, from the part "ocr" that is loaded on demand. Call it from the thread
/// that starts the others: it sets the environment for the library's own threads (one). Throws
/// ProviderError with a hint where the reader's data is missing.
std::unique_ptr<TextReader> open_text_reader();

}  // namespace adgenome::imaging
