#include <doctest/doctest.h>

#include <adgenome/scoring/selection.hpp>
#include <algorithm>
#include <cmath>
#include <set>

using namespace adgenome;
using namespace adgenome::scoring;

namespace {

const core::Time kNow = core::parse_time("2026-11-20");

core::Time days_ago(int days) {
  return kNow - std::chrono::days(days);
}

SelectionRequest request_of(const char* preset) {
  const Preset chosen = built_in_preset(preset).value();
  return {.preset = chosen, .weights = chosen.weights};
}

Selection run(const Pool& pool, const Context& context, const SelectionRequest& request,
              std::uint64_t seed = 1) {
  return select(pool, context, request, kNow, {seed, "select/draw"});
}

/// `count` templates t0, t1, ... of category "a" for the even and "b" for the odd ones.
Pool pool_of(int count) {
  Pool pool;
  for (int i = 0; i < count; ++i) {
    const std::string id = "t" + std::to_string(i);
    pool.add({.id = id,
              .category = i % 2 == 0 ? "a" : "b",
              .required_assets = {"logo"},
              .is_detected = true});
  }
  return pool;
}

bool warns_of(const Selection& selection, const char* word) {
  return std::any_of(selection.warnings.begin(), selection.warnings.end(),
                     [&](const auto& text) { return text.find(word) != std::string::npos; });
}

}  // namespace

TEST_CASE("a rested template is drawn more often than one just used") {
  Pool pool;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "t" + std::to_string(i);
    pool.add({.id = id, .product_usage = Usage::at(days_ago(i < 10 ? 1 : 60))});
  }
  for (const char* preset : {"roll_the_dice", "smart_select", "smart_select_t1"}) {
    CAPTURE(preset);
    int tired = 0;
    int rested = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      for (const SelectedItem& item : run(pool, {}, request_of(preset), seed).items) {
        ++(item.candidate < 10 ? tired : rested);
      }
    }
    CHECK(tired + rested == 900);
    CHECK(rested > tired * 1.1);
  }
}

TEST_CASE("composite, propensities and summaries of a selection") {
  Pool pool;
  pool.add({.id = "never"});
  pool.add({.id = "lately", .product_usage = Usage::at(kNow)});
  SelectionRequest request = request_of("roll_the_dice");
  request.lists_all = true;
  const Selection all = run(pool, {}, request);
  REQUIRE(all.items.size() == 2);
  // (1.0 * 1 + 0.5 * 0.5 + 0.2 * 1) / 1.7 and (1.0 * 0.3 + 0.5 * 0.5 + 0.2 * 0.2) / 1.7
  CHECK(all.items[0].composite == doctest::Approx(1.45 / 1.7));
  CHECK(all.items[1].composite == doctest::Approx(0.59 / 1.7));
  CHECK(*all.items[0].propensity == doctest::Approx(1.45 / 2.04));
  CHECK(!all.items[0].draw_probability);
  CHECK(all.items[0].scores[find_scorer("category_match").value()] == 0.5);
  CHECK(all.items[0].scores[find_scorer("creative_variants").value()] == 0.3);
  CHECK(*all.effective_templates ==
        doctest::Approx(std::exp(-(1.45 / 2.04) * std::log(1.45 / 2.04) -
                                 (0.59 / 2.04) * std::log(0.59 / 2.04))));
  CHECK(*all.largest_share == doctest::Approx(1.45 / 2.04));
  CHECK(!all.repeat_rate);
  const ScorerSummary& unused = all.scorers[find_scorer("unused_bonus").value()];
  CHECK(*unused.coverage == 1);
  CHECK(*unused.variance == doctest::Approx(0.1225));
  CHECK(*all.scorers[find_scorer("performance").value()].coverage == 0);
  CHECK(*all.scorers[find_scorer("performance").value()].variance == 0);

  request.lists_all = false;
  const Selection both = run(pool, {}, request);
  REQUIRE(both.items.size() == 2);
  CHECK(*both.items[0].propensity + *both.items[1].propensity == doctest::Approx(1));
  CHECK(*both.items[0].draw_probability == *both.items[0].propensity);
  CHECK(*both.items[1].draw_probability == 1);
  CHECK(*both.repeat_rate == 0.5);
  CHECK(warns_of(both, "count is cut from 3 to 2"));
  CHECK(warns_of(both, "templates are effective"));
}

