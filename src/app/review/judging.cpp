#include "judging.hpp"

#include <algorithm>

namespace adgenome::app {

Judges::Judges(store::Session& session, const store::Brand& brand, const ReviewRequest& request)
    : session_(session), brand_(brand), request_(request), usual_(judging_by(nullptr, "")) {
  if (!request.uses_experiment) return;
  experiment_ = active_experiment(session, brand.id);
  if (!experiment_) return;
  for (const store::ExperimentArm& arm : experiment_->arms) {
    const std::string where = "experiment " + experiment_->experiment.id + " /arms/" + arm.arm;
    const ArmConfig config = parse_arm_config(arm.config, where);
    Judging judging = judging_by(config.quality_config, where + "/quality_config");
    judging.retry = config.retry.value_or(request.retry);
    judging.arm = arm.arm;
    by_arm_.emplace(arm.arm, std::move(judging));
  }
}

Judging Judges::judging_by(const core::Json& quality, const std::string& where) const {
  Judging judging{.quality = arm_quality(session_, brand_, quality, where),
                  .rules = {},
                  .retry = request_.retry};
  judging.rules = {.config = judging.quality.config,
                   .agreement = request_.agreement,
                   .requires_full_scan = request_.requires_full_scan};
  return judging;
}

const Judging& Judges::of(const store::AdForReview& ad) {
  if (!experiment_ || ad.experiment_id != experiment_->experiment.id) return usual_;
  const auto judging = by_arm_.find(ad.arm);
  if (judging == by_arm_.end()) return usual_;
  has_judged_arms_ = true;
  return judging->second;
}

std::int64_t Judges::most_rounds() const {
  std::int64_t rounds = usual_.retry;
  for (const auto& [arm, judging] : by_arm_) rounds = std::max(rounds, judging.retry);
  return rounds;
}

void Judges::record_outcomes() {
  if (!has_judged_arms_ || request_.is_dry_run) return;
  store::Transaction transaction(session_);
  app::record_outcomes(session_, brand_.id, experiment_->experiment.id, request_.now);
  transaction.commit();
}

}  // namespace adgenome::app
