// OpenAI's API: Responses, Images and Embeddings (developers.openai.com/api/reference).

#include <adgenome/core/text.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model_call.hpp"
#include "provider_rows.hpp"

namespace adgenome::providers {
namespace {

using core::Json;

constexpr std::string_view kName = "openai";

/// {"error": {"message", "type", "param", "code"}}
ModelError read_error(const Json& answer) {
  const Json error = answer.value("error", Json::object());
  ModelError read;
  if (!error.is_object()) return read;
  const Json message = error.value("message", Json());
  if (message.is_string()) read.message = message.get<std::string>();
  // Under 429 as well, but no wait brings money.
  read.is_final = error.value("code", Json()) == "insufficient_quota";
  return read;
}

ModelCall call_of(const Endpoint& endpoint, std::string path, Json body) {
  return {.provider = kName,
          .path = std::move(path),
          .headers = {{"Authorization", "Bearer " + endpoint.key.reveal()}},
          .body = std::move(body),
          .read_error = read_error};
}

class OpenAiLanguage final : public LanguageModel {
 public:
  explicit OpenAiLanguage(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  std::string version() const override { return "openai/" + endpoint_.model; }

  Json ask(const Question& question) override {
    Json content = Json::array();
    const auto say = [&](const std::string& text) {
      content.push_back({{"type", "input_text"}, {"text", text}});
    };
    for (const ModelPicture& picture : question.pictures) {
      if (!picture.caption.empty()) say(picture.caption + ":");
      content.push_back({{"type", "input_image"}, {"image_url", data_url(picture)}});
    }
    for (const std::string& text : question.texts) say(text);
    const ModelCall call =
        call_of(endpoint_, "/responses",
                {{"model", endpoint_.model},
                 {"instructions", question.instructions},
                 {"input", Json::array({{{"role", "user"}, {"content", std::move(content)}}})},
                 {"text",
                  {{"format",
                    {{"type", "json_schema"},
                     {"name", "answer"},
                     {"strict", true},
                     {"schema", core::parse_json(question.schema, "schema of a question")}}}}},
                 {"store", false}});
    const Json answer = call_model(endpoint_, call);
    if (answer.value("status", Json("completed")) != "completed")
      throw UnusableAnswer(
          "openai ends without an answer: " + answer.value("incomplete_details", Json()).dump(),
          true);
    std::string text;
    for (const Json& item : answer.value("output", Json::array())) {
      if (!item.is_object() || item.value("type", Json()) != "message") continue;
      for (const Json& part : item.value("content", Json::array())) {
        if (part.is_object() && part.value("type", Json()) == "refusal")
          throw Refusal("openai refuses to answer", 200);
        if (part.is_object() && part.value("type", Json()) == "output_text" &&
            part.value("text", Json()).is_string())
          text += part.at("text").get<std::string>();
      }
    }
    return checked_answer(kName, text, question);
  }

 private:
  Endpoint endpoint_;
};

/// The size to ask for: before gpt-image-2 one of three, since then any with sides in steps of 16,
/// up to 3840, no longer than three times their height, of 655,360 to 8,294,400 pixels.
std::string size_for(const std::string& model, std::int64_t width, std::int64_t height) {
  if (model.starts_with("gpt-image-1")) {
    if (width * 5 > height * 6) return "1536x1024";
    return height * 5 > width * 6 ? "1024x1536" : "1024x1024";
  }
  constexpr double kLeastPixels = 655'360;
  constexpr double kMostPixels = 8'294'400;
  const double ratio =
      std::clamp(static_cast<double>(width) / static_cast<double>(height), 1.0 / 3, 3.0);
  const double pixels =
      std::clamp(static_cast<double>(width * height), kLeastPixels * 1.1, kMostPixels * 0.9);
  const double high = std::sqrt(pixels / ratio);
  const auto in_steps = [](double side) {
    return std::min<std::int64_t>(static_cast<std::int64_t>(std::ceil(side / 16)) * 16, 3840);
  };
  std::int64_t w = in_steps(high * ratio);
  std::int64_t h = in_steps(high);
  // Rounding may have gone beyond three to one.
  w = std::min(w, 3 * h);
  h = std::min(h, 3 * w);
  return std::to_string(w) + "x" + std::to_string(h);
}

class OpenAiImages final : public ImageModel {
 public:
  explicit OpenAiImages(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  std::string version() const override { return "openai/" + endpoint_.model; }

  MadePicture paint(const ImageRequest& request) override {
    std::string prompt = request.prompt;
    Json body = {{"model", endpoint_.model},
                 {"n", 1},
                 {"size", size_for(endpoint_.model, request.width, request.height)},
                 {"output_format", "png"}};
    Json images = Json::array();
    for (std::size_t i = 0; i < request.references.size(); ++i) {
      const ModelPicture& picture = request.references[i];
      images.push_back({{"image_url", data_url(picture)}});
      if (!picture.caption.empty())
        prompt += "\nPicture " + std::to_string(i + 1) + " is " + picture.caption + ".";
    }
    body["prompt"] = std::move(prompt);
    const bool edits = !images.empty();
    if (edits) body["images"] = std::move(images);
    ModelCall call =
        call_of(endpoint_, edits ? "/images/edits" : "/images/generations", std::move(body));
    call.most_bytes = kMostPictureBytes;
    const Json answer = call_model(endpoint_, call);
    const Json data = answer.value("data", Json::array());
    if (!data.is_array() || data.empty() || !data[0].is_object() ||
        !data[0].value("b64_json", Json()).is_string())
      throw UnusableAnswer("openai answers without a picture", true);
    return {.picture = checked_picture(kName, data[0].at("b64_json").get<std::string>())};
  }

 private:
  Endpoint endpoint_;
};

class OpenAiEmbedder final : public Embedder {
 public:
  explicit OpenAiEmbedder(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  std::string version() const override { return "openai/" + endpoint_.model; }

  std::vector<std::vector<float>> embed(const CallPurpose&,
                                        const std::vector<std::string>& texts) override {
    const ModelCall call =
        call_of(endpoint_, "/embeddings",
                {{"model", endpoint_.model}, {"input", texts}, {"encoding_format", "float"}});
    const Json answer = call_model(endpoint_, call);
    std::vector<std::vector<float>> vectors(texts.size());
    const auto refuse = [](const std::string& why) {
      throw UnusableAnswer("openai sends vectors that cannot be used: " + why, true);
    };
    const Json data = answer.value("data", Json::array());
    if (!data.is_array() || data.size() != texts.size()) refuse("not one a text");
    for (const Json& row : data) {
      const Json index = row.is_object() ? row.value("index", Json()) : Json();
      const Json values = row.is_object() ? row.value("embedding", Json()) : Json();
      if (!index.is_number_unsigned() || index.get<std::size_t>() >= texts.size() ||
          !values.is_array() || values.empty())
        refuse("not as documented");
      std::vector<float>& vector = vectors[index.get<std::size_t>()];
      if (!vector.empty()) refuse("an index twice");
      for (const Json& value : values) {
        if (!value.is_number()) refuse("what is not a number");
        vector.push_back(value.get<float>());
      }
    }
    for (const auto& vector : vectors) {
      if (vector.size() != vectors.front().size()) refuse("of several lengths");
    }
    return vectors;
  }

 private:
  Endpoint endpoint_;
};

}  // namespace

Provider openai_row() {
  return {.name = kName,
          .key_variables = {"OPENAI_API_KEY"},
          .address = "https://api.openai.com/v1",
          .language_model = "gpt-5.4-mini",
          .language = [](Endpoint endpoint) -> std::unique_ptr<LanguageModel> {
            return std::make_unique<OpenAiLanguage>(std::move(endpoint));
          },
          .image_model = "gpt-image-2",
          .image = [](Endpoint endpoint) -> std::unique_ptr<ImageModel> {
            return std::make_unique<OpenAiImages>(std::move(endpoint));
          },
          .embedding_model = "text-embedding-3-small",
          .embedder = [](Endpoint endpoint) -> std::unique_ptr<Embedder> {
            return std::make_unique<OpenAiEmbedder>(std::move(endpoint));
          }};
}

}  // namespace adgenome::providers
