#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// Element scores of a brand from the rewards that the store holds, kept there as the sums of one
/// event a reward and element. Again without new rewards changes nothing; the counts are events.
Report genome_in_store(store::Session& session, const std::string& brand_id, core::Time now,
                       bool is_dry_run, const store::KnownAt& known_at = {});

/// The scores as they are kept, of a product (empty: of the whole brand), of one dimension or all.
Report genome_of_brand(store::Session& session, const std::string& brand_id,
                       const std::string& product_id, const std::optional<std::string>& dimension,
                       core::Time known_at = store::kNewest);

/// Element scores of one brand from rows `{"ad_id", "run", "tags": {}, "reward", "weight"}`, as
/// `adgenome/genome/v1`.
Report genome_from_stream(const std::string& input, core::Rejects& rejects);

}  // namespace adgenome::app
