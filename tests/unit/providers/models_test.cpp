// What each provider is sent and how its answers are read; how it behaves against a server that
// misbehaves is shown by tests/providers.

#include <adgenome/core/base64.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/providers/registry.hpp>
#include <nlohmann/json.hpp>

#include "scripted.hpp"

namespace {

using namespace adgenome;
using namespace adgenome::testing;
using core::Json;
using providers::find_provider;
using providers::Refusal;
using providers::UnusableAnswer;

const std::string kPng = "\x89PNG\r\n\x1a\n...";
const providers::NamedTexts kJson = {{"content-type", "application/json; charset=utf-8"}};

HttpResult json_answer(const Json& body, int status = 200, providers::NamedTexts more = {}) {
  more.insert(more.end(), kJson.begin(), kJson.end());
  return answer(status, body.dump(), more);
}

providers::Endpoint endpoint(ScriptedClient& client, const std::string& model) {
  return {.client = &client.client,
          .key = providers::Secret("sesame"),
          .address = "https://models.test",
          .model = model};
}

providers::Question question() {
  return {.instructions = "You look at ads.",
          .texts = {"How good is it?"},
          .pictures = {{.caption = "the ad", .media_type = "image/png", .bytes = kPng}},
          .schema = R"({"type": "object", "required": ["score"], "additionalProperties": false,
                        "properties": {"score": {"type": ["number", "null"], "minimum": 0,
                                                 "maximum": 10}}})"};
}

Json body_of(const ScriptedClient& client, std::size_t at = 0) {
  return Json::parse(client.transport.asked.at(at).body);
}

std::string header_of(const HttpRequest& request, const std::string& name) {
  for (const auto& [its_name, value] : request.headers) {
    if (its_name == name) return value;
  }
  return "";
}

/// What each provider's answer looks like that holds this text.
Json written(const std::string& provider, const std::string& text) {
  if (provider == "gemini") {
    return {{"candidates", Json::array({{{"content", {{"parts", Json::array({{{"text", text}}})}}},
                                         {"finishReason", "STOP"}}})}};
  }
  if (provider == "anthropic") {
    return {{"type", "message"},
            {"content", Json::array({{{"type", "text"}, {"text", text}}})},
            {"stop_reason", "end_turn"}};
  }
  return {{"status", "completed"},
          {"output",
           Json::array({{{"type", "reasoning"}, {"summary", Json::array()}},
                        {{"type", "message"},
                         {"content", Json::array({{{"type", "output_text"}, {"text", text}}})}}})}};
}

TEST_CASE("each language model is asked in its own words and answers in JSON") {
  for (const std::string name : {"gemini", "anthropic", "openai"}) {
    CAPTURE(name);
    ScriptedClient client({json_answer(written(name, R"({"score": 7.5})"))});
    auto model = find_provider(name).language(endpoint(client, "m-1"));
    CHECK(model->version() == name + "/m-1");
    CHECK(model->ask(question()) == Json{{"score", 7.5}});
    const HttpRequest& asked = client.transport.asked[0];
    CHECK(asked.method == "POST");
    CHECK(asked.url.find("sesame") == std::string::npos);
    CHECK(asked.body.find("sesame") == std::string::npos);
    CHECK(asked.body.find(core::to_base64(kPng)) != std::string::npos);
    CHECK(asked.body.find("How good is it?") != std::string::npos);
  }
}

