#include "quality.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>

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

EffectiveQuality arm_quality(store::Session& session, const store::Brand& brand,
                             const core::Json& wanted, const std::string& where) {
  if (wanted.is_null()) return effective_quality(session, brand);
  if (wanted.is_object()) {
    EffectiveQuality quality = effective_quality(session, brand);
    core::Json numbers = to_json(quality.config);
    for (const auto& [key, value] : wanted.items()) {
      if (key == "weights" && value.is_object()) {
        numbers["weights"].update(value);
      } else {
        numbers[key] = value;
      }
    }
    quality.config = creative::quality_from_json(numbers, where);
    quality.name += " with changes";
    return quality;
  }
  const std::string name =
      wanted.is_string() ? wanted.get<std::string>() : "brand/" + wanted.dump();
  if (name == "built-in") return {};
  for (const store::QualityScope& scope :
       {store::brand_scope(brand.id), store::organization_scope(brand.organization_id)}) {
    if (!name.starts_with(scope.name() + "/")) continue;
    const auto version = core::to_uint64(name.substr(scope.name().size() + 1));
    const auto stored =
        version ? store::find_quality_config(session, scope, static_cast<std::int64_t>(*version))
                : std::nullopt;
    if (!stored) break;
    return {creative::quality_from_json(stored->config, where + ": quality config " + name), name,
            stored->version};
  }
  throw core::InvalidInput("no quality config \"" + name + "\"",
                           "adgenome calibrate list shows them", where);
}

}  // namespace adgenome::app
