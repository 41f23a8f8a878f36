#include "program_scorer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <sstream>
#include <unordered_map>

extern char** environ;

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::ProviderError;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kPrefix = "exec:";
constexpr const char* kHint = "it answers {\"id\": ..., \"score\": 0 to 1}, one line a candidate";

class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void close() {
    if (value_ >= 0) ::close(value_);
    value_ = -1;
  }
  void reset(int value) {
    close();
    value_ = value;
  }
  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }

 private:
  int value_;
};

struct Pipe {
  Descriptor read, write;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw core::Error(core::ExitCode::kInternal,
                        std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

/// Keeps a child that reads no further from ending us by SIGPIPE: the write fails instead.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutPipeSignal() {
    const timespec at_once{};
    while (!was_pending_ && sigtimedwait(&pipe_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

/// A child process in a group of its own, which is ended with all that it started.
class Child {
 public:
  Child(const std::string& program, const std::string& shown, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t nothing;
    sigemptyset(&nothing);
    posix_spawnattr_setsigmask(&attributes, &nothing);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    std::string name = program;
    std::array<char*, 2> arguments{name.data(), nullptr};
    const int failed =
        ::posix_spawnp(&pid_, program.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
      throw InvalidInput("scorer " + shown + " cannot be started: " + std::strerror(failed),
                         "is " + program + " there and executable?");
    }
  }
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// How it ended, once it has closed its output; nothing where it still runs at the deadline.
  std::optional<int> wait_until(Clock::time_point deadline) {
    for (;;) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = -1;
        return status;
      }
      if (Clock::now() >= deadline) return std::nullopt;
      ::poll(nullptr, 0, 1);
    }
  }

 private:
  pid_t pid_ = -1;
};

/// Feeds the child and reads its answer, side by side. False where the deadline passed.
bool converse(Descriptor& to, Descriptor& from, std::string_view input, std::string& answer,
              Clock::time_point deadline) {
  ::fcntl(to.get(), F_SETFL, O_NONBLOCK);
  std::array<char, 65536> buffer;
  if (input.empty()) to.close();
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 2> ends{pollfd{from.get(), POLLIN, 0}, pollfd{to.get(), POLLOUT, 0}};
    if (::poll(ends.data(), to.is_open() ? 2 : 1, static_cast<int>(left.count())) <= 0) continue;
    if (to.is_open() && ends[1].revents != 0) {
      const ssize_t written = ::write(to.get(), input.data(), input.size());
      if (written > 0) input.remove_prefix(static_cast<std::size_t>(written));
      // A child that reads no further may still answer.
      const bool has_hung_up = written < 0 && errno != EAGAIN && errno != EINTR;
      if (input.empty() || has_hung_up) to.close();
    }
    if (ends[0].revents == 0) continue;
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                             : "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

/// The answer's scores in the order of the pool.
std::vector<double> scores_of(const std::string& shown, const std::string& answer,
                              const scoring::Pool& pool) {
  std::unordered_map<std::string_view, std::size_t> rows;
  for (std::size_t i = 0; i < pool.size(); ++i) rows.emplace(pool.ids[i], i);
  std::vector<double> scores(pool.size(), std::nan(""));
  core::RecordReader reader({.name = "answer of scorer " + shown,
                             .stream = std::make_unique<std::istringstream>(answer)});
  while (const auto record = reader.next()) {
    const std::string id = record->at("id").as_id();
    const double score = record->at("score").as_double();
    const auto row = rows.find(id);
    if (row == rows.end()) record->at("id").fail("there is no candidate \"" + id + "\"");
    if (!std::isnan(scores[row->second])) {
      record->at("id").fail("candidate \"" + id + "\" has two scores");
    }
    if (!(score >= 0 && score <= 1)) {
      record->at("score").fail("the score of candidate \"" + id +
                               "\" is not between 0 and 1: " + core::format_double(score));
    }
    scores[row->second] = score;
  }
  for (std::size_t i = 0; i < pool.size(); ++i) {
    if (std::isnan(scores[i])) {
      throw InvalidInput("no score for candidate \"" + std::string(pool.ids[i]) + "\"", "",
                         reader.name());
    }
  }
  return scores;
}

}  // namespace

std::vector<double> run_program_scorer(const std::string& scorer, const std::string& folder,
                                       const std::string& candidates, const scoring::Pool& pool,
                                       std::chrono::seconds timeout) {
  std::string program = scorer.substr(kPrefix.size());
  if (program.starts_with("./") || program.starts_with("../")) {
    program = (folder.empty() ? "" : folder + "/") + program;
  }
  const WithoutPipeSignal guard;
  Pipe input;
  Pipe output;
  Child child(program, scorer, input.read.get(), output.write.get());
  input.read.close();
  output.write.close();
  const auto deadline = Clock::now() + timeout;
  std::string answer;
  const bool has_answered = converse(input.write, output.read, candidates, answer, deadline);
  input.write.close();
  const auto status = has_answered ? child.wait_until(deadline) : std::nullopt;
  if (!status) {
    throw ProviderError(
        "scorer " + scorer + " gave no answer within " + std::to_string(timeout.count()) + " s",
        "allow it longer with --scorer-timeout");
  }
  if (*status != 0) throw ProviderError("scorer " + scorer + " " + how_it_ended(*status));
  try {
    return scores_of(scorer, answer, pool);
  } catch (const InvalidInput& error) {
    throw ProviderError(error.what(), kHint, error.where());
  }
}

}  // namespace adgenome::app
