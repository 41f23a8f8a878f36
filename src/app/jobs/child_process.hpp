#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::app {

/// A file without a name, gone with the object.
class AnonymousFile {
 public:
  AnonymousFile();
  AnonymousFile(AnonymousFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  AnonymousFile& operator=(AnonymousFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~AnonymousFile();

  int descriptor() const { return descriptor_; }
  /// All bytes from `offset` on.
  std::string read_from(off_t offset = 0) const;
  void write(const std::string& bytes) const;

 private:
  int descriptor_;
};

struct ChildRequest {
  std::string program;  ///< a path; a name without a slash is looked up in PATH
  std::vector<std::string> arguments;
  /// Added to the environment, or in place of what is there.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string input;           ///< standard input
  bool shares_errors = false;  ///< writes to our standard error, and errors() stays empty
};

/// A program that runs beside this one in a process group of its own, and ends when this process
/// is gone, however that came about. What it writes goes to files, so that nobody has to read
/// along.
class ChildProcess {
 public:
  /// Throws std::system_error where the program cannot be started.
  explicit ChildProcess(const ChildRequest& request);
  /// Kills it where it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The exit code once it has ended, 128 + N for signal N.
  std::optional<int> poll();
  void signal(int number) const;

  std::string output() const { return output_.read_from(); }
  std::string errors() const { return errors_.read_from(); }
  /// The lines that it has reported (core/progress_channel.hpp) since the last call.
  std::vector<std::string> new_reports();

 private:
  AnonymousFile input_;
  AnonymousFile output_;
  AnonymousFile errors_;
  AnonymousFile reports_;
  off_t reports_read_ = 0;
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace adgenome::app
