#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <map>
#include <string>
#include <vector>

#include "ad_drawing.hpp"
#include "chosen_templates.hpp"
#include "generation_plan.hpp"

namespace adgenome::app {

/// What a generation keeps of itself in the store, step by step, so that it can be taken up again.
class GenerationRecord {
 public:
  GenerationRecord(store::Session& session, const store::Brand& brand,
                   const GenerateRequest& request, const Chosen& chosen);

  /// The plan of a batch that was begun, with the seed that it was made with; nothing where there
  /// is no such batch. Throws InvalidInput where it was made of something else.
  std::optional<BatchPlan> find_earlier(const std::string& batch_id, std::uint64_t& seed) const;
  /// Ids in the order of the plan, so that the same seed and clock repeat them.
  void give_ids(BatchPlan& plan, core::IdSource& ids) const;
  /// Every batch of the plan; the plan itself stays with the first.
  void begin(const std::string& batch_id, const BatchPlan& plan);

  /// Notes that a run is begun, that it uses its template, and which pairs of whitespace its
  /// prompts were told of, once.
  void begin_run(const RunPlan& run, const core::Json& generation_config,
                 const std::vector<std::string>& proposed_pairs);
  void save_ad(const RunPlan& run, const Attempt& attempt, const MadeAd& made,
               const std::optional<std::string>& image_path);
  /// Notes how a run ended, once, and what of a plan it has done.
  void end_run(const RunPlan& run, bool has_failed);

  /// The ads of a run that are there already, by id.
  std::map<std::string, store::ListedAd> ads_of(const RunPlan& run) const;

  /// pending or generation_failed
  static std::string status_of(const MadeAd& made);

 private:
  core::Json options_json() const;
  void mark_plan_items(const RunPlan& run);

  store::Session& session_;
  const store::Brand& brand_;
  const GenerateRequest& request_;
  const Chosen& chosen_;
};

}  // namespace adgenome::app
