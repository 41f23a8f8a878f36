#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::store {

/// An ad as lists show it.
struct ListedAd {
  std::string id;
  std::string short_id;
  std::string name;
  std::string batch_id;
  std::string ad_run_id;
  std::string product_id;
  std::string template_id;
  std::string hook_id;
  std::int64_t prompt_index = 0;
  std::string canvas_size;
  std::string color_mode;
  std::optional<std::string> headline;
  core::Json tags;
  std::string status;                         ///< the machine's
  std::optional<std::string> human_decision;  ///< counts before the machine's where present
  std::optional<std::string> image_path;
  std::optional<std::string> image_sha256;
  std::optional<std::string> error;
  std::string provider;
  std::int64_t cost_micros = 0;
  bool imported = false;
  core::Time created_at;
  std::optional<double> reward;
};

/// What a list is narrowed to; what is absent does not narrow.
struct AdFilter {
  std::optional<std::string> batch_id;
  std::optional<std::string> ad_run_id;
  std::optional<std::string> template_id;
  std::optional<std::string> canvas_size;
  std::optional<std::string> color_mode;
  std::optional<std::string> status;  ///< the effective one
  std::optional<std::string> after;   ///< goes on behind this ad
  std::optional<std::int64_t> limit;
  bool is_newest_first = false;
};

/// Visits the ads of a brand by time of creation, then id.
void list_ads(Session& session, const std::string& brand_id, const AdFilter& filter,
              const std::function<void(const ListedAd&)>& visit);

/// How many ads the filter names, whatever its limit and start.
std::int64_t count_ads(Session& session, const std::string& brand_id, const AdFilter& filter);

}  // namespace adgenome::store
