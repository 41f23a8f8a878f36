#pragma once

#include <adgenome/creative/terms.hpp>
#include <vector>

#include "batch_plan.hpp"
#include "generation_material.hpp"

namespace adgenome::app {

/// Words texts for who is spoken to and holds them against what they lead to. With a language
/// model they are reworded for the persona, and where they are not congruent; without one they
/// stay, with their score. The text as it was is kept either way.
class TextFitter {
 public:
  TextFitter(const Material& material, const GenerateRequest& request);

  void fit(AdText& text, const DecidedRun& run, const store::Template& from);
  /// What failed, each once: the texts stayed as they were.
  const std::vector<MissingAdvice>& missing() const { return missing_; }

 private:
  void reword(AdText& text, const char* purpose, const std::string& context,
              const store::Template& from);

  const Material& material_;
  const GenerateRequest& request_;
  creative::TermWeights weights_;
  std::vector<MissingAdvice> missing_;
};

}  // namespace adgenome::app
