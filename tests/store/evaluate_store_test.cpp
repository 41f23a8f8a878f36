#include <doctest/doctest.h>

#include <adgenome/app/evaluate.hpp>
#include <adgenome/app/preset_check.hpp>
#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "weight_registry.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;
using testing::Registry;

namespace {

constexpr double kEffect = 0.6;

/// A preset of one scorer, or of the eight alike, that draws as the registry's selections do.
std::string preset_file(const std::string& name, const char* only = nullptr,
                        std::optional<double> gate = {}) {
  Json weights = Json::object();
  for (const char* scorer : testing::kScorers) {
    if (only == nullptr || std::string(only) == scorer) weights[scorer] = 1.0;
  }
  const std::string file = (std::filesystem::temp_directory_path() / (name + ".json")).string();
  core::write_file(file, core::dump(Json{{"name", name},
                                         {"weights", weights},
                                         {"temperature", 0.1},
                                         {"explore_floor", 0.02},
                                         {"min_asset_score", gate ? Json(*gate) : Json()}}));
  return file;
}

/// What a policy of one scorer truly earns over the recorded pools.
double true_value(store::Session& session, const std::string& brand_id, std::size_t only) {
  double sum = 0;
  int pools = 0;
  store::visit_selection_pools(session, brand_id, {}, [&](const store::SelectionPool& stored) {
    const scoring::PoolLog log = scoring::decode_pool(stored.format, stored.bytes);
    double best = 0;
    for (std::size_t i = 0; i < log.ids.size(); ++i) best = std::max(best, log.score(i, only));
    double total = 0;
    double earned = 0;
    const std::size_t belief = 5;
    double floor = 0;
    for (std::size_t i = 0; i < log.ids.size(); ++i) {
      const double mass = std::pow(log.score(i, only) / best, 10);
      const double reward = 0.5 + kEffect * (log.score(i, belief) - 0.5);
      total += mass;
      earned += mass * reward;
      floor += reward / static_cast<double>(log.ids.size());
    }
    sum += 0.98 * earned / total + 0.02 * floor;
    ++pools;
  });
  return sum / pools;
}

/// What the formula says of a policy of belief_clarity behind a gate of asset scores.
struct BehindGate {
  int selections = 0;
  int without_survivors = 0;
  double ips = 0;  ///< where the gate is opened for those
};
BehindGate behind_gate(store::Session& session, double gate) {
  const std::size_t assets = 0;
  const std::size_t belief = 5;
  BehindGate found;
  store::visit_selection_pools(session, "a", {}, [&](const store::SelectionPool& stored) {
    const scoring::PoolLog log = scoring::decode_pool(stored.format, stored.bytes);
    std::vector<std::size_t> passing;
    for (std::size_t i = 0; i < log.ids.size(); ++i) {
      if (log.score(i, assets) >= gate) passing.push_back(i);
    }
    const bool is_opened = passing.empty();
    if (is_opened) {
      ++found.without_survivors;
      for (std::size_t i = 0; i < log.ids.size(); ++i) passing.push_back(i);
    }
    double total = 0;
    for (const std::size_t i : passing) total += std::pow(log.score(i, belief), 10);
    ++found.selections;
    if (std::find(passing.begin(), passing.end(), 0) == passing.end()) return;
    const double q = 0.98 * std::pow(log.score(0, belief), 10) / total +
                     0.02 / static_cast<double>(passing.size());
    session.query(
        "SELECT r.reward / i.propensity FROM rewards r JOIN selection_items i "
        "ON i.brand_id = r.brand_id AND i.selection_id = r.ad_id "
        "WHERE r.brand_id = 'a' AND r.ad_id = $1",
        {stored.selection_id}, [&](const store::Row& row) { found.ips += q * row.real(0); });
  });
  found.ips /= found.selections;
  return found;
}

bool says(const Json& document, const std::string& sentence) {
  const Json& warnings = document.at("warnings");
  return std::any_of(warnings.begin(), warnings.end(), [&](const Json& warning) {
    return warning.get<std::string>().find(sentence) != std::string::npos;
  });
}

double number(const Json& document, const char* pointer) {
  return document.at(Json::json_pointer(pointer)).get<double>();
}

}  // namespace