TEST_CASE("all weights 0 is a uniform draw") {
  SelectionRequest request = request_of("smart_select");
  request.weights.assign(request.weights.size(), 0);
  const Selection selection = run(pool_of(50), {}, request);
  CHECK(*selection.effective_templates == doctest::Approx(50));
  CHECK(selection.items[0].composite == 1);
}

TEST_CASE("the gate and its tiers") {
  CHECK(make_gate({}, {}).min_asset_score == 0);
  CHECK(make_gate(Tier::kGrowth, {}).min_asset_score == 0.3);
  CHECK(make_gate(Tier::kGrowth, {}).may_relax);
  CHECK(make_gate(Tier::kPremium, {}).min_asset_score == 0.8);
  CHECK(!make_gate(Tier::kPremium, {}).may_relax);
  CHECK(!make_gate({}, 0.8).may_relax);
  CHECK(make_gate({}, 0.79).may_relax);
  CHECK(make_gate(Tier::kGrowth, 0.9).may_relax);  // the tier decides, not the number
  CHECK(!make_gate(Tier::kPremium, 0.1).may_relax);
  CHECK(parse_tier("growth") == Tier::kGrowth);
  CHECK(!parse_tier("gold"));

  Pool pool = pool_of(4);
  pool.add({.id = "unanalysed"});  // requires nothing, as far as anybody knows
  pool.add({.id = "analysed", .is_detected = true});
  SelectionRequest request = request_of("smart_select");
  request.gate = make_gate(Tier::kPremium, {});
  Selection selection = run(pool, {.asset_tags = {{"badge"}}}, request);
  CHECK(selection.candidates_before_gate == 6);
  CHECK(selection.candidates_after_gate == 1);
  REQUIRE(selection.items.size() == 1);
  CHECK(pool.ids[selection.items[0].candidate] == "analysed");
}

TEST_CASE("what nothing passes is relaxed step by step, but never under premium") {
  const Pool pool = pool_of(42);
  SelectionRequest request = request_of("smart_select");
  request.gate = make_gate(Tier::kPremium, {});
  Selection selection = run(pool, {.asset_tags = {{}}}, request);
  CHECK(selection.items.empty());
  CHECK(*selection.reason == "No templates passed the asset gate (min_score=0.8, 0/42 passed)");
  CHECK(selection.candidates_before_gate == 42);
  CHECK(selection.candidates_after_gate == 0);
  CHECK(selection.relaxed.empty());
  CHECK(!selection.effective_templates);

  request.gate = make_gate(Tier::kGrowth, {});
  selection = run(pool, {.asset_tags = {{}}}, request);
  CHECK(selection.items.size() == 3);
  CHECK(selection.relaxed == std::vector<std::string>{"gate"});
  CHECK(!selection.reason);

  request.is_category_filter = true;
  selection = run(pool, {.asset_tags = {{}}, .category = "a"}, request);
  CHECK(selection.relaxed == std::vector<std::string>{"gate"});
  CHECK(selection.candidates_before_gate == 21);
  for (const SelectedItem& item : selection.items) CHECK(item.candidate % 2 == 0);

  selection = run(pool, {.asset_tags = {{}}, .category = "c"}, request);
  CHECK(selection.relaxed == std::vector<std::string>{"gate", "category"});
  CHECK(selection.candidates_before_gate == 42);
  CHECK(selection.items.size() == 3);

  request.gate = make_gate(Tier::kPremium, {});
  selection = run(pool, {.category = "c"}, request);
  CHECK(*selection.reason == "No templates in category c (0/42)");

  selection = run({}, {}, request_of("smart_select"));
  CHECK(*selection.reason == "No templates to choose from");
  CHECK(selection.relaxed.empty());
}

TEST_CASE("scorers that cannot tell candidates apart are named") {
  const Pool pool = pool_of(40);
  const Selection plain = run(pool, {.asset_tags = {{"logo"}}}, request_of("smart_select"));
  CHECK(warns_of(plain, "performance has weight 0.3 but no data"));
  CHECK(warns_of(plain, "asset_match has weight 1 but says the same"));
  CHECK(!warns_of(plain, "category_match"));  // nothing was asked for
  CHECK(!warns_of(plain, "awareness_align"));
  const Selection asked =
      run(pool, {.category = "c", .has_persona = true}, request_of("smart_select"));
  CHECK(warns_of(asked, "category_match has weight 0.6 but says the same"));
  CHECK(warns_of(asked, "awareness_align has weight 0.5 but no data"));
  CHECK(warns_of(asked, "audience_match"));
  SelectionRequest filtered = request_of("smart_select");
  filtered.is_category_filter = true;
  CHECK(!warns_of(run(pool, {.category = "a"}, filtered), "category_match"));
}