TEST_CASE("the wire format of each language model") {
  SUBCASE("gemini") {
    ScriptedClient client({json_answer(written("gemini", R"({"score": null})"))});
    find_provider("gemini").language(endpoint(client, "g"))->ask(question());
    CHECK(client.transport.asked[0].url == "https://models.test/v1beta/models/g:generateContent");
    CHECK(header_of(client.transport.asked[0], "x-goog-api-key") == "sesame");
    const Json body = body_of(client);
    CHECK(body["generationConfig"]["responseMimeType"] == "application/json");
    CHECK(body["generationConfig"]["responseJsonSchema"]["properties"]["score"]["maximum"] == 10);
    CHECK(body["systemInstruction"]["parts"][0]["text"] == "You look at ads.");
    CHECK(body["contents"][0]["parts"][0]["text"] == "the ad:");
    CHECK(body["contents"][0]["parts"][1]["inlineData"]["mimeType"] == "image/png");
  }
  SUBCASE("anthropic") {
    ScriptedClient client({json_answer(written("anthropic", R"({"score": null})"))});
    find_provider("anthropic").language(endpoint(client, "a"))->ask(question());
    const HttpRequest& asked = client.transport.asked[0];
    CHECK(asked.url == "https://models.test/v1/messages");
    CHECK(header_of(asked, "x-api-key") == "sesame");
    CHECK(header_of(asked, "anthropic-version") == "2023-06-01");
    const Json format = body_of(client)["output_config"]["format"];
    CHECK(format["type"] == "json_schema");
    CHECK_FALSE(format["schema"]["properties"]["score"].contains("maximum"));
    CHECK(body_of(client)["messages"][0]["content"][1]["source"]["media_type"] == "image/png");
  }
  SUBCASE("openai") {
    ScriptedClient client({json_answer(written("openai", R"({"score": null})"))});
    find_provider("openai").language(endpoint(client, "o"))->ask(question());
    const HttpRequest& asked = client.transport.asked[0];
    CHECK(asked.url == "https://models.test/responses");
    CHECK(header_of(asked, "Authorization") == "Bearer sesame");
    const Json body = body_of(client);
    CHECK(body["store"] == false);
    CHECK(body["text"]["format"]["strict"] == true);
    const Json content = body["input"][0]["content"];
    CHECK(content[1]["image_url"] == "data:image/png;base64," + core::to_base64(kPng));
    CHECK(content[2] == Json{{"type", "input_text"}, {"text", "How good is it?"}});
  }
}

TEST_CASE("answers that cannot be used say why") {
  const auto problem = [](const std::string& name, const HttpResult& result) {
    ScriptedClient client({result});
    try {
      find_provider(name).language(endpoint(client, "m"))->ask(question());
    } catch (const UnusableAnswer& error) {
      return std::string(error.is_paid ? "paid: " : "") + error.what();
    } catch (const Refusal& error) {
      return std::string("refused: ") + error.what();
    }
    return std::string("used");
  };
  for (const std::string name : {"gemini", "anthropic", "openai"}) {
    CAPTURE(name);
    CHECK(problem(name, answer(200, "<html>", {{"content-type", "text/html"}})) ==
          name + " answers with a page of HTML, not with JSON");
    CHECK(problem(name, answer(200, "hi", {{"content-type", "text/plain"}})) ==
          name + " answers with the content type \"text/plain\", not with JSON");
    CHECK(problem(name, answer(200, "{\"a\":", kJson)) ==
          "paid: " + name + " answers with what is not a JSON object (malformed or cut off)");
    CHECK(problem(name, json_answer(written(name, "so so"))) ==
          "paid: " + name + " writes what is not JSON");
    CHECK(problem(name, json_answer(written(name, R"({"score": 11})"))) ==
          "paid: " + name + " writes JSON against the schema: /score: above 10");
    CHECK(problem(name, json_answer(written(name, R"({})"))) ==
          "paid: " + name + " writes JSON against the schema: /score: missing");
    CHECK(problem(name, json_answer(written(name, R"({"score": 1, "pass": true})"))) ==
          "paid: " + name + " writes JSON against the schema: /pass: not asked for");
    CHECK(problem(name, json_answer(written(name, R"({"score": "1"})"))) ==
          "paid: " + name + " writes JSON against the schema: /score: expected number or null");
  }
  CHECK(problem("gemini", json_answer({{"promptFeedback", {{"blockReason", "SAFETY"}}}})) ==
        "refused: gemini refuses the prompt: \"SAFETY\"");
  CHECK(problem("gemini",
                json_answer({{"candidates", Json::array({{{"finishReason", "MAX_TOKENS"}}})}})) ==
        "paid: gemini ends at its limit of tokens");
  CHECK(problem("anthropic", json_answer({{"stop_reason", "refusal"}})) ==
        "refused: anthropic refuses to answer");
  CHECK(
      problem("openai", json_answer({{"status", "incomplete"},
                                     {"incomplete_details", {{"reason", "max_output_tokens"}}}})) ==
      "paid: openai ends without an answer: {\"reason\":\"max_output_tokens\"}");
}

