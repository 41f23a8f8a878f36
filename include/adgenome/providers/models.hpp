#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace adgenome::providers {

/// A picture that a model is shown, or that it made.
struct ModelPicture {
  std::string caption = {};     ///< what it shows, said before it: "the ad", "the product"
  std::string media_type = {};  ///< image/png, image/jpeg or image/webp
  std::string bytes = {};
};

/// PNG, JPEG or WebP by the first bytes; empty for anything else.
std::string media_type_of(std::string_view bytes);

/// What a call is for: under which step it is priced, whose it is, and which attempt it belongs to.
struct CallPurpose {
  /// "image", "defect_scan", "full_review", "second_opinion", "congruence" (every
  /// rewording of a hook), "template_analysis", "descriptor".
  std::string step = {};
  std::string subject_id = {};  ///< of the ad, hook or template
  /// Names the attempt, the same in every process that makes it: what was paid under a key is never
  /// paid again. Of an ad "BATCH/TEMPLATE/1/1:1/brand", not its id where that may be drawn anew.
  std::string key = {};
  /// Of several answers to the same question, from 0: each is asked for by itself.
  std::int64_t sample = 0;
};

/// A question whose answer is one JSON document.
struct Question {
  CallPurpose purpose = {};
  std::string instructions = {};        ///< who the model is and by which rules it answers
  std::vector<std::string> texts = {};  ///< the question itself
  std::vector<ModelPicture> pictures = {};
  /// JSON Schema of the answer. What every provider takes: an object; every member required and
  /// `additionalProperties` false at each level; type (also a list with null), enum, items,
  /// description; minimum and maximum, which are checked here where a provider does not know them.
  std::string schema = {};
};

/// A model that reads texts and pictures and answers in JSON.
///
/// May be used from several threads. Throws ProviderError where there is no usable answer.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  /// "anthropic/claude-sonnet-5": whose answer it was, and part of every cache key.
  virtual std::string version() const = 0;
  /// The answer, checked against the schema.
  virtual core::Json ask(const Question& question) = 0;
};

struct ImageRequest {
  CallPurpose purpose = {};
  std::string prompt = {};
  std::vector<ModelPicture> references = {};  ///< what is to be shown, or to be followed
  std::int64_t width = 0;                     ///< of the canvas that it is for
  std::int64_t height = 0;
};

struct MadePicture {
  ModelPicture picture = {};
  std::int64_t cost_micros = 0;  ///< 0 where it was paid before
};

/// A model that makes pictures. Providers know few sizes: the answer has the nearest shape, not
/// the size asked for.
class ImageModel {
 public:
  virtual ~ImageModel() = default;
  virtual std::string version() const = 0;
  virtual MadePicture paint(const ImageRequest& request) = 0;
};

/// A model that makes vectors of texts.
class Embedder {
 public:
  virtual ~Embedder() = default;
  virtual std::string version() const = 0;
  /// One vector a text, in their order, all of the same length.
  virtual std::vector<std::vector<float>> embed(const CallPurpose& purpose,
                                                const std::vector<std::string>& texts) = 0;
};

/// An answer came and cannot be used: HTML, cut JSON, not by the schema, no picture, too large.
/// Worth asking once more.
struct UnusableAnswer : core::ProviderError {
  UnusableAnswer(const std::string& message, bool its_paid, std::string hint = "")
      : core::ProviderError(message, std::move(hint)), is_paid(its_paid) {}
  bool is_paid;  ///< the provider itself answered, and charges for it
};

/// The provider answers and refuses: a wrong key, no credit, an unknown model, its safety rules.
/// Asking again gives the same.
struct Refusal : core::ProviderError {
  Refusal(const std::string& message, int its_status, std::string hint = "")
      : core::ProviderError(message, std::move(hint)), status(its_status) {}
  int status;  ///< of HTTP
};

}  // namespace adgenome::providers
