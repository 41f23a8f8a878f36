#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <adgenome/core/error.hpp>
#include <adgenome/imaging/text_reader.hpp>
#include <algorithm>

namespace adgenome::imaging {
namespace {

constexpr const char* kLanguage = "eng";

tesseract::PageSegMode mode_of(TextFlow flow) {
  switch (flow) {
    case TextFlow::kBlock:
      return tesseract::PSM_SINGLE_BLOCK;
    case TextFlow::kLine:
      return tesseract::PSM_SINGLE_LINE;
    case TextFlow::kSparse:
      break;
  }
  return tesseract::PSM_SPARSE_TEXT;
}

// Whether the picture holds nothing to read; the library makes up words on a plain ground.
bool is_plain(const Gray& picture) {
  constexpr int kLeastRange = 8;
  const auto [low, high] = std::minmax_element(picture.values.begin(), picture.values.end());
  return picture.values.empty() || *high - *low < kLeastRange;
}

class TesseractReader final : public TextReader {
 public:
  TesseractReader() {
    // Messages of the libraries would go to standard error otherwise.
    setMsgSeverity(L_SEVERITY_NONE);
    const std::vector<std::string> names{"debug_file"};
    const std::vector<std::string> values{"/dev/null"};
    if (api_.Init(nullptr, kLanguage, tesseract::OEM_LSTM_ONLY, nullptr, 0, &names, &values,
                  false) != 0) {
      throw core::ProviderError(
          std::string("cannot read text in pictures: no Tesseract data for \"") + kLanguage + "\"",
          "install tesseract-ocr-eng, or let TESSDATA_PREFIX name the folder of eng.traineddata");
    }
  }

  std::vector<ReadWord> read(const Gray& picture, TextFlow flow) override {
    std::vector<ReadWord> words;
    if (is_plain(picture)) return words;
    api_.SetPageSegMode(mode_of(flow));
    api_.SetImage(picture.values.data(), picture.width, picture.height, 1, picture.width);
    api_.SetSourceResolution(300);
    if (api_.Recognize(nullptr) != 0) {
      throw core::ProviderError("Tesseract failed on a picture of " +
                                std::to_string(picture.width) + "x" +
                                std::to_string(picture.height) + " pixels");
    }
    const std::unique_ptr<tesseract::ResultIterator> at(api_.GetIterator());
    if (!at) return words;
    do {
      const std::unique_ptr<char[]> text(at->GetUTF8Text(tesseract::RIL_WORD));
      int left = 0;
      int top = 0;
      int right = 0;
      int bottom = 0;
      if (!text || !at->BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom)) continue;
      words.push_back({text.get(),
                       {static_cast<double>(left), static_cast<double>(top),
                        static_cast<double>(right - left), static_cast<double>(bottom - top)},
                       static_cast<double>(at->Confidence(tesseract::RIL_WORD))});
    } while (at->Next(tesseract::RIL_WORD));
    // Without this, what was read would color what is read next, and the order of pictures (the
    // number of threads) would show in the result.
    api_.ClearAdaptiveClassifier();
    return words;
  }

  std::string version() const override {
    return std::string("tesseract ") + tesseract::TessBaseAPI::Version() + " " + kLanguage;
  }

 private:
  tesseract::TessBaseAPI api_;
};

}  // namespace
}  // namespace adgenome::imaging

extern "C" adgenome::imaging::TextReader* adgenome_module_ocr() {
  return new adgenome::imaging::TesseractReader();
}
