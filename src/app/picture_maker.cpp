#include "picture_maker.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/imaging/fill_canvas.hpp>
#include <algorithm>
#include <variant>

#include "model_pictures.hpp"
#include "paid_models.hpp"

namespace adgenome::app {
namespace {

using core::Json;

class LocalPictures final : public PictureMaker {
 public:
  explicit LocalPictures(const PictureSetup& setup)
      : setup_(setup), renderer_(imaging::make_renderer()) {}

  std::vector<MadeAd> make(const RunPlan& run, const AttemptDone& one_done) override {
    return draw_run(setup_.brand, run, *renderer_, setup_.shelf, setup_.folder, one_done);
  }

 private:
  PictureSetup setup_;
  std::unique_ptr<imaging::Renderer> renderer_;
};

constexpr int kReferenceSide = 2048;  // pixels of a picture that a model goes by, at most

/// What an image model is told: the brief and the rules in words, and the whole document.
std::string prompt_text(const creative::Prompt& prompt) {
  const Json document = creative::to_json(prompt);
  std::string text =
      "Make one finished advertising picture, ready to be published: no frame, no mock-up, no "
      "text beside what is given.\n" +
      document.at("brief").get<std::string>() + "\nRules:\n";
  for (const Json& rule : document.at("rules")) text += "- " + rule.get<std::string>() + "\n";
  for (const std::string& instruction : prompt.special_instructions)
    text += "- " + instruction + "\n";
  if (prompt.height > prompt.width * 3 / 2)
    text += "- keep all text out of the top 14 % and the bottom 20 % of the picture\n";
  return text + "Everything that is known, as JSON:\n" + core::dump(document);
}

std::string caption_of(const std::string& role) {
  if (role == "style_reference") return "a reference for style and layout only, of another product";
  if (role == "product") return "the product, to be shown exactly so";
  if (role == "scene") return "the product in a scene";
  if (role == "logo") return "the logo, to be shown exactly so";
  return role;
}

/// Why a picture cannot be made to fill the canvas, or nothing.
std::optional<std::string> size_fault(const imaging::Image& image,
                                      const creative::CanvasSize& size) {
  // Below this an ad would be blurred: a quarter of each side.
  constexpr int kMostEnlarged = 4;
  // Providers know few shapes; beyond a third to cut away the ad is another one.
  constexpr double kMostCut = 1.5;
  const std::string shown = "a picture of " + std::to_string(image.width) + " x " +
                            std::to_string(image.height) + " pixels for a canvas of " +
                            std::to_string(size.width) + " x " + std::to_string(size.height);
  if (image.width * kMostEnlarged < size.width || image.height * kMostEnlarged < size.height)
    return shown;
  const double asked = static_cast<double>(size.width) / static_cast<double>(size.height);
  const double ratio = static_cast<double>(image.width) / image.height / asked;
  // Of canvases longer than three to one no provider has the shape.
  const bool is_usual = asked < 3 && asked > 1.0 / 3;
  if (is_usual && std::max(ratio, 1 / ratio) > kMostCut) return shown;
  return std::nullopt;
}

class ModelPictures final : public PictureMaker {
 public:
  ModelPictures(std::string provider, const PictureSetup& setup)
      : provider_(std::move(provider)),
        setup_(setup),
        models_(setup.session, setup.brand, *setup.providers, setup.now) {
    models_.expect_painter(provider_);
  }

  std::vector<MadeAd> make(const RunPlan& run, const AttemptDone& one_done) override {
    // Before the threads start, which only look them up.
    for (const Attempt& attempt : run.attempts) {
      for (const creative::PromptImage& image : attempt.prompt.images) read(image.path);
    }
    return make_attempts(run, models_.concurrency(provider_), models_.store_lock(), one_done,
                         [&](const Attempt& attempt) { return make_one(run, attempt); });
  }

  void stored(const RunPlan& run) override {
    for (const Attempt& attempt : run.attempts) models_.forget(key_of(attempt));
  }

 private:
  void read(const std::string& path) {
    if (shown_.contains(path)) return;
    try {
      const std::string file = file_beside_store(setup_.session, path).string();
      shown_.emplace(path, picture_for_model(file, "", kReferenceSide));
    } catch (const core::InvalidInput& error) {
      shown_.emplace(path, std::string(error.what()));
    }
  }

  static std::string key_of(const Attempt& attempt) { return "image/" + attempt.id; }

  std::vector<providers::ModelPicture> references_of(const Attempt& attempt) const {
    std::vector<providers::ModelPicture> pictures;
    for (const creative::PromptImage& image : attempt.prompt.images) {
      const auto& shown = shown_.at(image.path);
      if (const auto* problem = std::get_if<std::string>(&shown))
        throw core::InvalidInput(*problem, "", image.path);
      pictures.push_back(std::get<providers::ModelPicture>(shown));
      pictures.back().caption = caption_of(image.role);
    }
    return pictures;
  }

  MadeAd make_one(const RunPlan& run, const Attempt& attempt) {
    std::optional<imaging::Image> picture;
    const auto check = [&](const providers::ModelPicture& made) -> std::optional<std::string> {
      try {
        picture = imaging::decode(made.bytes, "its picture");
      } catch (const core::InvalidInput& error) {
        return std::string("a picture that cannot be read: ") + error.what();
      }
      return size_fault(*picture, attempt.size);
    };
    const auto paid = models_.paint(
        provider_,
        {.purpose = {.step = "image", .subject_id = attempt.id, .key = key_of(attempt)},
         .prompt = prompt_text(attempt.prompt),
         .references = references_of(attempt),
         .width = attempt.size.width,
         .height = attempt.size.height},
        check);
    if (!picture) picture = imaging::decode(paid.picture.bytes, "the picture kept");
    MadeAd made = write_picture(setup_.brand, run, attempt,
                                imaging::fill_canvas(*picture, static_cast<int>(attempt.size.width),
                                                     static_cast<int>(attempt.size.height)),
                                setup_.folder);
    made.cost_micros = paid.cost_micros;
    return made;
  }

  std::string provider_;
  PictureSetup setup_;
  PaidModels models_;
  /// The pictures to go by, or why there is none, by path.
  std::map<std::string, std::variant<providers::ModelPicture, std::string>> shown_;
};

}  // namespace

std::unique_ptr<PictureMaker> open_picture_maker(const std::string& provider,
                                                 const PictureSetup& setup) {
  if (provider == "local") return std::make_unique<LocalPictures>(setup);
  if (!setup.providers)
    throw core::ProviderError("pictures of " + provider + " cannot be made here");
  return std::make_unique<ModelPictures>(provider, setup);
}

}  // namespace adgenome::app
