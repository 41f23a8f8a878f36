#pragma once

#include <adgenome/creative/congruence.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "paid_models.hpp"

namespace adgenome::app {

/// A headline and all that it is to fit, as a language model is asked about it.
struct HeadlineTask {
  std::string subject_id;                         ///< of the hook, angle or template it comes from
  std::string headline;                           ///< as it is to be said without the model
  std::optional<std::string> other_text = {};     ///< of another ad, that the product is to take on
  std::optional<std::string> persona = {};        ///< who it is to be worded for
  std::optional<std::string> offer_variant = {};  ///< what it leads to, each as far as it is there
  std::optional<std::string> landing_page = {};
  std::optional<std::string> belief = {};
  std::vector<std::string> facts = {};  ///< what may be said, offers among it
  std::vector<std::string> prohibited_claims = {};
  std::optional<std::string> voice = {};
  std::size_t most_characters = 0;
  bool is_fixed = false;  ///< only to be scored: somebody said so

  bool is_worded() const { return !is_fixed && (other_text || persona); }
  bool is_scored() const { return offer_variant || landing_page || belief; }
  bool is_adapted() const { return !is_fixed && is_scored(); }
};

struct ScoredHeadline {
  std::string text;
  creative::CongruenceScores scores = {};
};

/// What a model says of a task.
struct HeadlineAnswer {
  ScoredHeadline given;
  std::optional<ScoredHeadline> worded = {};   ///< for the persona or product, where asked for
  std::optional<ScoredHeadline> adapted = {};  ///< to what it leads to, where there is any
};

/// Or why there is none.
using HeadlineAnswered = std::variant<HeadlineAnswer, std::string>;

/// Called after each answer: how many there are so far, and are to be.
using HeadlinesDone = std::function<void(std::size_t done, std::size_t total)>;

/// A provider's language model as the editor of headlines: one question each.
class HeadlineModel {
 public:
  /// `batch_id` is part of what names a question, so that a batch pays for each once.
  HeadlineModel(PaidModels& models, const std::string& provider, std::string batch_id);

  std::string version() const { return model_.version(); }
  /// The answers, in the order of the tasks, as many asked for at once as the provider allows. A
  /// provider that cannot be reached is not asked for the rest.
  std::vector<HeadlineAnswered> ask(const std::vector<HeadlineTask>& tasks,
                                    const HeadlinesDone& one_done);
  /// What was answered is stored with the batch.
  void forget();

 private:
  PaidModels& models_;
  std::string provider_;
  std::string batch_id_;
  providers::LanguageModel& model_;
  std::vector<std::string> keys_;
};

}  // namespace adgenome::app
