#pragma once

#include <functional>

namespace adgenome::core {

/// Threads that a computation may use. Pure modules start none themselves: they are given this.
class Workers {
 public:
  /// `count` is at least 1.
  explicit Workers(int count);
  /// As many as there are processors for this process.
  static Workers of_this_machine();

  int count() const { return count_; }
  /// Runs body(0) ... body(count - 1) side by side, the last of them on the calling thread, and
  /// waits for all. The first exception is thrown on.
  void run(const std::function<void(int worker)>& body) const;

 private:
  int count_;
};

}  // namespace adgenome::core
