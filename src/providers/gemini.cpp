// Google's Gemini API, models.generateContent of v1beta (ai.google.dev/api/generate-content).

#include <adgenome/core/base64.hpp>
#include <adgenome/core/text.hpp>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model_call.hpp"
#include "provider_rows.hpp"

namespace adgenome::providers {
namespace {

using core::Json;

constexpr std::string_view kName = "gemini";

/// {"error": {"code", "message", "status", "details": [{"@type": ...RetryInfo, "retryDelay"}]}}
ModelError read_error(const Json& answer) {
  const Json error = answer.value("error", Json::object());
  ModelError read;
  if (!error.is_object()) return read;
  const Json message = error.value("message", Json());
  if (message.is_string()) read.message = message.get<std::string>();
  const Json details = error.value("details", Json::array());
  for (const Json& detail : details) {
    const Json delay = detail.is_object() ? detail.value("retryDelay", Json()) : Json();
    if (!delay.is_string()) continue;
    const std::string text = delay.get<std::string>();  // "34.07s"
    const auto seconds =
        core::to_double(text.substr(0, text.size() - (text.ends_with('s') ? 1 : 0)));
    if (seconds && *seconds >= 0 && *seconds < 86'400)
      read.wait = Milliseconds(static_cast<std::int64_t>(std::ceil(*seconds * 1e3)));
  }
  return read;
}

ModelCall call_of(const Endpoint& endpoint, Json body) {
  return {.provider = kName,
          .path = "/v1beta/models/" + endpoint.model + ":generateContent",
          .headers = {{"x-goog-api-key", endpoint.key.reveal()}},
          .body = std::move(body),
          .read_error = read_error};
}

void add_picture(Json& parts, const ModelPicture& picture) {
  if (!picture.caption.empty()) parts.push_back({{"text", picture.caption + ":"}});
  parts.push_back({{"inlineData",
                    {{"mimeType", picture.media_type}, {"data", core::to_base64(picture.bytes)}}}});
}

/// The parts of the first candidate, where it came to its end.
Json parts_of(const Json& answer) {
  const Json feedback = answer.value("promptFeedback", Json::object());
  if (feedback.is_object() && feedback.contains("blockReason"))
    throw Refusal("gemini refuses the prompt: " + feedback.at("blockReason").dump(), 200);
  const Json candidates = answer.value("candidates", Json::array());
  if (!candidates.is_array() || candidates.empty() || !candidates[0].is_object())
    throw UnusableAnswer("gemini answers without a candidate", true);
  const Json reason = candidates[0].value("finishReason", Json("STOP"));
  if (reason == "MAX_TOKENS") throw UnusableAnswer("gemini ends at its limit of tokens", true);
  if (reason == "NO_IMAGE" || reason == "OTHER" || reason == "IMAGE_OTHER")
    throw UnusableAnswer("gemini ends without an answer: " + reason.dump(), true);
  if (reason != "STOP") throw Refusal("gemini refuses to answer: " + reason.dump(), 200);
  const Json content = candidates[0].value("content", Json::object());
  return content.is_object() ? content.value("parts", Json::array()) : Json::array();
}

class GeminiLanguage final : public LanguageModel {
 public:
  explicit GeminiLanguage(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  std::string version() const override { return "gemini/" + endpoint_.model; }

  Json ask(const Question& question) override {
    Json parts = Json::array();
    for (const ModelPicture& picture : question.pictures) add_picture(parts, picture);
    for (const std::string& text : question.texts) parts.push_back({{"text", text}});
    const ModelCall call = call_of(
        endpoint_,
        {{"systemInstruction", {{"parts", Json::array({{{"text", question.instructions}}})}}},
         {"contents", Json::array({{{"role", "user"}, {"parts", std::move(parts)}}})},
         {"generationConfig",
          {{"responseMimeType", "application/json"},
           {"responseJsonSchema", core::parse_json(question.schema, "schema of a question")}}}});
    std::string text;
    for (const Json& part : parts_of(call_model(endpoint_, call))) {
      if (!part.is_object() || part.value("thought", Json(false)) == Json(true)) continue;
      if (part.contains("text") && part.at("text").is_string())
        text += part.at("text").get<std::string>();
    }
    return checked_answer(kName, text, question);
  }

 private:
  Endpoint endpoint_;
};

struct Ratio {
  std::string_view name;
  double value;
};
constexpr std::array<Ratio, 10> kRatios = {{{"1:1", 1.0},
                                            {"2:3", 2.0 / 3},
                                            {"3:2", 3.0 / 2},
                                            {"3:4", 3.0 / 4},
                                            {"4:3", 4.0 / 3},
                                            {"4:5", 4.0 / 5},
                                            {"5:4", 5.0 / 4},
                                            {"9:16", 9.0 / 16},
                                            {"16:9", 16.0 / 9},
                                            {"21:9", 21.0 / 9}}};

std::string_view nearest_ratio(std::int64_t width, std::int64_t height) {
  const double wanted = std::log(static_cast<double>(width) / static_cast<double>(height));
  const Ratio* nearest = kRatios.data();
  for (const Ratio& ratio : kRatios) {
    if (std::abs(std::log(ratio.value) - wanted) < std::abs(std::log(nearest->value) - wanted))
      nearest = &ratio;
  }
  return nearest->name;
}

class GeminiImages final : public ImageModel {
 public:
  explicit GeminiImages(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  std::string version() const override { return "gemini/" + endpoint_.model; }

  MadePicture paint(const ImageRequest& request) override {
    Json parts = Json::array();
    for (const ModelPicture& picture : request.references) add_picture(parts, picture);
    parts.push_back({{"text", request.prompt}});
    Json image = {{"aspectRatio", nearest_ratio(request.width, request.height)}};
    // The generation before 3 draws 1K only and refuses to be told so.
    if (!endpoint_.model.starts_with("gemini-2"))
      image["imageSize"] = std::max(request.width, request.height) > 1024 ? "2K" : "1K";
    ModelCall call = call_of(
        endpoint_, {{"contents", Json::array({{{"role", "user"}, {"parts", std::move(parts)}}})},
                    {"generationConfig",
                     {{"responseModalities", Json::array({"IMAGE"})}, {"imageConfig", image}}}});
    call.most_bytes = kMostPictureBytes;
    for (const Json& part : parts_of(call_model(endpoint_, call))) {
      if (!part.is_object() || part.value("thought", Json(false)) == Json(true)) continue;
      const Json data = part.value("inlineData", Json());
      if (!data.is_object() || !data.value("data", Json()).is_string()) continue;
      return {.picture = checked_picture(kName, data.at("data").get<std::string>())};
    }
    throw UnusableAnswer("gemini answers without a picture", true);
  }

 private:
  Endpoint endpoint_;
};

}  // namespace

Provider gemini_row() {
  return {.name = kName,
          .key_variables = {"GEMINI_API_KEY", "GOOGLE_API_KEY"},
          .address = "https://generativelanguage.googleapis.com",
          .language_model = "gemini-3.7-flash",
          .language = [](Endpoint endpoint) -> std::unique_ptr<LanguageModel> {
            return std::make_unique<GeminiLanguage>(std::move(endpoint));
          },
          .image_model = "gemini-3.1-flash-image",
          .image = [](Endpoint endpoint) -> std::unique_ptr<ImageModel> {
            return std::make_unique<GeminiImages>(std::move(endpoint));
          }};
}

}  // namespace adgenome::providers
