#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace adgenome::store {

/// What a list of templates is narrowed to; what is absent does not narrow.
struct TemplateFilter {
  std::optional<std::string> category = {};
  std::optional<std::string> niche = {};
  std::optional<std::string> target_sex = {};
  std::optional<std::int64_t> awareness_level = {};
  std::optional<bool> is_analysed = {};
  std::optional<std::string> unused_by = {};  ///< a product that never used it
  std::optional<std::string> id = {};         ///< this one alone
  std::optional<std::string> after = {};      ///< goes on behind this id
  std::optional<std::int64_t> limit = {};
};

struct ListedTemplate {
  std::string id;
  std::string name;
  std::string category;
  std::optional<std::string> niche;
  std::optional<std::int64_t> awareness_level;
  std::optional<std::string> target_sex;
  bool active = true;
  std::optional<core::Time> detected_at;
  std::int64_t uses = 0;
  std::optional<core::Time> last_used_at;
  std::optional<double> alpha, beta;  ///< its element score for the brand
};

/// Visits the templates by id, with their uses by a brand's product (empty: by all its products).
void list_templates(Session& session, const std::string& brand_id, const std::string& product_id,
                    const TemplateFilter& filter,
                    const std::function<void(const ListedTemplate&)>& visit);

/// How many templates the filter names, whatever its limit and start.
std::int64_t count_templates(Session& session, const std::string& brand_id,
                             const TemplateFilter& filter);

}  // namespace adgenome::store
