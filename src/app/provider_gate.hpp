#pragma once

#include <adgenome/app/provider_access.hpp>
#include <condition_variable>
#include <mutex>

namespace adgenome::app {

/// Lets through as many calls at once, and a minute, as a provider's settings say.
class ProviderGate {
 public:
  /// `calls_a_minute` 0 is without a limit.
  ProviderGate(int calls_at_once, double calls_a_minute, const ProviderAccess& access);

  /// Waits for its turn.
  void enter();
  void leave();

 private:
  std::mutex mutex_;
  std::condition_variable is_free_;
  int places_;
  providers::Milliseconds interval_;
  providers::Milliseconds next_{0};
  const ProviderAccess& access_;
};

/// What passes through a gate, each try by itself: waits between them hold no place.
class GatedTransport final : public providers::Transport {
 public:
  GatedTransport(ProviderGate& gate, providers::Transport& inner) : gate_(gate), inner_(inner) {}
  providers::HttpResult send(const providers::HttpRequest& request) override;

 private:
  ProviderGate& gate_;
  providers::Transport& inner_;
};

}  // namespace adgenome::app
