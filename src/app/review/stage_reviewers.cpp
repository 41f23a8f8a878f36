#include <adgenome/app/review.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

#include "reviewer.hpp"

namespace adgenome::app {

StageReviewers parse_stage_reviewers(const std::string& text) {
  StageReviewers reviewers;
  const std::vector<std::string> known = reviewer_names();
  for (const std::string& part : core::split(text, ',')) {
    const std::vector<std::string> pair = core::split(core::trim(part), '=');
    if (pair.size() != 2) {
      throw core::InvalidInput("expected STAGE=REVIEWER, found \"" + part + "\"",
                               "as in stage1=local,stage2=anthropic,stage3=gemini");
    }
    const bool is_nobody = pair[0] == "stage3" && pair[1] == "none";
    if (!is_nobody && std::find(known.begin(), known.end(), pair[1]) == known.end()) {
      throw core::InvalidInput("no reviewer \"" + pair[1] + "\"",
                               "there are: " + core::join(known, ", "));
    }
    if (pair[0] == "stage1") {
      reviewers.scan = pair[1];
    } else if (pair[0] == "stage2") {
      reviewers.full = pair[1];
    } else if (pair[0] == "stage3") {
      reviewers.second = is_nobody ? std::nullopt : std::optional(pair[1]);
    } else {
      throw core::InvalidInput("no stage \"" + pair[0] + "\"",
                               "stage1 scans for defects, stage2 reviews in full, stage3 gives a "
                               "second opinion");
    }
  }
  if (reviewers.second == reviewers.full) {
    throw core::InvalidInput("the second opinion of " + reviewers.full + " would be its own",
                             "name another reviewer for stage3");
  }
  return reviewers;
}

StageReviewers stage_reviewers_of(const store::Brand& brand) {
  const core::Json text = brand.account_config.value("reviewers", core::Json());
  return text.is_string() ? parse_stage_reviewers(text.get<std::string>()) : StageReviewers{};
}

}  // namespace adgenome::app