TEST_CASE("refusals are not tried again and do not show the key") {
  const Json error = {{"error", {{"code", 400}, {"message", "bad key sesame"}, {"type", "x"}}}};
  for (const std::string name : {"gemini", "anthropic", "openai"}) {
    for (const int status : {400, 401, 403, 404, 302}) {
      ScriptedClient client({json_answer(error, status)});
      std::string said;
      try {
        find_provider(name).language(endpoint(client, "m"))->ask(question());
      } catch (const Refusal& refusal) {
        said = refusal.what();
        CHECK(refusal.status == status);
      }
      CHECK(said == name + " refuses: HTTP status " + std::to_string(status) + ": bad key ***");
    }
  }
  ScriptedClient client(
      {json_answer({{"error", {{"message", "no credit"}, {"code", "insufficient_quota"}}}}, 429)});
  CHECK_THROWS_AS(find_provider("openai").language(endpoint(client, "m"))->ask(question()),
                  Refusal);
}

TEST_CASE("throttling and failures of the server are waited out, as long as is asked for") {
  const Json busy = {{"error", {{"message", "slow down"}}}};
  SUBCASE("with Retry-After, in seconds or as a date") {
    ScriptedClient client({json_answer(busy, 429, {{"retry-after", "7"}}),
                           json_answer(busy, 503,
                                       {{"retry-after", "Sat, 21 Nov 2026 04:00:30 GMT"},
                                        {"date", "Sat, 21 Nov 2026 04:00:00 GMT"}}),
                           json_answer(written("openai", R"({"score": 1})"))});
    find_provider("openai").language(endpoint(client, "m"))->ask(question());
    CHECK(client.slept == std::vector<Milliseconds>{7s, 30s});
  }
  SUBCASE("in the body of Gemini's answer") {
    const Json told = {
        {"error",
         {{"code", 429},
          {"message", "quota"},
          {"details", Json::array({{{"@type", "type.googleapis.com/google.rpc.RetryInfo"},
                                    {"retryDelay", "34.07s"}}})}}}};
    ScriptedClient client(
        {json_answer(told, 429), json_answer(written("gemini", R"({"score": 1})"))});
    find_provider("gemini").language(endpoint(client, "m"))->ask(question());
    CHECK(client.slept == std::vector<Milliseconds>{34'070ms});
  }
  SUBCASE("with full jitter where nothing is said, six times") {
    ScriptedClient client(std::deque<HttpResult>(6, json_answer(busy, 529)));
    CHECK_THROWS_WITH_AS(
        find_provider("anthropic").language(endpoint(client, "m"))->ask(question()),
        "POST models.test/v1/messages failed 6 times, the last time: HTTP status 529: slow down",
        core::ProviderError);
    REQUIRE(client.slept.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) CHECK(client.slept[i] < 1s * (1 << i));
  }
  SUBCASE("but not longer than is allowed") {
    ScriptedClient client({json_answer(busy, 429, {{"retry-after", "3600"}})});
    CHECK_THROWS_WITH_AS(find_provider("openai").language(endpoint(client, "m"))->ask(question()),
                         "openai asks to wait 3600 s, more than the 120 s that are allowed: HTTP "
                         "status 429: slow down",
                         Refusal);
  }
}

providers::ImageRequest canvas(std::int64_t width, std::int64_t height) {
  return {.prompt = "A cream.", .width = width, .height = height};
}

Json gemini_picture(const std::string& bytes) {
  return {{"candidates",
           Json::array({{{"finishReason", "STOP"},
                         {"content",
                          {{"parts", Json::array({{{"text", "here"}},
                                                  {{"inlineData",
                                                    {{"mimeType", "image/png"},
                                                     {"data", core::to_base64(bytes)}}}}})}}}}})}};
}

TEST_CASE("gemini paints in the nearest shape") {
  const std::tuple<std::int64_t, std::int64_t, const char*> shapes[] = {
      {1080, 1080, "1:1"},  {1080, 1350, "4:5"}, {1080, 1920, "9:16"},
      {1920, 1080, "16:9"}, {1200, 628, "16:9"}, {4000, 400, "21:9"}};
  for (const auto& [width, height, ratio] : shapes) {
    ScriptedClient client({json_answer(gemini_picture(kPng))});
    auto request = canvas(width, height);
    request.references = {{.caption = "the product", .media_type = "image/jpeg", .bytes = "x"}};
    const auto made = find_provider("gemini").image(endpoint(client, "gemini-3.1"))->paint(request);
    CHECK(made.picture.bytes == kPng);
    CHECK(made.picture.media_type == "image/png");
    const Json body = body_of(client);
    CHECK(body["generationConfig"]["imageConfig"] ==
          Json{{"aspectRatio", ratio}, {"imageSize", "2K"}});
    CHECK(body["generationConfig"]["responseModalities"] == Json::array({"IMAGE"}));
    CHECK(body["contents"][0]["parts"].size() == 3);
  }
  ScriptedClient client({json_answer(gemini_picture("GIF89a"))});
  CHECK_THROWS_AS(find_provider("gemini").image(endpoint(client, "g"))->paint(canvas(9, 9)),
                  UnusableAnswer);
}

TEST_CASE("openai paints, with and without pictures to go by") {
  const Json made = {{"created", 1},
                     {"data", Json::array({{{"b64_json", core::to_base64(kPng)}}})}};
  const auto size = [&](const char* model, std::int64_t width, std::int64_t height) {
    ScriptedClient client({json_answer(made)});
    CHECK(find_provider("openai")
              .image(endpoint(client, model))
              ->paint(canvas(width, height))
              .picture.bytes == kPng);
    CHECK(client.transport.asked[0].url == "https://models.test/images/generations");
    return body_of(client)["size"].get<std::string>();
  };
  CHECK(size("gpt-image-1-mini", 1080, 1080) == "1024x1024");
  CHECK(size("gpt-image-1.5", 1080, 1350) == "1024x1536");
  CHECK(size("gpt-image-1", 1920, 1080) == "1536x1024");
  CHECK(size("gpt-image-2", 1080, 1080) == "1088x1088");
  CHECK(size("gpt-image-2", 1080, 1920) == "1088x1920");
  CHECK(size("gpt-image-2", 200, 200) == "864x864");
  CHECK(size("gpt-image-2", 200, 4096) == "528x1568");

  ScriptedClient client({json_answer(made)});
  auto request = canvas(1080, 1080);
  request.references = {{.caption = "the product", .media_type = "image/png", .bytes = kPng}};
  find_provider("openai").image(endpoint(client, "gpt-image-2"))->paint(request);
  CHECK(client.transport.asked[0].url == "https://models.test/images/edits");
  CHECK(body_of(client)["images"][0]["image_url"] ==
        "data:image/png;base64," + core::to_base64(kPng));
  CHECK(body_of(client)["prompt"] == "A cream.\nPicture 1 is the product.");
}

TEST_CASE("openai makes vectors, in the order of the texts") {
  const auto embed = [](const Json& data) {
    ScriptedClient client({json_answer({{"data", data}})});
    return find_provider("openai").embedder(endpoint(client, "e"))->embed({}, {"a", "b"});
  };
  const auto row = [](int index, const Json& vector) -> Json {
    return {{"object", "embedding"}, {"index", index}, {"embedding", vector}};
  };
  CHECK(embed(Json::array({row(1, {0.5, 2}), row(0, {1, -1})})) ==
        std::vector<std::vector<float>>{{1, -1}, {0.5, 2}});
  CHECK_THROWS_AS(embed(Json::array({row(0, {1, 2})})), UnusableAnswer);
  CHECK_THROWS_AS(embed(Json::array({row(0, {1, 2}), row(0, {1, 2})})), UnusableAnswer);
  CHECK_THROWS_AS(embed(Json::array({row(0, {1, 2}), row(2, {1, 2})})), UnusableAnswer);
  CHECK_THROWS_AS(embed(Json::array({row(0, {1, 2}), row(1, {1})})), UnusableAnswer);
  CHECK_THROWS_AS(embed(Json::array({row(0, {1, 2}), row(1, {1, "x"})})), UnusableAnswer);
}

TEST_CASE("keys are sent over HTTPS or to this machine only") {
  for (const char* address :
       {"http://models.test", "ftp://models.test", "http://localhost.evil.test"}) {
    ScriptedClient client({});
    auto where = endpoint(client, "m");
    where.address = address;
    CHECK_THROWS_AS(find_provider("openai").language(where)->ask(question()), core::InvalidInput);
  }
}

TEST_CASE("an unknown provider is refused") {
  CHECK_THROWS_AS(find_provider("dalle"), core::InvalidInput);
}

}  // namespace
