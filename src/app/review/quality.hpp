#pragma once

#include <adgenome/creative/quality.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/quality_configs.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// The quality config that counts for a brand: its own active one, else its organization's, else
/// the built-in one.
struct EffectiveQuality {
  creative::QualityConfig config;
  std::string name = "built-in";                       ///< "brand/3", "organization/1"
  std::optional<std::int64_t> version = std::nullopt;  ///< of its scope
};
EffectiveQuality effective_quality(store::Session& session, const store::Brand& brand);

/// The one that an arm of an experiment names over what counts: null (that itself), a version of
/// the brand's, a name ("brand/3", "organization/1", "built-in"), or an object of single numbers
/// that take the place of its own. Throws InvalidInput at `where` for one that is not there or not
/// valid.
EffectiveQuality arm_quality(store::Session& session, const store::Brand& brand,
                             const core::Json& wanted, const std::string& where);

/// The one that counts for all brands of an organization that have none of their own.
EffectiveQuality organization_quality(store::Session& session, const std::string& organization_id);

}  // namespace adgenome::app
