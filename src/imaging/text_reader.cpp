#include <adgenome/core/module_loader.hpp>
#include <adgenome/imaging/text_reader.hpp>
#include <cstdlib>

namespace adgenome::imaging {

std::unique_ptr<TextReader> open_text_reader() {
  // Tesseract's own threads make a picture seven times slower; OpenMP reads this when it is
  // loaded, which is with the part below.
  ::setenv("OMP_THREAD_LIMIT", "1", 0);
  return std::unique_ptr<TextReader>(core::create_from_module<TextReader>("ocr"));
}

}  // namespace adgenome::imaging
