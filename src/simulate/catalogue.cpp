#include "catalogue.hpp"

#include <array>
#include <string>
#include <string_view>

namespace adgenome::simulate {
namespace {

constexpr std::array<std::string_view, 6> kCategories{"ugc",   "testimonial", "comparison",
                                                      "offer", "educational", "lifestyle"};
constexpr std::array<std::string_view, 5> kAssets{"logo", "badge", "product_front", "person",
                                                  "before_after"};
constexpr std::array<std::string_view, 3> kSexes{"female", "male", "unisex"};

}  // namespace

scoring::Pool make_pool(std::int64_t templates, core::RandomStream& random) {
  scoring::Pool pool;
  for (std::int64_t i = 0; i < templates; ++i) {
    const std::string id = "t" + std::to_string(i);
    scoring::Candidate candidate{.id = id, .is_detected = true};
    candidate.category = kCategories[random.next_below(kCategories.size())];
    candidate.awareness_level = static_cast<int>(1 + random.next_below(5));
    candidate.target_sex = kSexes[random.next_below(kSexes.size())];
    for (const std::string_view asset : kAssets) {
      if (random.next_uniform() < 0.4) candidate.required_assets.push_back(asset);
    }
    candidate.evaluation.is_given = true;
    candidate.evaluation.is_compliant = 1;
    for (std::int8_t& points : candidate.evaluation.d) {
      points = static_cast<std::int8_t>(random.next_below(4));
    }
    candidate.posterior_mean = 0.2 + 0.6 * random.next_uniform();
    pool.add(candidate);
  }
  return pool;
}

scoring::Context make_context(core::RandomStream& random) {
  scoring::Context context{.asset_tags = std::vector<std::string>(), .has_persona = true};
  for (const std::string_view asset : kAssets) {
    if (random.next_uniform() < 0.6) context.asset_tags->emplace_back(asset);
  }
  context.category = std::string(kCategories[random.next_below(kCategories.size())]);
  context.awareness_stage = static_cast<int>(1 + random.next_below(5));
  context.target_sex = std::string(kSexes[random.next_below(2)]);
  return context;
}

}  // namespace adgenome::simulate