TEST_CASE("recorded selections say what another policy would have earned") {
  const std::string alike = preset_file("alike");
  const std::string believes = preset_file("believes", "belief_clarity");
  const std::string tires = preset_file("tires", "fatigue");
  on_both_backends([&](const std::string& url) {
    Registry registry(url);
    registry.select_many("a", 0, 400, kEffect);
    const store::Brand brand = registry.brand("a");
    const auto evaluate = [&](const std::string& policy) {
      return app::evaluate_in_store(registry.session, brand, {.policy = policy}, kNow);
    };
    double mean = 0;
    registry.session.query("SELECT AVG(reward) FROM rewards WHERE brand_id = 'a'", {},
                           [&](const store::Row& row) { mean = row.real(0); });
    const Json own = evaluate(alike);
    CHECK(own.at("rounds") == 400);
    CHECK(number(own, "/estimates/ips/value") == doctest::Approx(mean).epsilon(1e-3));
    CHECK(number(own, "/effective_sample_size") == doctest::Approx(400).epsilon(1e-3));
    CHECK(own.at("matured_share").at("smart_select") == 1.0);
    CHECK(own.at("in_sample") == false);

    for (const auto& [policy, scorer] : {std::pair(believes, 5), std::pair(tires, 7)}) {
      CAPTURE(policy);
      const Json other = evaluate(policy);
      const double truth = true_value(registry.session, "a", static_cast<std::size_t>(scorer));
      for (const char* estimate : {"ips", "snips", "dr"}) {
        CAPTURE(estimate);
        const Json& found = other.at("estimates").at(estimate);
        CHECK(found.at("interval")[0].get<double>() < truth);
        CHECK(found.at("interval")[1].get<double>() > truth);
      }
      // A model of the reward takes out what it can foresee.
      CHECK(number(other, "/estimates/dr/standard_error") <
            0.7 * number(other, "/estimates/ips/standard_error"));
    }
    const Json compared = app::evaluate_in_store(registry.session, brand,
                                                 {.compare = std::pair(believes, alike)}, kNow);
    CHECK(number(compared, "/comparison/interval/0") > 0);

    // Learned weights that saw these selections say little of others.
    registry.learn("a");
    CHECK(evaluate("a1").at("in_sample") == true);
    CHECK_THROWS_AS(evaluate("a9"), core::InvalidInput);
    // Another brand has recorded nothing.
    const Json nothing =
        app::evaluate_in_store(registry.session, registry.brand("b"), {.policy = alike}, kNow);
    CHECK(nothing.at("rounds") == 0);
    CHECK(nothing.at("estimates").at("ips").is_null());
  });
}

TEST_CASE("a preset's own gate is applied to recorded pools, and what they do not tell is said") {
  const std::string gated = preset_file("gated", "belief_clarity", 0.79);
  const std::string premium = preset_file("premium", "belief_clarity", 0.99999);
  const std::string open = preset_file("open", "belief_clarity");
  on_both_backends([&](const std::string& url) {
    Registry registry(url);
    registry.select_many("a", 0, 200, kEffect);
    const store::Brand brand = registry.brand("a");
    const auto evaluate = [&](const std::string& policy) {
      return app::evaluate_in_store(registry.session, brand, {.policy = policy}, kNow);
    };
    const Json ungated = evaluate(open);
    CHECK(!says(ungated, "asset score"));
    const Json found = evaluate(gated);
    const BehindGate expected = behind_gate(registry.session, 0.79);
    REQUIRE(expected.without_survivors > 3);
    CHECK(found.at("rounds") == 200);
    CHECK(number(found, "/estimates/ips/value") == doctest::Approx(expected.ips).epsilon(1e-9));
    CHECK(std::abs(number(found, "/estimates/ips/value") -
                   number(ungated, "/estimates/ips/value")) > 0.01);
    CHECK(says(found, "is relaxed in " + std::to_string(expected.without_survivors) +
                          " of 200 selections"));
    // These pools were kept before detection and gate were.
    CHECK(says(found, "200 of 200 selections do not tell which templates were analysed"));
    CHECK(says(found, "200 of 200 selections do not tell behind which gate they were drawn"));

    // A premium gate is never relaxed: where nothing passes it nothing would have been drawn.
    const BehindGate closed = behind_gate(registry.session, 0.99999);
    const Json nothing = evaluate(premium);
    CHECK(nothing.at("rounds") == 200 - closed.without_survivors);
    CHECK(says(nothing, "never relaxes it: " + std::to_string(closed.without_survivors) +
                            " of 200 selections are left out"));
  });
}

