#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace adgenome::core {

/// Every way a command can end, with the exit code of the process. Never renumbered.
enum class ExitCode {
  kDone = 0,
  kInternal = 1,
  kUsage = 2,
  kInvalidInput = 3,
  kNothingMade = 4,
  kStore = 5,
  kProvider = 6,
  kCheckFailed = 7,
  kInterrupted = 130,
  kTerminated = 143,
  kBrokenPipe = 141,
};

/// What went wrong, in lower case and without a full stop; what the user can do about it; and
/// where it was found ("file:line", "option --count", "/weights/fatigue").
///
/// Outcomes that a caller expects (nothing selected, not enough data) are values, not errors.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message, std::string hint = "", std::string where = "")
      : std::runtime_error(message),
        code_(code),
        hint_(std::move(hint)),
        where_(std::move(where)) {}

  ExitCode code() const noexcept { return code_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::string& where() const noexcept { return where_; }

 private:
  ExitCode code_;
  std::string hint_;
  std::string where_;
};

/// The command line alone shows that it is wrong.
struct UsageError : Error {
  explicit UsageError(const std::string& message, std::string hint = "", std::string where = "")
      : Error(ExitCode::kUsage, message, std::move(hint), std::move(where)) {}
};

/// A file, name or id that does not exist, or content that is not what was expected.
struct InvalidInput : Error {
  explicit InvalidInput(const std::string& message, std::string hint = "", std::string where = "")
      : Error(ExitCode::kInvalidInput, message, std::move(hint), std::move(where)) {}
};

/// The store is unreachable, locked, full, or of another version.
struct StoreError : Error {
  explicit StoreError(const std::string& message, std::string hint = "", std::string where = "")
      : Error(ExitCode::kStore, message, std::move(hint), std::move(where)) {}
};

/// A provider, or a library loaded on demand in its place, gave no usable answer.
struct ProviderError : Error {
  explicit ProviderError(const std::string& message, std::string hint = "", std::string where = "")
      : Error(ExitCode::kProvider, message, std::move(hint), std::move(where)) {}
};

/// Something that was asked to hold does not hold.
struct CheckFailed : Error {
  explicit CheckFailed(const std::string& message, std::string hint = "", std::string where = "")
      : Error(ExitCode::kCheckFailed, message, std::move(hint), std::move(where)) {}
};

}  // namespace adgenome::core
