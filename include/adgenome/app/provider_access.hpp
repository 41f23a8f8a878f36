#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/providers/registry.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace adgenome::app {

/// How a command reaches providers: what is configured, and everything of the world that calls
/// need, so that tests can do without it.
struct ProviderAccess {
  std::function<providers::ProviderSettings(const std::string& provider)> settings;
  std::function<std::unique_ptr<providers::Transport>()> open_transport =
      providers::open_http_transport;
  std::function<void(providers::Milliseconds)> sleep;
  std::function<providers::Milliseconds()> clock;  ///< that never goes back
  std::uint64_t seed = 0;                          ///< of what is drawn for waits
  std::function<void(const std::string&)> note = {};
  bool uses_cache = false;  ///< answers to the same request are taken over, whosever they were
};

/// The language model of a provider, for a brand: each asking is a row of its ledger, and an answer
/// is stored under its key, so that it is not paid again. Throws InvalidInput for a provider that
/// has none, ProviderError where its key is missing.
std::unique_ptr<providers::LanguageModel> open_language_model(store::Session& session,
                                                              const store::Brand& brand,
                                                              const ProviderAccess& access,
                                                              const std::string& provider,
                                                              core::Time now);

}  // namespace adgenome::app
