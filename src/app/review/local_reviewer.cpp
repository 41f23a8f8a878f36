#include "local_reviewer.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <adgenome/imaging/review_measure.hpp>

namespace adgenome::app {
namespace {

// Changes with what the measures and their scores are.
constexpr const char* kLocalVersion = "4";

using Pictures = std::map<std::string, std::optional<imaging::Image>>;

void read_picture(const std::string& file, bool is_product, Pictures& pictures,
                  std::vector<std::string>& warnings) {
  if (pictures.contains(file)) return;
  try {
    imaging::Image image = imaging::decode(core::read_all(file), file);
    pictures[file] = is_product ? imaging::cut_out(image) : std::move(image);
  } catch (const core::InvalidInput& error) {
    pictures[file] = std::nullopt;
    warnings.push_back(file + " cannot be compared: " + error.what());
  }
}

const imaging::Image* find_picture(const Pictures& pictures, const std::string& file) {
  const auto found = pictures.find(file);
  return found != pictures.end() && found->second ? &*found->second : nullptr;
}

class LocalReviewer final : public Reviewer {
 public:
  explicit LocalReviewer(const LocalMaterial& material) : material_(material) {
    if (!material.needs_reader) return;
    try {
      reader_ = imaging::open_text_reader();
    } catch (const core::ProviderError& error) {
      reader_error_ = error;
    }
  }

  std::string name() const override { return "local"; }
  std::string version() const override {
    return std::string(kLocalVersion) + (reader_ ? " " + reader_->version() : "");
  }
  bool varies() const override { return false; }

  std::vector<creative::Defect> scan(const ReviewSubject& subject, std::int64_t) override {
    return creative::scan_locally(figures_of(subject));
  }

  std::vector<creative::CheckScore> review(const ReviewSubject& subject, std::int64_t,
                                           std::int64_t) override {
    return creative::review_locally(subject.brief, figures_of(subject));
  }

 private:
  // The stages of an ad follow each other: what was measured for one serves the next.
  const std::optional<creative::PictureFigures>& figures_of(const ReviewSubject& subject) {
    if (measured_ad_ != subject.ad_id) {
      figures_ = std::nullopt;
      if (!subject.image_file.empty()) figures_ = measure(subject);
      measured_ad_ = subject.ad_id;
    }
    return figures_;
  }

  creative::PictureFigures measure(const ReviewSubject& subject) {
    const imaging::Image picture =
        imaging::decode(core::read_all(subject.image_file), subject.image_file);
    if (!reader_) throw *reader_error_;
    const imaging::Image* product =
        subject.product_files.empty()
            ? nullptr
            : find_picture(material_.products, subject.product_files.front());
    if (!subject.rendering) {
      const imaging::WholeBrief brief{.texts = subject.expected_texts,
                                      .known = subject.known_texts,
                                      .is_logo_expected = subject.logo_file.has_value()};
      return imaging::measure_whole_picture(picture, brief, product, *reader_);
    }
    const imaging::Image* logo =
        subject.logo_file ? find_picture(material_.logos, *subject.logo_file) : nullptr;
    return imaging::measure_picture(picture, *subject.rendering, product, logo, *reader_);
  }

  const LocalMaterial& material_;
  std::unique_ptr<imaging::TextReader> reader_;
  std::optional<core::ProviderError> reader_error_;
  std::optional<std::string> measured_ad_;
  std::optional<creative::PictureFigures> figures_;
};

}  // namespace

void LocalMaterial::add(const ReviewSubject& subject, std::vector<std::string>& warnings) {
  if (subject.image_file.empty()) return;
  needs_reader = true;
  for (const std::string& file : subject.product_files) {
    read_picture(file, true, products, warnings);
  }
  if (subject.logo_file) read_picture(*subject.logo_file, false, logos, warnings);
}

std::unique_ptr<Reviewer> open_local_reviewer(const ReviewerSetup& setup) {
  return std::make_unique<LocalReviewer>(setup.local);
}

}  // namespace adgenome::app
