#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// An ad that reviewers are shown as an example, with what makes it like others.
struct Exemplar {
  std::string ad_id;
  std::string kind;    ///< gold_approval, gold_rejection, edge_case
  std::string source;  ///< added, seeded
  std::optional<double> score;
  std::optional<std::string> reason;
  bool is_active = true;
  std::optional<std::string> added_by;
  core::Time added_at;
  std::optional<core::Time> removed_at = {};
  // Of the ad; not written.
  std::string category = {};  ///< of its template; empty: not known
  std::string size = {};
  std::string color_mode = {};
  std::optional<std::string> headline = {};
  std::optional<std::string> image_path = {};
};

/// Exemplars of a brand by kind, newest first; removed ones only where asked for.
std::vector<Exemplar> exemplars(Session& session, const std::string& brand_id,
                                bool with_removed = false);
/// Adds one, or makes one that was removed active again with what is given now.
void put_exemplar(Session& session, const std::string& brand_id, const Exemplar& exemplar);
/// Gives false where the brand has no active one of this ad.
bool remove_exemplar(Session& session, const std::string& brand_id, const std::string& ad_id,
                     core::Time now);

/// What exemplars are compared by.
struct AdTraits {
  std::string ad_id;
  std::string category;  ///< of its template; empty: not known
  std::string size;
  std::string color_mode;
};
std::optional<AdTraits> find_ad_traits(Session& session, const std::string& brand_id,
                                       const std::string& ad_id);

}  // namespace adgenome::store
