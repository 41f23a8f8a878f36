#include <doctest/doctest.h>

#include <adgenome/scoring/combination.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <cmath>

using namespace adgenome;
using namespace adgenome::scoring;

namespace {

const core::Time kNow = core::parse_time("2026-11-20T12:00:00Z");

core::Time days_ago(double days) {
  return kNow - std::chrono::microseconds(static_cast<std::int64_t>(days * 86'400e6));
}

struct Scored {
  double value;
  bool has_data;
};

/// What the registry's scorer of this name says of one candidate.
Scored score(const char* name, const Candidate& candidate, const Context& context = {}) {
  Pool pool;
  pool.add(candidate);
  const Setting setting = prepare(pool, context, kNow);
  double value = -1;
  bool has_data = false;
  scorers()[find_scorer(name).value()].score(pool, setting, {0, {&value, 1}, {&has_data, 1}});
  CHECK(value >= 0);
  CHECK(value <= 1);
  return {value, has_data};
}

void check(const Scored& scored, double value, bool has_data) {
  CHECK(scored.value == doctest::Approx(value).epsilon(1e-12));
  CHECK(scored.has_data == has_data);
}

}  // namespace

TEST_CASE("the registry names eleven scorers in the order of outputs, each with a rule") {
  CHECK(scorer_names() ==
        std::vector<std::string>{"asset_match", "unused_bonus", "category_match", "awareness_align",
                                 "audience_match", "belief_clarity", "performance", "fatigue",
                                 "impression_rank", "impression_velocity", "creative_variants"});
  for (const Scorer& scorer : scorers()) CHECK((scorer.score != nullptr));
  CHECK(!find_scorer("Fatigue"));
}

TEST_CASE("asset_match is the share of required assets that the product covers") {
  const Context product{.asset_tags = {{"logo", "pack shot", "badge"}}};
  check(score("asset_match", {.id = "t"}, product), 1, false);
  check(score("asset_match", {.id = "t", .required_assets = {"logo"}}, product), 1, true);
  check(score("asset_match", {.id = "t", .required_assets = {"logo", "before", "after"}}, product),
        1.0 / 3, true);
  check(score("asset_match", {.id = "t", .required_assets = {"logo", "logo", "before"}}, product),
        0.5, true);
  // Tags match as whole strings.
  check(score("asset_match", {.id = "t", .required_assets = {"pack"}}, product), 0, true);
  check(score("asset_match", {.id = "t", .required_assets = {"Logo"}}, product), 0, true);
  // Without any knowledge of the product's pictures there is no data, and no match.
  check(score("asset_match", {.id = "t", .required_assets = {"logo"}}), 0, false);
}

TEST_CASE("unused_bonus rises with the days of rest") {
  check(score("unused_bonus", {.id = "t"}), 1, true);
  check(score("unused_bonus", {.id = "t", .product_usage = Usage::date_unknown()}), 0.3, false);
  const auto after = [](double days) {
    return score("unused_bonus", {.id = "t", .product_usage = Usage::at(days_ago(days))}).value;
  };
  CHECK(after(0) == doctest::Approx(0.3).epsilon(1e-12));
  CHECK(after(-3) == doctest::Approx(0.3).epsilon(1e-12));  // a use in the future is one just now
  CHECK(after(14) == doctest::Approx(0.6523902873460135).epsilon(1e-12));
  CHECK(after(28) == doctest::Approx(0.8273821252408755).epsilon(1e-12));
  CHECK(after(0.5) == doctest::Approx(0.31728306158016717).epsilon(1e-12));
  CHECK(after(1) < after(2));
}

TEST_CASE("category_match") {
  const Context asked{.category = "ugc"};
  check(score("category_match", {.id = "t", .category = "ugc"}, asked), 1, true);
  check(score("category_match", {.id = "t", .category = "static"}, asked), 0, true);
  check(score("category_match", {.id = "t"}, asked), 0, false);
  check(score("category_match", {.id = "t", .category = "ugc"}), 0.5, false);
}

TEST_CASE("awareness_align falls with the distance of the stages") {
  const Context persona{.awareness_stage = 2};
  const double expected[] = {0.75, 1, 0.75, 0.5, 0.25};
  for (int level = 1; level <= 5; ++level) {
    check(score("awareness_align", {.id = "t", .awareness_level = level}, persona),
          expected[level - 1], true);
  }
  check(score("awareness_align", {.id = "t", .awareness_level = 5}, {.awareness_stage = 1}), 0,
        true);
  check(score("awareness_align", {.id = "t"}, persona), 0.5, false);
  check(score("awareness_align", {.id = "t", .awareness_level = 3}), 0.5, false);
}

TEST_CASE("audience_match") {
  const Context women{.target_sex = "female"};
  const Context everybody{.target_sex = "unisex"};
  check(score("audience_match", {.id = "t", .target_sex = "Female"}, women), 1, true);
  check(score("audience_match", {.id = "t", .target_sex = "male"}, women), 0.2, true);
  check(score("audience_match", {.id = "t", .target_sex = "unisex"}, women), 0.7, true);
  check(score("audience_match", {.id = "t", .target_sex = "male"}, everybody), 0.7, true);
  check(score("audience_match", {.id = "t", .target_sex = "unisex"}, everybody), 1, true);
  check(score("audience_match", {.id = "t"}, women), 0.7, false);
  check(score("audience_match", {.id = "t", .target_sex = "male"}), 0.7, false);
}

TEST_CASE("belief_clarity") {
  const auto of = [](Evaluation evaluation) {
    evaluation.is_given = true;
    return score("belief_clarity", {.id = "t", .evaluation = evaluation});
  };
  check(score("belief_clarity", {.id = "t"}), 0.5, false);
  check(of({.d = {3, 3, 3, 3, 3}, .is_compliant = 1}), 1, true);
  check(of({.d = {3, 2, 1, 0, 2}, .is_compliant = 1}), 8.0 / 15, true);
  check(of({.d = {3, 3, 3, 3, 3}, .is_compliant = 0}), 0, true);
  check(of({.d = {3, 3, 3, 3, 3}}), 1, true);  // compliance not judged is not a refusal
  check(of({.d = {3, Evaluation::kMissing, 3, Evaluation::kMissing, 0}}), 6.0 / 15, true);
}

TEST_CASE("performance is the posterior mean") {
  check(score("performance", {.id = "t"}), 0.5, false);
  check(score("performance", {.id = "t", .posterior_mean = 0.25}), 0.25, true);
}

TEST_CASE("fatigue: what was used lately is low, and rises with rest") {
  const auto rested = [](double days, Candidate candidate = {.id = "t"}) {
    candidate.audience_usage = Usage::at(days_ago(days));
    return score("fatigue", candidate).value;
  };
  check(score("fatigue", {.id = "t"}), 1, true);
  check(score("fatigue", {.id = "t", .audience_usage = Usage::date_unknown()}), 0.2, false);
  CHECK(rested(0) == 0.2);
  CHECK(rested(4) == 0.2);  // 1 - exp(-0.2) = 0.18
  CHECK(rested(14) == doctest::Approx(0.5034146962085906).epsilon(1e-12));
  CHECK(rested(28) == doctest::Approx(0.7534030360583935).epsilon(1e-12));
  CHECK(rested(7) < rested(14));

  // The product's use counts where there is none for the audience.
  CHECK(score("fatigue", {.id = "t", .product_usage = Usage::at(days_ago(14))}).value ==
        rested(14));

  const Candidate often{.id = "t", .combination_uses = 3, .combination_last_used = days_ago(28)};
  check(score("fatigue", often), 0.5682894765709203, true);
  CHECK(rested(28, often) == doctest::Approx(0.42815101700856667).epsilon(1e-12));
  CHECK(rested(14, often) == doctest::Approx(0.2860852742064888).epsilon(1e-12));
  Candidate seldom = often;
  seldom.combination_uses = 2;
  check(score("fatigue", seldom), 1, true);
  Candidate uncounted = often;
  uncounted.combination_uses.reset();
  check(score("fatigue", uncounted), 1, true);
  Candidate undated = often;
  undated.combination_last_used.reset();
  check(score("fatigue", undated), 1, true);
}

// Expected values: tests/reference/ad_library_scorers.py.
TEST_CASE("impression_rank falls with the best position, less in short lists") {
  const auto of = [](std::int32_t best, std::int32_t total = 0) {
    return score("impression_rank",
                 {.id = "t", .ad_library = {.best_position = best, .total = total}});
  };
  check(score("impression_rank", {.id = "t"}), 0.5, false);
  check(of(0, 10), 0.5, false);
  check(of(1), 1, true);
  check(of(26), 0.6, true);
  check(of(51), 0.2, true);
  check(of(500), 0.2, true);
  check(of(1, 10), 0.6, true);
  check(of(4, 10), 0.5333333333333333, true);
  check(of(10, 10), 0.4, true);
  check(of(1, 1), 0.6, true);
  check(of(4, 11), 0.952, true);
  check(of(100, 2), 0, true);  // best in another, longer list: within [0, 1] all the same
}

TEST_CASE("impression_velocity: high and young is best") {
  const auto of = [](std::int32_t latest, double age, std::int32_t total = 0) {
    return score(
        "impression_velocity",
        {.id = "t", .ad_library = {.latest_position = latest, .total = total, .age_days = age}});
  };
  check(score("impression_velocity", {.id = "t"}), 0.5, false);
  check(of(0, 30, 41), 0.5, false);
  check(of(1, AdLibrary::kUnknownAge), 0.5, false);
  check(of(1, 30), 0.7, true);
  check(of(1, 1), 0.9862959810605475, true);
  check(of(1, 0.2), 0.9862959810605475, true);  // at least a day
  check(of(3, 60), 0.275, true);
  check(of(11, 30, 41), 0.5249999999999999, true);
  check(of(41, 30, 41), 0, true);
  check(of(60, 30, 41), 0, true);
  check(of(2, 90, 1), 0.2375, true);
  check(of(1, 90, 1), 0.475, true);
  CHECK(of(5, 10, 50).value > of(6, 10, 50).value);
  CHECK(of(5, 10, 50).value > of(5, 40, 50).value);
}

TEST_CASE("creative_variants rises with the number of variants") {
  const auto of = [](std::int32_t variants) {
    return score("creative_variants", {.id = "t", .ad_library = {.variants = variants}});
  };
  check(of(0), 0.3, false);
  const double expected[] = {0.3, 0.6, 0.6, 0.8, 0.8, 0.8, 0.8, 1, 1};
  for (std::int32_t variants = 1; variants <= 9; ++variants) {
    check(of(variants), expected[variants - 1], true);
  }
}

TEST_CASE("the key of a combination does not depend on the order of its elements") {
  CHECK(combination_key({{"hook_type", "question"}, {"color_mode", "brand"}}) ==
        "color_mode=brand|hook_type=question");
  CHECK(template_combination("ugc", 2) == "awareness_stage=2|template_category=ugc");
  CHECK(template_combination("ugc", {}) == "template_category=ugc");
}
