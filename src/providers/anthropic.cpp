// Anthropic's Messages API (platform.claude.com/docs/en/api/messages), with structured outputs.

#include <adgenome/core/base64.hpp>
#include <nlohmann/json.hpp>

#include "answer_schema.hpp"
#include "model_call.hpp"
#include "provider_rows.hpp"

namespace adgenome::providers {
namespace {

using core::Json;

constexpr std::string_view kName = "anthropic";
constexpr int kMostTokens = 8192;  // of an answer

/// {"type": "error", "error": {"type", "message"}, "request_id"}
ModelError read_error(const Json& answer) {
  const Json error = answer.value("error", Json::object());
  ModelError read;
  if (!error.is_object()) return read;
  const Json message = error.value("message", Json());
  if (message.is_string()) read.message = message.get<std::string>();
  read.is_final = error.value("type", Json()) == "billing_error";
  return read;
}

class AnthropicLanguage final : public LanguageModel {
 public:
  explicit AnthropicLanguage(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  std::string version() const override { return "anthropic/" + endpoint_.model; }

  Json ask(const Question& question) override {
    Json content = Json::array();
    for (const ModelPicture& picture : question.pictures) {
      if (!picture.caption.empty())
        content.push_back({{"type", "text"}, {"text", picture.caption + ":"}});
      content.push_back({{"type", "image"},
                         {"source",
                          {{"type", "base64"},
                           {"media_type", picture.media_type},
                           {"data", core::to_base64(picture.bytes)}}}});
    }
    for (const std::string& text : question.texts)
      content.push_back({{"type", "text"}, {"text", text}});
    const Json schema = core::parse_json(question.schema, "schema of a question");
    const ModelCall call{
        .provider = kName,
        .path = "/v1/messages",
        .headers = {{"x-api-key", endpoint_.key.reveal()}, {"anthropic-version", "2023-06-01"}},
        .body = {{"model", endpoint_.model},
                 {"max_tokens", kMostTokens},
                 {"system", question.instructions},
                 {"messages", Json::array({{{"role", "user"}, {"content", std::move(content)}}})},
                 // Its schemas know no bounds of numbers: they are checked here.
                 {"output_config",
                  {{"format", {{"type", "json_schema"}, {"schema", without_bounds(schema)}}}}}},
        .read_error = read_error};
    const Json answer = call_model(endpoint_, call);
    const Json reason = answer.value("stop_reason", Json());
    if (reason == "refusal") throw Refusal("anthropic refuses to answer", 200);
    if (reason == "max_tokens")
      throw UnusableAnswer(
          "anthropic ends at the limit of " + std::to_string(kMostTokens) + " tokens", true);
    std::string text;
    for (const Json& block : answer.value("content", Json::array())) {
      if (block.is_object() && block.value("type", Json()) == "text" &&
          block.value("text", Json()).is_string())
        text += block.at("text").get<std::string>();
    }
    return checked_answer(kName, text, question);
  }

 private:
  Endpoint endpoint_;
};

}  // namespace

Provider anthropic_row() {
  return {.name = kName,
          .key_variables = {"ANTHROPIC_API_KEY"},
          .address = "https://api.anthropic.com",
          .language_model = "claude-sonnet-5",
          .language = [](Endpoint endpoint) -> std::unique_ptr<LanguageModel> {
            return std::make_unique<AnthropicLanguage>(std::move(endpoint));
          }};
}

}  // namespace adgenome::providers
