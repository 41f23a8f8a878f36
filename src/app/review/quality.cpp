#include "quality.hpp"

namespace adgenome::app {
namespace {

std::optional<EffectiveQuality> active(store::Session& session, const store::QualityScope& scope) {
  const auto stored = store::active_quality_config(session, scope);
  if (!stored) return std::nullopt;
  const std::string name = scope.name() + "/" + std::to_string(stored->version);
  return EffectiveQuality{creative::quality_from_json(stored->config, "quality config " + name),
                          name, stored->version};
}

}  // namespace

EffectiveQuality organization_quality(store::Session& session, const std::string& organization_id) {
  const auto own = active(session, store::organization_scope(organization_id));
  return own ? *own : EffectiveQuality{};
}

EffectiveQuality effective_quality(store::Session& session, const store::Brand& brand) {
  const auto own = active(session, store::brand_scope(brand.id));
  return own ? *own : organization_quality(session, brand.organization_id);
}

}  // namespace adgenome::app
