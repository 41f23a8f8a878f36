#pragma once

#include <adgenome/creative/terms.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "batch_plan.hpp"
#include "generation_material.hpp"
#include "headline_model.hpp"

namespace adgenome::app {

/// Words the texts of a plan for who is spoken to and holds them against what they lead to. A
/// language model says how congruent they are, and its rewording takes a text's place for the
/// persona, and under the threshold; without one they are measured by their words and stay. The
/// text as it was is kept either way.
class TextFitter {
 public:
  /// The congruence under which a run's texts are adapted.
  using ThresholdOf = std::function<double(const DecidedRun&)>;

  TextFitter(const store::Brand& brand, const Material& material,
             const std::vector<store::Template>& templates, ThresholdOf threshold_of);

  /// How many questions a language model would be asked.
  std::size_t count_questions(const BatchPlan& plan) const;
  /// `model` null: no language model. What failed is added to the plan as missing advice, each
  /// once: such texts stayed as they were.
  void fit(BatchPlan& plan, HeadlineModel* model, const HeadlinesDone& one_done);

 private:
  /// One text of a plan, with what it is held against.
  struct Case {
    AdText* text;
    const store::Template* from;
    creative::CongruenceTargets targets;
    HeadlineTask task;
    double threshold;
    std::string key;  ///< the same where the same question serves
  };

  std::vector<Case> cases_of(BatchPlan& plan) const;
  Case case_of(AdText& text, const DecidedRun& run) const;
  void measure(const Case& one) const;
  void apply(const Case& one, const HeadlineAnswer& answer, const std::string& method,
             BatchPlan& plan);
  bool take(const Case& one, const ScoredHeadline& rewrite, const char* purpose,
            const std::string& method, std::optional<std::string> fault, BatchPlan& plan);
  std::optional<std::string> fault_of(const Case& one, const std::string& rewrite) const;

  const store::Brand& brand_;
  const Material& material_;
  const std::vector<store::Template>& templates_;
  ThresholdOf threshold_of_;
  creative::TermWeights weights_;
  std::map<std::vector<std::string>, std::string> said_;  ///< whose words a batch says already
};

}  // namespace adgenome::app
