#include "model_call.hpp"

#include <adgenome/core/base64.hpp>
#include <adgenome/core/text.hpp>
#include <nlohmann/json.hpp>

#include "answer_schema.hpp"

namespace adgenome::providers {
namespace {

using core::Json;
using core::ProviderError;

std::optional<Json> parsed(const std::string& text) {
  try {
    return core::parse_json(text, "answer");
  } catch (const core::InvalidInput&) {
    return std::nullopt;
  }
}

bool is_html(const HttpResponse& response) {
  const std::string type = core::to_lower(response.header("content-type").value_or(""));
  return type.starts_with("text/html") || core::trim(response.body).starts_with('<');
}

std::string hint_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return "check the provider's key (adgenome config shows where it comes from)";
    case 402:
      return "the provider's account has no credit left";
    case 404:
      return "check the model and the base-url of the provider (adgenome config)";
    default:
      return "";
  }
}

/// Retries are decided on here; a refusal is thrown.
std::optional<Retry> judge(const Endpoint& endpoint, const ModelCall& call,
                           const HttpResponse& response) {
  const int status = response.status;
  if (status >= 200 && status < 300) return std::nullopt;
  ModelError error;
  if (const auto document = parsed(response.body); document && document->is_object())
    error = call.read_error(*document);
  std::string said = "HTTP status " + std::to_string(status);
  if (!error.message.empty()) said += ": " + endpoint.key.masked_in(error.message);
  std::optional<Retry> retry = error.is_final ? std::nullopt : retry_by_status(response);
  if (!retry)
    throw Refusal(std::string(call.provider) + " refuses: " + said, status, hint_of(status));
  retry->reason = said;
  // Waits of a model's API are short, and each attempt bears its own: no wait of an hour is begun.
  retry->is_throttled = false;
  if (!retry->wait) retry->wait = error.wait;
  if (retry->wait && *retry->wait > endpoint.longest_wait) {
    throw Refusal(std::string(call.provider) + " asks to wait " +
                      std::to_string(retry->wait->count() / 1000) + " s, more than the " +
                      std::to_string(endpoint.longest_wait.count() / 1000) +
                      " s that are allowed: " + said,
                  status, "raise max-wait of the provider, or try again later");
  }
  return retry;
}

}  // namespace

Json call_model(const Endpoint& endpoint, const ModelCall& call) {
  HttpRequest request{.method = "POST",
                      .url = checked_address(endpoint.address) + call.path,
                      .headers = call.headers,
                      .body = core::dump(call.body),
                      .timeout = endpoint.timeout,
                      .most_bytes = call.most_bytes};
  request.headers.emplace_back("Content-Type", "application/json");
  const HttpResponse response = endpoint.client->call(
      request, [&](const HttpResponse& each) { return judge(endpoint, call, each); });
  const std::string name = std::string(call.provider) + " answers ";
  if (is_html(response))
    throw UnusableAnswer(name + "with a page of HTML, not with JSON", false,
                         "check the base-url of the provider, and proxies on the way");
  const std::string type = core::to_lower(response.header("content-type").value_or(""));
  if (type.find("json") == std::string::npos)
    throw UnusableAnswer(name + "with the content type \"" + type + "\", not with JSON", false);
  auto document = parsed(response.body);
  if (!document || !document->is_object())
    throw UnusableAnswer(name + "with what is not a JSON object (malformed or cut off)", true);
  return *std::move(document);
}

Json checked_answer(std::string_view provider, const std::string& text, const Question& question) {
  const auto document = parsed(text);
  if (!document) throw UnusableAnswer(std::string(provider) + " writes what is not JSON", true);
  const Json schema = core::parse_json(question.schema, "schema of a question");
  if (const auto fault = schema_fault(*document, schema))
    throw UnusableAnswer(std::string(provider) + " writes JSON against the schema: " + *fault,
                         true);
  return *document;
}

ModelPicture checked_picture(std::string_view provider, const std::string& base64) {
  auto bytes = core::from_base64(base64);
  const std::string type = bytes ? media_type_of(*bytes) : "";
  if (type.empty())
    throw UnusableAnswer(std::string(provider) + " sends a picture that is none", true);
  return {.caption = {}, .media_type = type, .bytes = *std::move(bytes)};
}

std::string data_url(const ModelPicture& picture) {
  return "data:" + picture.media_type + ";base64," + core::to_base64(picture.bytes);
}

}  // namespace adgenome::providers
