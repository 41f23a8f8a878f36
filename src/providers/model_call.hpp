#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/providers/registry.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::providers {

/// What the body of an answer that is an error says.
struct ModelError {
  std::string message = {};
  bool is_final = false;  ///< asking again is of no use, whatever the status: no credit is left
  std::optional<Milliseconds> wait = std::nullopt;  ///< what it asks to wait, where it says so here
};

/// One call of a model's API: a document there, a document back.
struct ModelCall {
  std::string_view provider;
  std::string path;  ///< behind the address
  NamedTexts headers = {};
  core::Json body;
  std::size_t most_bytes = std::size_t{8} << 20;
  ModelError (*read_error)(const core::Json& answer) = nullptr;
};

/// Sends it until it is answered. Throws Refusal where the provider refuses, UnusableAnswer for an
/// answer that is no JSON object, ProviderError where there was none after all tries.
core::Json call_model(const Endpoint& endpoint, const ModelCall& call);

/// The document that a model wrote as text, checked against the schema of the question.
core::Json checked_answer(std::string_view provider, const std::string& text,
                          const Question& question);

/// The picture that came in base 64. Throws UnusableAnswer where it is none.
ModelPicture checked_picture(std::string_view provider, const std::string& base64);

/// "data:image/png;base64,..."
std::string data_url(const ModelPicture& picture);

constexpr std::size_t kMostPictureBytes = std::size_t{64} << 20;  // of an answer with a picture

}  // namespace adgenome::providers