TEST_CASE("a wanted effective number stands in the outcome with its temperature") {
  Pool pool;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "t" + std::to_string(i);
    pool.add({.id = id, .product_usage = Usage::at(days_ago(i))});
  }
  SelectionRequest request = request_of("roll_the_dice");
  request.preset.target_effective = 150;
  const Selection selection = run(pool, {}, request);
  CHECK(*selection.effective_templates == doctest::Approx(150).epsilon(1e-9));
  CHECK(*selection.temperature > 0.01);
  CHECK(*selection.temperature < 1);
  request.preset.target_effective = 1000;
  CHECK(warns_of(run(pool, {}, request), "target_effective 1000 is not reached"));
}

TEST_CASE("scores do not depend on how the pool is cut into blocks") {
  Pool pool;
  for (int i = 0; i < 2500; ++i) {
    const std::string id = "t" + std::to_string(i);
    pool.add(
        {.id = id, .product_usage = Usage::at(days_ago(i % 90)), .posterior_mean = (i % 7) / 7.0});
  }
  SelectionRequest request = request_of("smart_select");
  request.lists_all = true;
  const Selection selection = run(pool, {}, request);
  REQUIRE(selection.items.size() == 2500);
  for (const SelectedItem& item : selection.items) {
    double composite = 0;
    double total = 0;
    for (std::size_t s = 0; s < request.weights.size(); ++s) {
      composite += request.weights[s] * item.scores[s];
      total += request.weights[s];
    }
    CHECK(item.composite == doctest::Approx(composite / total).epsilon(1e-12));
  }
  for (std::size_t i = 1; i < selection.items.size(); ++i) {
    const SelectedItem& before = selection.items[i - 1];
    const SelectedItem& item = selection.items[i];
    const bool in_order = before.composite > item.composite ||
                          (before.composite == item.composite && before.candidate < item.candidate);
    CHECK(in_order);
  }
}

namespace {

/// 40 templates in 8 styles: those of one style look the same, and like no other; the last ten
/// have no embedding.
Pool pool_of_styles() {
  Pool pool;
  for (int i = 0; i < 40; ++i) {
    const std::string id = "t" + std::to_string(i);
    std::vector<float> embedding(8);
    embedding[static_cast<std::size_t>(i % 8)] = 2.0F + static_cast<float>(i);
    embedding[static_cast<std::size_t>((i + 1) % 8)] = 0.1F;
    pool.add({.id = id,
              .product_usage = Usage::at(days_ago(i)),
              .embedding = i < 30 ? embedding : std::vector<float>{}});
  }
  return pool;
}

}  // namespace

TEST_CASE("templates that look like one drawn already are passed over") {
  const Pool pool = pool_of_styles();
  SelectionRequest request = request_of("smart_select");
  request.max_similarity = 0.9;
  request.count = 12;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Selection selection = run(pool, {}, request, seed);
    std::set<std::size_t> styles;
    std::set<std::size_t> drawn;
    double left = 1;
    for (const SelectedItem& item : selection.items) {
      if (item.candidate < 30) CHECK(styles.insert(item.candidate % 8).second);
      // The probability at its own draw is the share among those still admissible.
      CHECK(*item.draw_probability == doctest::Approx(*item.propensity / left).epsilon(1e-9));
      for (std::size_t i = 0; i < pool.size(); ++i) {
        const bool is_out =
            i == item.candidate || (item.candidate < 30 && i < 30 && i % 8 == item.candidate % 8);
        if (is_out && drawn.insert(i).second) left -= selection.p[i];
      }
    }
    CHECK(selection.items.size() == 12);
    CHECK(warns_of(selection, "10 of 40 candidates have no embedding"));
  }
  request.count = 30;
  const Selection cut = run(pool, {}, request);
  CHECK(cut.items.size() == 18);  // eight styles, and ten that are like nobody
  CHECK(warns_of(cut, "count is cut from 30 to 18: the other candidates are too similar"));
  request.max_similarity = 1;
  CHECK(run(pool, {}, request).items.size() == 30);
  CHECK(!warns_of(run(pool, {}, request), "embedding"));
}

