#include "program_scorer.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "jobs/child_process.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::ProviderError;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kPrefix = "exec:";
constexpr const char* kHint = "it answers {\"id\": ..., \"score\": 0 to 1}, one line a candidate";

std::unique_ptr<ChildProcess> start(const std::string& program, const std::string& shown,
                                    const std::string& candidates) {
  try {
    return std::make_unique<ChildProcess>(ChildRequest{.program = program,
                                                       .arguments = {},
                                                       .environment = {},
                                                       .input = candidates,
                                                       .shares_errors = true});
  } catch (const std::system_error& error) {
    throw InvalidInput("scorer " + shown + " cannot be started: " + error.code().message(),
                       "is " + program + " there and executable?");
  }
}

std::string how_it_ended(int exit_code) {
  return exit_code > 128 ? "was ended by signal " + std::to_string(exit_code - 128)
                         : "ended with exit code " + std::to_string(exit_code);
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
  const auto child = start(program, scorer, candidates);
  const auto deadline = Clock::now() + timeout;
  std::optional<int> exit_code = child->poll();
  while (!exit_code && Clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    exit_code = child->poll();
  }
  if (!exit_code) {
    throw ProviderError(
        "scorer " + scorer + " gave no answer within " + std::to_string(timeout.count()) + " s",
        "allow it longer with --scorer-timeout");
  }
  if (*exit_code != 0) throw ProviderError("scorer " + scorer + " " + how_it_ended(*exit_code));
  try {
    return scores_of(scorer, child->output(), pool);
  } catch (const InvalidInput& error) {
    throw ProviderError(error.what(), kHint, error.where());
  }
}

}  // namespace adgenome::app