TEST_CASE("detection decides with the asset score, and a stricter gate of the time is told of") {
  const std::string gated = preset_file("gated", "belief_clarity", 0.3);
  on_both_backends([&](const std::string& url) {
    Registry registry(url);
    registry.select_many("a", 0, 60, kEffect);
    const store::Brand brand = registry.brand("a");
    // In every other pool what was drawn had never been analysed; the first ten were drawn behind
    // a gate of 0.5.
    std::vector<store::SelectionPool> pools;
    store::visit_selection_pools(
        registry.session, "a", {},
        [&](const store::SelectionPool& stored) { pools.push_back(stored); });
    for (std::size_t i = 0; i < pools.size(); ++i) {
      scoring::PoolLog log = scoring::decode_pool(pools[i].format, pools[i].bytes);
      log.is_detected.assign(log.ids.size(), 1);
      log.is_detected[0] = i % 2 == 0;
      log.min_asset_score = i < 10 ? 0.5 : 0;
      registry.run(
          "UPDATE selection_pools SET pool = $2 WHERE brand_id = 'a' AND selection_id = $1",
          {pools[i].selection_id, store::Bytes{scoring::encode(log)}});
    }
    const Json found = app::evaluate_in_store(registry.session, brand, {.policy = gated}, kNow);
    CHECK(found.at("rounds") == 60);
    CHECK(says(found, "10 of 60 selections were drawn behind a stricter gate"));
    CHECK(!says(found, "do not tell"));
    // Half of the selections have a weight of 0, and the others at most that of before.
    CHECK(number(found, "/effective_sample_size") < 30);
  });
}

TEST_CASE("a preset is checked on the recorded selections too") {
  const std::string believes = preset_file("believes", "belief_clarity");
  on_both_backends([&](const std::string& url) {
    Registry registry(url);
    registry.add_templates();
    const app::PresetCheckOptions options{.presets = {believes, "smart_select"}, .now = kNow};
    const auto check = [&] {
      return app::check_presets_in_store(registry.session, registry.brand("a"), options);
    };
    const Json before = check();
    CHECK(before.at("presets")[0].at("off_policy").is_null());
    CHECK(before.at("presets")[0].at("off_policy_reason") ==
          "no recorded selection kept its pool and has a reward");
    registry.select_many("a", 0, 60, kEffect);
    const Json after = check();
    for (const Json& preset : after.at("presets")) {
      CHECK(preset.at("off_policy").at("rounds") == 60);
      CHECK(preset.at("off_policy_reason").is_null());
    }
    CHECK(number(after, "/presets/0/off_policy/estimates/dr/value") >
          number(after, "/presets/1/off_policy/estimates/dr/value"));
  });
}

TEST_CASE("one in five selections stays on the former champion, for eight weeks") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    registry.add_templates();
    registry.select_many("a", 0, 60, kEffect);
    registry.learn("a");
    registry.select_many("a", 60, 120, kEffect);
    registry.learn("a");
    const store::Brand brand = registry.brand("a");
    const int seeds = 400;
    const auto share_of = [&](const Json& weight_set, core::Time now,
                              std::optional<std::string> weights = {}) {
      int count = 0;
      for (int seed = 0; seed < seeds; ++seed) {
        const Json drawn =
            app::select_from_store(
                registry.session, brand, "p", {},
                {.weights = weights, .now = now, .seed = static_cast<std::uint64_t>(seed)})
                .document;
        count += drawn.at("weight_set") == weight_set;
      }
      return static_cast<double>(count) / seeds;
    };
    const core::Time soon = kNow + std::chrono::weeks(7);
    const core::Time later = kNow + std::chrono::weeks(8);
    app::promote_weights(registry.session, brand, "a1", kNow, false);
    // 0.2 within three standard errors of 400 draws; the former champion is the preset itself.
    CHECK(std::abs(share_of(nullptr, soon) - 0.2) < 0.06);
    CHECK(std::abs(share_of("a1", soon, "learned") - 0.8) < 0.06);
    CHECK(share_of("a1", later) == 1);
    app::promote_weights(registry.session, brand, "a2", later, false);
    CHECK(std::abs(share_of("a1", later) - 0.2) < 0.06);
    CHECK(share_of("a2", later) + share_of("a1", later) == 1);
    CHECK(share_of(nullptr, later, "static") == 1);
    CHECK(share_of("a2", later + std::chrono::weeks(8)) == 1);
  });
}

TEST_CASE("where templates carry ad-library data its scorers are learned too") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    registry.add_templates();
    registry.select_many("a", 0, 10, kEffect);
    CHECK(registry.learn("a").at("scorers").size() == 8);
    registry.run("UPDATE templates SET ad_library = $1 WHERE id = 't3'",
                 {store::json_value({{"best_position", 2}})});
    registry.select_many("a", 10, 20, kEffect);
    const Json learned = registry.learn("a");
    CHECK(learned.at("scorers").size() == 11);
    CHECK(learned.at("scorers")[9].at("effective_weight") == 0.6);  // cold: the static weight
  });
}
