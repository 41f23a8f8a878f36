#include <adgenome/core/text.hpp>
#include <adgenome/scoring/scorer.hpp>

namespace adgenome::scoring {

Setting prepare(const Pool& pool, const Context& context, core::Time now) {
  Setting setting{.now = now, .is_covered = std::vector<std::uint8_t>(pool.names.size(), 0)};
  if (context.asset_tags) {
    setting.has_asset_tags = true;
    for (const std::string& tag : *context.asset_tags) {
      // A tag that no candidate names covers nothing.
      const std::uint32_t id = pool.names.find(tag);
      if (id != Interner::kNone) setting.is_covered[id] = 1;
    }
  }
  if (context.category) {
    setting.has_category = true;
    setting.category = pool.names.find(*context.category);
  }
  setting.awareness = context.awareness_stage.value_or(0);
  setting.unisex = pool.names.find("unisex");
  if (context.target_sex) {
    const std::string sex = core::to_lower(*context.target_sex);
    setting.has_sex = true;
    setting.sex = pool.names.find(sex);
    setting.sex_is_unisex = sex == "unisex";
  }
  return setting;
}

}  // namespace adgenome::scoring
