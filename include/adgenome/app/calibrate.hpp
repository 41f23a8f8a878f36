#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::app {

struct CalibrateRequest {
  bool is_classic = false;  ///< newest overrides in the place of audits
  std::int64_t window_days = 30;
  std::uint64_t seed = 0;
  core::Time now;
  bool is_dry_run = false;
};

/// Finds better numbers for the brand's reviews in what people judged and stores them as a
/// proposal where they are surely better: contract calibration/v1.
Report calibrate_brand(store::Session& session, const store::Brand& brand,
                       const CalibrateRequest& request);

/// Whose configs are meant, and who asks.
struct QualityRequest {
  bool is_organization = false;
  std::string by;
  core::Time now;
  bool is_dry_run = false;
};

/// The versions, newest first: contract quality_configs/v1.
core::Json list_quality(store::Session& session, const store::Brand& brand,
                        const QualityRequest& request);
/// One version, else the config that counts: contract quality_config/v1.
core::Json show_quality(store::Session& session, const store::Brand& brand,
                        const QualityRequest& request, std::optional<std::int64_t> version);
/// Stores a config made by hand: `config` (null: the one that counts now) with `changes`
/// ("approve_from" or "weights.V1"). One that is not valid is kept as such.
core::Json propose_quality(store::Session& session, const store::Brand& brand,
                           const QualityRequest& request, core::Json config,
                           const std::vector<std::pair<std::string, double>>& changes);
/// Makes a proposal count. Throws InvalidInput where it is none, or another config counts by now
/// than the one that it was made against.
core::Json activate_quality(store::Session& session, const store::Brand& brand,
                            const QualityRequest& request, std::int64_t version);
core::Json dismiss_quality(store::Session& session, const store::Brand& brand,
                           const QualityRequest& request, std::int64_t version);

}  // namespace adgenome::app
