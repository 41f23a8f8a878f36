#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <optional>
#include <string>

#include "ad_drawing.hpp"
#include "chosen_templates.hpp"
#include "generation_plan.hpp"

namespace adgenome::app {

/// An ad as it stands in adgenome/generation/v1; `path` is that of its picture.
core::Json ad_json(const RunPlan& run, const Attempt& attempt, const MadeAd& made,
                   const std::optional<std::string>& path);

/// An ad of an earlier try, as it is by now: it may have been reviewed. Throws InvalidInput for one
/// that the run's plan does not have.
core::Json earlier_ad_json(const RunPlan& run, const store::ListedAd& ad);

/// What a run is made with, as it is stored with it.
core::Json generation_config(store::Session& session, const store::Brand& brand,
                             const GenerateRequest& request, const BatchPlan& plan,
                             const RunPlan& run);

/// What was made, beside the counts of the report.
struct MadeBatch {
  const std::string& id;
  const store::Brand& brand;
  const Chosen& chosen;
  const BatchPlan& plan;
  std::uint64_t seed = 0;
  std::int64_t cost_micros = 0;
};

/// adgenome/generation/v1 without its schema; `reason` says why nothing was made.
core::Json generation_document(const MadeBatch& batch, const GenerateRequest& request,
                               const GenerateReport& report, const core::Json& reason,
                               core::Json ads);

}  // namespace adgenome::app
