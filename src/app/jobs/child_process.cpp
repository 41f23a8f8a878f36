#include "child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/progress_channel.hpp>
#include <adgenome/core/text.hpp>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <system_error>

extern char** environ;

namespace adgenome::app {
namespace {

constexpr int kReports = 3;  // the child's descriptor behind standard error

[[noreturn]] void fail(const std::string& what) {
  throw core::Error(core::ExitCode::kInternal, what + ": " + std::strerror(errno));
}

std::vector<std::string> environment_of(const ChildRequest& request) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : request.environment) variables[name] = value;
  variables[std::string(core::kProgressChannel)] = std::to_string(kReports);
  std::vector<std::string> list;
  for (const auto& [name, value] : variables) list.push_back(name + "=" + value);
  return list;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

AnonymousFile::AnonymousFile() {
  std::string name = (std::filesystem::temp_directory_path() / "adgenome-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC | O_APPEND);
  if (descriptor_ < 0) fail("cannot make a temporary file");
  ::unlink(name.c_str());
}

AnonymousFile::~AnonymousFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string AnonymousFile::read_from(off_t offset) const {
  std::string bytes;
  char part[65536];
  for (;;) {
    const ssize_t n = ::pread(descriptor_, part, sizeof part, offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot read a temporary file");
    if (n == 0) return bytes;
    bytes.append(part, static_cast<std::size_t>(n));
    offset += n;
  }
}

void AnonymousFile::write(const std::string& bytes) const {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write a temporary file");
    done += static_cast<std::size_t>(n);
  }
  ::lseek(descriptor_, 0, SEEK_SET);
}

ChildProcess::ChildProcess(const ChildRequest& request) {
  input_.write(request.input);
  std::vector<std::string> words{request.program};
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  std::vector<std::string> variables = environment_of(request);
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> environment = pointers_to(variables);
  const pid_t parent = ::getpid();
  // Closed by the start of the program; where that fails, it brings the reason.
  std::array<int, 2> failure{};
  if (::pipe2(failure.data(), O_CLOEXEC) != 0) fail("cannot start a process");
  // fork and not posix_spawn: only the child itself can ask to end with its parent.
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(143);  // it was gone before it could be asked for
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(input_.descriptor(), STDIN_FILENO);
    ::dup2(output_.descriptor(), STDOUT_FILENO);
    if (!request.shares_errors) ::dup2(errors_.descriptor(), STDERR_FILENO);
    // The reason's way out must not be where reports go.
    const int reason = ::fcntl(failure[1], F_DUPFD_CLOEXEC, kReports + 1);
    ::dup2(reports_.descriptor(), kReports);
    ::fcntl(kReports, F_SETFD, 0);  // where it was that very number, it is still to be closed
    ::execvpe(request.program.c_str(), arguments.data(), environment.data());
    const int error = errno;
    ::_exit(::write(reason, &error, sizeof error) == sizeof error ? 127 : 126);
  }
  const int fork_error = errno;
  ::close(failure[1]);
  int error = 0;
  while (pid_ > 0 && ::read(failure[0], &error, sizeof error) < 0 && errno == EINTR) {
  }
  ::close(failure[0]);
  if (pid_ < 0) error = fork_error;
  if (error == 0) return;
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  throw std::system_error(error, std::generic_category(), "cannot start " + request.program);
}

ChildProcess::~ChildProcess() {
  if (poll()) return;
  signal(SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> ChildProcess::poll() {
  if (exit_code_) return exit_code_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return exit_code_;
}

void ChildProcess::signal(int number) const {
  if (exit_code_) return;
  // Its group, so that what it may have started ends too; itself where it has none yet.
  if (::kill(-pid_, number) != 0) ::kill(pid_, number);
}

std::vector<std::string> ChildProcess::new_reports() {
  const std::string bytes = reports_.read_from(reports_read_);
  const std::size_t end = bytes.rfind('\n');
  if (end == std::string::npos) return {};
  reports_read_ += static_cast<off_t>(end) + 1;
  return core::split(bytes.substr(0, end), '\n');
}

}  // namespace adgenome::app