TEST_CASE("a program's scores count like any other's") {
  Pool pool;
  for (const char* id : {"a", "b", "c"}) pool.add({.id = id});
  const std::vector<std::vector<double>> said{{0.9, 0.3, 0}};
  SelectionRequest request = request_of("smart_select");
  request.preset = {.name = "x", .weights = Weights(11, 0), .programs = {"exec:./mine"}};
  request.preset.weights.push_back(2);
  request.weights = request.preset.weights;
  request.program_scores = said;
  request.lists_all = true;
  const Selection selection = run(pool, {}, request);
  CHECK(*selection.items[0].propensity == doctest::Approx(0.75));
  CHECK(*selection.items[1].propensity == doctest::Approx(0.25));
  CHECK(selection.items[2].composite == 0);
  CHECK(selection.items[0].scores.back() == 0.9);
  CHECK(*selection.scorers.back().coverage == 1);
  CHECK(*selection.scorers.back().variance == doctest::Approx(0.14));
}

TEST_CASE("a record keeps the whole pool, or those drawn and a uniform sample") {
  Pool pool;
  for (int i = 0; i < 5000; ++i) {
    const std::string id = "t" + std::to_string(i);
    pool.add({.id = id,
              .required_assets = {"logo"},
              .is_detected = i % 5 != 0,
              .posterior_mean = (i % 11) / 11.0});
  }
  const Context context{.asset_tags = {{"logo"}}};
  SelectionRequest request = request_of("smart_select");
  request.gate = make_gate(Tier::kPremium, {});
  const Selection selection = run(pool, context, request);
  const PoolLog log = keep_pool(pool, context, request, selection, kNow, {1, "select/pool"});
  CHECK(log.candidates == 4000);
  CHECK(log.drawn == 3);
  REQUIRE(log.ids.size() == 2003);
  CHECK(log.fraction == doctest::Approx(2000.0 / 3997));
  CHECK(log.scorers == scorer_names());
  CHECK(log.is_detected == std::vector<std::uint8_t>(2003, 1));
  CHECK(log.min_asset_score == 0.8);
  for (std::size_t i = 0; i < 3; ++i) CHECK(log.ids[i] == pool.ids[selection.items[i].candidate]);
  CHECK(std::set<std::string>(log.ids.begin(), log.ids.end()).size() == log.ids.size());
  double mass = 0;
  double early = 0;
  for (std::size_t row = 0; row < log.ids.size(); ++row) {
    const int number = std::stoi(log.ids[row].substr(1));
    CHECK(number % 5 != 0);  // nobody who did not pass the gate
    CHECK(std::abs(log.score(row, find_scorer("performance").value()) - (number % 11) / 11.0) <
          1e-5);
    mass += log.multiplicity(row) * static_cast<double>(log.propensities[row]);
    early += number < 2500;
  }
  CHECK(mass == doctest::Approx(1).epsilon(0.05));  // what a sample says of the whole
  CHECK(std::abs(early - 1000) < 4 * std::sqrt(250));
  const PoolLog again = keep_pool(pool, context, request, selection, kNow, {1, "select/pool"});
  CHECK(again.ids == log.ids);

  request.gate = {};
  const Pool small = pool_of(30);
  const Selection of_small = run(small, {}, request);
  CHECK(keep_pool(small, {}, request, of_small, kNow, {1, "x"}).ids.size() == 30);
  CHECK(keep_pool(small, {}, request, of_small, kNow, {1, "x"}).fraction == 1);
}

TEST_CASE("whole selections follow exact successive sampling of the preset's probabilities") {
  // Scores, temperature and floor as in smart_select, two of six: all 30 ordered pairs by
  // chi-square with 29 degrees of freedom against its 99.9 % point.
  Pool pool;
  for (int i = 0; i < 6; ++i) {
    const std::string id = "t" + std::to_string(i);
    pool.add({.id = id, .product_usage = Usage::at(days_ago(3 * i)), .posterior_mean = i / 6.0});
  }
  SelectionRequest request = request_of("smart_select");
  request.count = 2;
  const std::vector<double> p = run(pool, {}, request).p;
  std::vector<int> counts(36);
  constexpr int kRounds = 30'000;
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const Selection selection = run(pool, {}, request, seed);
    ++counts[selection.items[0].candidate * 6 + selection.items[1].candidate];
  }
  double chi_square = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      if (i == j) continue;
      const double expected = kRounds * p[i] * p[j] / (1 - p[i]);
      REQUIRE(expected > 5);
      chi_square += (counts[i * 6 + j] - expected) * (counts[i * 6 + j] - expected) / expected;
    }
  }
  CHECK(chi_square < 58.3);
}
