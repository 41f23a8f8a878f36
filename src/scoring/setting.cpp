#include <adgenome/core/text.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <algorithm>

namespace adgenome::scoring {

namespace {

std::vector<Setting::AssetShare> asset_shares(const Pool& pool, const Context& context) {
  std::vector<std::uint8_t> is_covered(pool.names.size(), 0);
  for (const std::string& tag : context.asset_tags.value_or(std::vector<std::string>())) {
    // A tag that no candidate names covers nothing.
    const std::uint32_t id = pool.names.find(tag);
    if (id != Interner::kNone) is_covered[id] = 1;
  }
  std::vector<Setting::AssetShare> shares;
  for (std::size_t set = 0; set < pool.asset_sets.size(); ++set) {
    const std::span<const std::uint32_t> tags = pool.asset_sets[set];
    const auto covered = std::count_if(tags.begin(), tags.end(),
                                       [&](std::uint32_t tag) { return is_covered[tag] != 0; });
    const auto size = static_cast<double>(tags.size());
    shares.push_back({.covered = tags.empty() ? 1 : static_cast<double>(covered) / size,
                      .is_known = !tags.empty() && context.asset_tags.has_value()});
  }
  return shares;
}

}  // namespace

Setting prepare(const Pool& pool, const Context& context, core::Time now) {
  Setting setting{.now = now, .asset_shares = asset_shares(pool, context)};
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
