#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <adgenome/cli/context.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/text.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "log.hpp"

namespace adgenome::cli {
namespace {

core::Time clock_of(const GlobalOptions& options) {
  if (options.now) {
    try {
      return core::parse_time(*options.now);
    } catch (const core::InvalidInput& error) {
      throw core::UsageError(error.what(), error.hint(), "option --now");
    }
  }
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::uint64_t seed_of(const GlobalOptions& options) {
  if (options.seed) {
    const auto seed = core::to_uint64(*options.seed);
    if (!seed) {
      throw core::UsageError(
          "expected a whole number from 0 to 2^64 - 1, found \"" + *options.seed + "\"", "",
          "option --seed");
    }
    return *seed;
  }
  // The only number in the program that is not derived from the seed: the seed itself.
  std::random_device entropy;  // check: allow random_device
  return (static_cast<std::uint64_t>(entropy()) << 32 | entropy()) & ((std::uint64_t{1} << 53) - 1);
}

}  // namespace

Context::Context(GlobalOptions options, std::string command,
                 std::map<std::string, Setting> settings)
    : options_(std::move(options)),
      command_(std::move(command)),
      now_(clock_of(options_)),
      seed_(seed_of(options_)),
      ids_(seed_, command_, now_),
      settings_(std::move(settings)) {}

const Setting* Context::setting(const std::string& section, const std::string& key) const {
  const auto found = settings_.find(section + " " + key);
  return found == settings_.end() ? nullptr : &found->second;
}

Format Context::format() const {
  if (!options_.format) return ::isatty(STDOUT_FILENO) != 0 ? Format::kTable : Format::kJson;
  if (*options_.format == "jsonl") return Format::kJsonl;
  if (*options_.format == "csv") return Format::kCsv;
  if (*options_.format == "table") return Format::kTable;
  return Format::kJson;
}

void Context::warn(const std::string& message) const {
  spdlog::warn("{}", message);
}
void Context::info(const std::string& message) const {
  spdlog::info("{}", message);
}

std::optional<bool> Context::ask(const std::string& question) const {
  std::fstream terminal("/dev/tty", std::ios::in | std::ios::out);
  if (!terminal) return std::nullopt;
  terminal << "adgenome: " << question << " [y/N] " << std::flush;
  std::string answer;
  if (!std::getline(terminal, answer)) return std::nullopt;
  answer = core::to_lower(core::trim(answer));
  return answer == "y" || answer == "yes";
}

std::unique_ptr<Progress> Context::progress(std::string label, std::int64_t total) const {
  const bool is_shown = !options_.no_progress && !options_.quiet && ::isatty(STDERR_FILENO) != 0;
  return std::make_unique<Progress>(std::move(label), total, is_shown);
}

namespace {

/// A record as one JSON object a line.
class JsonFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    core::Json record = {
        {"time", core::format_time(std::chrono::floor<std::chrono::microseconds>(message.time))},
        {"level", spdlog::level::to_short_c_str(message.level)},
        {"message", std::string(message.payload.data(), message.payload.size())}};
    record["level"] = std::string(spdlog::level::to_string_view(message.level).data());
    const std::string line = core::dump(record) + "\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }
};

}  // namespace

void set_up_log(const GlobalOptions& options) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = options.no_color || (no_color && *no_color) || ::isatty(STDERR_FILENO) == 0;
  auto logger = spdlog::default_logger();
  logger->sinks() = {std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      plain ? spdlog::color_mode::never : spdlog::color_mode::automatic)};
  logger->set_level(options.quiet ? spdlog::level::err
                                  : spdlog::level::from_str(options.log_level));
  if (options.log_format == "json") {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_pattern("adgenome: %^%l%$: %v");
  }
}

// Progress -----------------------------------------------------------------------------------

using Clock = std::chrono::steady_clock;

struct Progress::State {
  std::string label;
  std::int64_t total;
  std::int64_t done = 0;
  Clock::time_point start = Clock::now();
  Clock::time_point shown{};
  bool is_drawn = false;
};

Progress::Progress(std::string label, std::int64_t total, bool is_shown) {
  if (is_shown) state_.reset(new State{.label = std::move(label), .total = total});
}

Progress::~Progress() {
  if (state_ && state_->is_drawn) std::fprintf(stderr, "\r\033[K");
}

void Progress::advance(std::int64_t by) {
  if (!state_) return;
  State& state = *state_;
  state.done += by;
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - state.start).count();
  if (seconds < 2 || now - state.shown < std::chrono::milliseconds(200)) return;
  state.shown = now;
  state.is_drawn = true;
  const double rate = static_cast<double>(state.done) / seconds;
  if (state.total > 0) {
    const auto width = static_cast<int>(30 * state.done / state.total);
    const double left = rate > 0 ? static_cast<double>(state.total - state.done) / rate : 0;
    std::fprintf(stderr, "\r\033[K%s [%-30.*s] %lld/%lld  %.3g/s  %.0f s left", state.label.c_str(),
                 width, "##############################", static_cast<long long>(state.done),
                 static_cast<long long>(state.total), rate, left);
  } else {
    std::fprintf(stderr, "\r\033[K%s %lld  %.3g/s", state.label.c_str(),
                 static_cast<long long>(state.done), rate);
  }
  std::fflush(stderr);
}

}  // namespace adgenome::cli
