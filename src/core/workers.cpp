#include <adgenome/core/workers.hpp>
#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

namespace adgenome::core {

Workers::Workers(int count) : count_(std::max(count, 1)) {}

Workers Workers::of_this_machine() {
  return Workers(static_cast<int>(std::thread::hardware_concurrency()));
}

void Workers::run(const std::function<void(int worker)>& body) const {
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(count_));
  const auto guarded = [&](int worker) {
    try {
      body(worker);
    } catch (...) {
      failures[static_cast<std::size_t>(worker)] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int worker = 0; worker + 1 < count_; ++worker) threads.emplace_back(guarded, worker);
    guarded(count_ - 1);
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace adgenome::core
