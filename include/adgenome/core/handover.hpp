#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace adgenome::core {

/// Hands values from one thread to another, hand to hand: the giver works on the next one while
/// the taker works on the last, and there are never more than these two.
template <class T>
class Handover {
 public:
  /// Waits until it is taken. False: nobody takes any more.
  bool give(T value) {
    std::unique_lock lock(mutex_);
    value_.emplace(std::move(value));
    changed_.notify_all();
    changed_.wait(lock, [&] { return !value_ || is_closed_; });
    return !value_;
  }

  /// The next one; nothing once the giver has finished.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return value_ || is_finished_; });
    std::optional<T> value = std::exchange(value_, std::nullopt);
    changed_.notify_all();
    return value;
  }

  /// The giver has no more.
  void finish() {
    const std::lock_guard lock(mutex_);
    is_finished_ = true;
    changed_.notify_all();
  }

  /// The taker wants no more.
  void close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<T> value_;
  bool is_finished_ = false;
  bool is_closed_ = false;
};

}  // namespace adgenome::core
