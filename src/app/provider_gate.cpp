#include "provider_gate.hpp"

#include <algorithm>
#include <cmath>

namespace adgenome::app {

using providers::Milliseconds;

ProviderGate::ProviderGate(int calls_at_once, double calls_a_minute, const ProviderAccess& access)
    : places_(calls_at_once),
      interval_(calls_a_minute > 0
                    ? Milliseconds(static_cast<std::int64_t>(std::ceil(60'000 / calls_a_minute)))
                    : Milliseconds(0)),
      access_(access) {}

void ProviderGate::enter() {
  Milliseconds wait{0};
  {
    std::unique_lock lock(mutex_);
    is_free_.wait(lock, [&] { return places_ > 0; });
    --places_;
    if (interval_ > Milliseconds(0)) {
      const Milliseconds now = access_.clock();
      wait = std::max(next_ - now, Milliseconds(0));
      next_ = now + wait + interval_;
    }
  }
  if (wait > Milliseconds(0)) access_.sleep(wait);
}

void ProviderGate::leave() {
  {
    const std::lock_guard lock(mutex_);
    ++places_;
  }
  is_free_.notify_one();
}

providers::HttpResult GatedTransport::send(const providers::HttpRequest& request) {
  gate_.enter();
  struct Leave {
    ProviderGate& gate;
    ~Leave() { gate.leave(); }
  } leave{gate_};
  return inner_.send(request);
}

}  // namespace adgenome::app
