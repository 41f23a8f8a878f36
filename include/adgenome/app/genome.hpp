#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/ids.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/rules.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

struct GenomeOptions {
  core::Time now;
  learning::Rules rules = learning::Rules::kRobust;
  std::optional<double> half_life_weeks = {};  ///< older rewards count less
  bool is_dry_run = false;
  store::KnownAt known_at = {};
};

/// Element scores of a brand from the rewards that the store holds, kept there as the sums of one
/// event a reward and element. Again without new rewards changes nothing; the counts are events.
/// In a brand's first weeks young ads count with a provisional reward until they have their own.
Report genome_in_store(store::Session& session, const store::Brand& brand,
                       const GenomeOptions& options);

/// The scores as they are kept, of a product (empty: of the whole brand), of one dimension or all.
Report genome_of_brand(store::Session& session, const store::Brand& brand,
                       const std::string& product_id, const std::optional<std::string>& dimension,
                       const GenomeOptions& options);

/// Element scores of one brand from rows `{"ad_id", "run", "tags": {}, "reward", "weight"}` (and
/// `matured_at`, which a half-life needs), as `adgenome/genome/v1`.
Report genome_from_stream(const std::string& input, core::Rejects& rejects,
                          const GenomeOptions& options);

/// What a choice among the values of a dimension is made from.
struct SampleQuery {
  std::string dimension;
  std::vector<std::string> values = {};  ///< none: those that are known
  std::string product_id = {};
};

/// A value drawn by Thompson sampling, and with what probability it was.
struct SampledElement {
  std::string value;  ///< empty: there is none to choose from
  bool is_explored = false;
  double propensity = 1;
  core::Json document;  ///< adgenome/genome_sample/v1 without its schema and seed
};

SampledElement sample_element(store::Session& session, const store::Brand& brand,
                              const SampleQuery& query, const GenomeOptions& options,
                              core::RandomStream random);

/// What is known of the brand's elements, as advice for prompts: adgenome/genome_context/v1 without
/// its schema. Never a filter.
struct GenomeContext {
  core::Json document;
  std::vector<std::string> whitespace_ids;  ///< of the pairs it proposes
  std::string paragraph;
};
GenomeContext genome_context(store::Session& session, const store::Brand& brand,
                             const std::string& product_id, const GenomeOptions& options);

/// What an ad with these tags is expected to earn, before it is made: adgenome/genome_score/v1
/// without its schema. `score` is null where none of its elements is known.
core::Json genome_score(store::Session& session, const store::Brand& brand,
                        const std::map<std::string, std::string>& tags,
                        const std::string& product_id, const GenomeOptions& options);

/// Whether scores before generation foresaw what ads did, and whether tags and rewards drifted;
/// opens and resolves alerts.
struct ValidateOptions {
  GenomeOptions genome;
  std::int64_t weeks = 4;
};
Report validate_genome(store::Session& session, const store::Brand& brand,
                       const ValidateOptions& options, core::IdSource& ids);

}  // namespace adgenome::app
