#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "judging.hpp"
#include "reviewer.hpp"
#include "subjects.hpp"

namespace adgenome::app {

/// One stage of one ad: the answer that was stored under its key, or the one that was given now.
struct StageAnswer {
  std::string key;  ///< empty: what it depends on could not be read, so that it is not kept
  std::optional<creative::ReviewStage> stage = {};
  bool is_cached = false;
};

/// An ad on its way through the stages.
struct Work {
  WantedAd wanted;
  const Judging* judging = nullptr;  ///< lives as long as the review
  std::array<StageAnswer, 3> answers = {};
  creative::Review review = {};

  /// Whether every stage that the verdict rests on was answered before.
  bool is_cached() const;
};

/// The reviewers of a run: each of them opened once a thread.
class Panel {
 public:
  Panel(const ReviewRequest& request, ReviewerSetup setup);

  /// Looks up what was answered before. Needs the store.
  void recall(std::span<Work> works);
  /// Takes the ads through the stages on several threads. Does not touch the store itself.
  void review(std::span<Work> works);
  /// Keeps what was answered now. Needs the store, and a transaction.
  void keep(const Work& work) const;

 private:
  using Bench = std::vector<std::unique_ptr<Reviewer>>;  // by stage, one thread's

  void review_one(Work& work, const std::array<Reviewer*, 3>& bench) const;
  const creative::ReviewStage& answer(Work& work, std::size_t stage, Reviewer& reviewer) const;
  std::string key_of(const Work& work, std::size_t stage);
  const std::string& hash_of(const std::string& file);

  const ReviewRequest& request_;
  ReviewerSetup setup_;
  std::vector<Bench> benches_;
  std::array<std::size_t, 3> place_ = {};  ///< of a stage's reviewer on a bench
  bool has_second_ = false;
  std::map<std::string, std::string> hashes_;  ///< of files
};

}  // namespace adgenome::app
