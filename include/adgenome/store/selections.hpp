#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// What a template's evaluation says, for candidates: they are many.
struct CandidateEvaluation {
  std::array<std::optional<std::int8_t>, 5> d;  ///< D1 to D5, 0..3
  std::optional<bool> d6;                       ///< compliance
};

/// A list of asset tags that many templates share.
using SharedTags = std::shared_ptr<const std::vector<std::string>>;

/// All that the scorers need of one active template for a brand's product.
struct CandidateRow {
  std::string id;
  std::string category;
  std::optional<std::int64_t> awareness_level;  ///< 1..5
  std::optional<std::string> target_sex;
  SharedTags required_assets;  ///< the same object for all that require the same
  bool is_detected = false;    ///< its required assets were analysed
  core::Json ad_library;       ///< null: none
  core::Json embedding;        ///< of its style; null: none, or not asked for
  std::optional<CandidateEvaluation> evaluation = {};
  std::optional<core::Time> product_last_used = {};
  /// Of the uses for the persona asked for, and of those that were for nobody in particular;
  /// without a persona that of the product.
  std::optional<core::Time> audience_last_used = {};
  std::optional<double> alpha = {}, beta = {};  ///< element score of the template for the brand
};

/// Whom candidates are for, and what is wanted of them.
struct CandidateQuery {
  std::string brand_id;
  std::string product_id;
  std::string persona_id = {};    ///< empty: none asked for
  core::Time known_at = kNewest;  ///< uses are those before it, scores those of then
  bool with_embeddings = false;
};

/// Visits the candidates in order of their ids: one query for the templates and one for each kind
/// of what is known of them. The row is the same object at each visit.
void visit_candidates(Session& session, const CandidateQuery& wanted,
                      const std::function<void(const CandidateRow&)>& visit);

/// Whether any active template carries data of an ad library.
bool has_ad_library(Session& session);

struct ComboUsage {
  std::string key;
  std::int64_t times_used = 0;
  core::Time last_used;
};

/// Uses of element combinations by the brand up to a time, in order of their keys.
std::vector<ComboUsage> combo_usage(Session& session, const std::string& brand_id,
                                    core::Time known_at);

/// A template drawn, as the learners need it.
struct SelectionItem {
  std::string template_id;
  std::int64_t rank = 0;
  core::Json scores;
  double composite = 0;
  double propensity = 0;
  double draw_probability = 0;
};

struct StoredSelection {
  std::string brand_id;
  std::string id;
  std::string product_id;
  std::string persona_id;  ///< empty: none
  std::string preset;
  core::Json weights_used;
  std::optional<std::string> weight_set;
  std::optional<std::string> phase;
  double temperature = 1;
  std::string seed;
  core::Json document;  ///< the whole output, without its schema
  core::Time created_at;
  std::vector<SelectionItem> items;
};

/// The document of a recorded selection.
std::optional<core::Json> find_selection_document(Session& session, const std::string& brand_id,
                                                  const std::string& id);

/// Stores a selection and its items; to be called within a transaction.
void insert_selection(Session& session, const StoredSelection& selection);

}  // namespace adgenome::store
