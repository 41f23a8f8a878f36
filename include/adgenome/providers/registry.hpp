#pragma once

#include <adgenome/providers/client.hpp>
#include <adgenome/providers/models.hpp>
#include <adgenome/providers/secret.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::providers {

/// Where and how one provider is called.
struct Endpoint {
  Client* client = nullptr;
  Secret key{""};
  std::string address = {};  ///< without a slash at its end
  std::string model = {};
  Milliseconds timeout{180'000};
  /// What a provider may ask to wait before it is given up.
  Milliseconds longest_wait{120'000};
};

/// A provider of models. A new one is its file and its row in registry.cpp.
struct Provider {
  std::string_view name;
  std::vector<const char*> key_variables;  ///< of the environment, the first that is set counts
  std::string_view address;
  // What it can do, and its model for that unless another is configured; null: it cannot.
  std::string_view language_model = {};
  std::unique_ptr<LanguageModel> (*language)(Endpoint) = nullptr;
  std::string_view image_model = {};
  std::unique_ptr<ImageModel> (*image)(Endpoint) = nullptr;
  std::string_view embedding_model = {};
  std::unique_ptr<Embedder> (*embedder)(Endpoint) = nullptr;
};

std::span<const Provider> providers();
/// Throws InvalidInput naming those that there are.
const Provider& find_provider(std::string_view name);

/// What is configured for a provider.
struct ProviderSettings {
  std::optional<Secret> key = {};
  std::string address = {};         ///< empty: the provider's own
  std::string language_model = {};  ///< empty: its default, and so on
  std::string image_model = {};
  std::string embedding_model = {};
  int concurrency = 4;            ///< calls under way at once
  double calls_a_minute = 0;      ///< 0: as many as come
  Milliseconds timeout{180'000};  ///< of one call
  Milliseconds longest_wait{120'000};
  int tries = 6;           ///< of one call, the first included
  double wait_factor = 1;  ///< of every wait; for tests
};

}  // namespace adgenome::providers
