#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <adgenome/visual/dbscan.hpp>
#include <string>

namespace adgenome::app {

/// Clusters the vectors of JSON records {"id", "embedding"[, "reward"]} ("-": standard input).
/// Gives adgenome/clusters/v1.
core::Json cluster_records(const std::string& path, const visual::DbscanSettings& settings,
                           core::Rejects& rejects);

/// Clusters the rows of a NumPy file; ids are row numbers from 0.
core::Json cluster_npy(const std::string& path, const visual::DbscanSettings& settings,
                       core::Rejects& rejects);

/// Clusters the color layouts of a brand's ads that were made up to a time and keeps the styles
/// that were found, in one transaction; with `is_dry_run` keeps nothing.
core::Json cluster_ads(store::Session& session, const std::string& brand_id,
                       const visual::DbscanSettings& settings, core::Time now, bool is_dry_run,
                       core::Time made_until = store::kNewest);

}  // namespace adgenome::app
