#include <adgenome/learning/attribution.hpp>
#include <adgenome/learning/interactions.hpp>

#include "validity.hpp"

namespace adgenome::validity {
namespace {

/// An ad of a run, as generation makes them: the hook and the template, with its category, belong
/// to the run, colors and sizes differ within it, the version is one. None of it matters.
struct Ad {
  int run = 0;
  std::vector<std::pair<std::string, std::string>> tags;
  std::string stratum;
  std::string quarter;
  double log_rate = 0;
  std::int64_t impressions = 0;
};

std::vector<Ad> make_ads(World& world, int runs) {
  const auto value = [&](const char* name, int values) {
    return name + std::to_string(world.below(values));
  };
  std::vector<double> months;
  for (int month = 0; month < 6; ++month) months.push_back(world.normal(0.2));
  std::vector<Ad> ads;
  for (int run = 0; run < runs; ++run) {
    const int month = world.below(6);
    const int audience = world.below(2);
    const double level = std::log(0.012) + months[static_cast<std::size_t>(month)] +
                         0.3 * audience + world.normal(0.3);
    const std::vector<std::pair<std::string, std::string>> of_run = {
        {"hook_type", value("hook", 5)},
        {"template_category", value("category", 4)},
        {"visual_style", value("style", 3)},
        {"offer", value("offer", 2)}};
    const int count = 2 + world.below(5);
    for (int i = 0; i < count; ++i) {
      Ad ad;
      ad.run = run;
      ad.tags = of_run;
      ad.tags.emplace_back("template_id", of_run[1].second + (run % 3 == 0 ? "-a" : "-b"));
      ad.tags.emplace_back("prompt_version", "1");
      ad.tags.emplace_back("color_mode", value("color", 3));
      ad.tags.emplace_back("canvas_size", value("size", 2));
      ad.stratum = std::to_string(month) + "/" + std::to_string(audience);
      ad.quarter = std::to_string(month / 3);
      ad.log_rate = level + world.normal(0.15);
      ad.impressions = static_cast<std::int64_t>(std::exp(std::log(15'000.0) + world.normal(1)));
      ads.push_back(std::move(ad));
    }
  }
  return ads;
}

}  // namespace

std::vector<Study> attribution(const Effort& effort) {
  std::vector<Study> studies;
  for (const int runs : {24, 80}) {
    double classic = 0;
    double robust = 0;
    double elements = 0;
    for (int number = 0; number < effort.worlds(200); ++number) {
      World world("attribution/" + std::to_string(runs), number);
      learning::AttributionFold fold;
      for (const Ad& ad : make_ads(world, runs)) {
        const std::vector<std::pair<std::string_view, std::string_view>> tags(ad.tags.begin(),
                                                                              ad.tags.end());
        fold.add({.tags = tags,
                  .stratum = ad.stratum,
                  .cluster = std::to_string(ad.run),
                  .block = ad.quarter,
                  .successes = world.binomial(ad.impressions, std::exp(ad.log_rate)),
                  .trials = ad.impressions});
      }
      const auto found = learning::attribute(std::move(fold).finish(), 1);
      for (const auto& element : found.elements) {
        ++elements;
        // Its demand for strata that agree aside, the classic judgement is q < 0.05.
        classic += element.naive.q.value_or(1) < 0.05;
        robust += element.is_reported;
      }
    }
    studies.push_back({.what = "elements found significant by `attribute`",
                       .world = std::to_string(runs) + " runs of 2 to 6 ads, half a year",
                       .classic = classic / elements,
                       .robust = robust / elements,
                       .limit = 0.05});
  }
  return studies;
}

std::vector<Study> interactions(const Effort& effort) {
  double wrong[2] = {0, 0};
  double pairs[2] = {0, 0};
  for (int number = 0; number < effort.worlds(60); ++number) {
    World world("interactions", number);
    std::vector<learning::TaggedReward> rewards;
    for (const Ad& ad : make_ads(world, 60)) {
      learning::TaggedReward reward;
      reward.ad_id = std::to_string(rewards.size());
      reward.run = std::to_string(ad.run);
      reward.tags = {ad.tags.begin(), ad.tags.end()};
      reward.reward = 1 / (1 + std::exp(-2 * (ad.log_rate - std::log(0.012))));
      rewards.push_back(std::move(reward));
    }
    for (const bool is_classic : {true, false}) {
      for (const auto& pair : learning::find_interactions(rewards, is_classic, 1).pairs) {
        ++pairs[is_classic];
        wrong[is_classic] += pair.direction != learning::PairInteraction::Direction::kNeutral;
      }
    }
  }
  return {{.what = "pairs called synergy or conflict by `interactions`",
           .world = "60 runs of 2 to 6 ads",
           .classic = wrong[true] / pairs[true],
           .robust = wrong[false] / pairs[false],
           .limit = 0.05}};
}

}  // namespace adgenome::validity
