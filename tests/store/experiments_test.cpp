#include <doctest/doctest.h>

#include <adgenome/app/experiments.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/experiments.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/performance.hpp"
#include "support/stores.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr auto kDay = std::chrono::days{1};

struct World {
  store::Session session;
  store::Brand brand;

  explicit World(const std::string& url) : session(testing::fresh_store(url)) {
    session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'O')");
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')");
    brand = store::brands(session).front();
  }

  app::ExperimentRunner runner(core::Time now = kNow) {
    return {.session = session, .brand = brand, .now = now};
  }

  void create(const std::string& id) {
    app::create_experiment(runner(), {.id = id,
                                      .name = id,
                                      .arms = {{"control", R"({"prompt_version": "v1"})"},
                                               {"b", R"({"prompt_version": "v2"})"}}});
  }

  struct Setup {
    std::string assignment = "platform_split";
    std::optional<std::int64_t> daily_budget_micros = {};
    std::int64_t days = 14;
    std::string ads = "";  ///< begins the ids of both
  };

  void put_ads_experiment(const std::string& id = "a") { put_ads_experiment(id, Setup{}); }

  void put_ads_experiment(const std::string& id, const Setup& setup) {
    store::Experiment experiment{.id = id,
                                 .kind = "ads",
                                 .name = id,
                                 .state = "draft",
                                 .control_arm = "control",
                                 .min_sample = 1000,
                                 .test_variable = "hook_type",
                                 .assignment = setup.assignment,
                                 .primary_metric = "link_ctr",
                                 .daily_budget_micros = setup.daily_budget_micros,
                                 .currency = "EUR",
                                 .days = setup.days,
                                 .created_at = kNow};
    store::insert_experiment(
        session, "b", experiment,
        {{.arm = "control",
          .position = 0,
          .config = {{"hook_type", "q"}},
          .ad_id = setup.ads + "q"},
         {.arm = "v", .position = 1, .config = {{"hook_type", "n"}}, .ad_id = setup.ads + "n"}});
  }

  /// Of ad sets that are called as the experiment, with c for the control and v for the variant.
  void start_ads_experiment(const std::string& id, const Setup& setup) {
    put_ads_experiment(id, setup);
    app::activate_experiment(runner(), id);
    app::link_experiment(runner(), id, "control", "meta", id + "c", "");
    app::link_experiment(runner(), id, "v", "meta", id + "v", "");
  }

  /// One day of an ad set, with as many clicks of 6,000 impressions.
  void deliver(std::int64_t number, const std::string& ad_set, core::Day day, std::int64_t clicks,
               std::int64_t spend_micros = 30'000'000) {
    session.execute(
        "INSERT INTO platform_ads (brand_id, platform, platform_ad_id, number, adset_id, "
        "learned_at) VALUES ('b', 'meta', $1, $2, $3, $4) ON CONFLICT DO NOTHING",
        {"ad" + ad_set, number, ad_set, kNow});
    session.execute(
        "INSERT INTO ad_performance (brand_id, ad_number, date_start, date_stop, currency, "
        "learned_at, impressions, spend_micros, link_clicks) "
        "VALUES ('b', $1, $2, $2, 'EUR', $3, 6000, $4, $5)",
        {number, store::day_number(day), kNow, spend_micros, clicks});
  }
};

}  // namespace

TEST_CASE("two experiments of a brand cannot be activated at once") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.create("one");
    world.create("two");
    int active = 0;
    int refused = 0;
    const auto activate = [&](const std::string& id, int& done, int& not_done) {
      store::Session session = store::Session::open(url, 5000);
      const store::Brand brand = store::brands(session).front();
      try {
        app::activate_experiment({.session = session, .brand = brand, .now = kNow}, id);
        ++done;
      } catch (const core::InvalidInput&) {
        ++not_done;
      }
    };
    int other_active = 0;
    int other_refused = 0;
    std::thread other([&] { activate("one", other_active, other_refused); });
    activate("two", active, refused);
    other.join();
    CHECK(active + other_active == 1);
    CHECK(refused + other_refused == 1);
    CHECK(store::active_generation_experiment(world.session, "b").has_value());
    // The store itself holds it, whatever a program does.
    const std::string loser = active == 1 ? "one" : "two";
    CHECK_THROWS_AS(world.session.execute("UPDATE experiments SET state = 'active' "
                                          "WHERE brand_id = 'b' AND id = $1",
                                          {loser}),
                    core::StoreError);
  });
}

TEST_CASE("an ad experiment runs from its first impressions, and only its days count") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.put_ads_experiment();
    const core::Day first = core::day_of(kNow) + kDay;
    CHECK_THROWS_AS(app::link_experiment(world.runner(), "a", "control", "meta", "s1", ""),
                    core::InvalidInput);
    const Json sheet = app::activate_experiment(world.runner(), "a");
    CHECK(sheet.at("state") == "deploying");
    CHECK(sheet.at("deployment").at("ad_sets").size() == 2);
    CHECK(app::deployment_text(sheet).find("ad sets, one ad in each") != std::string::npos);
    app::link_experiment(world.runner(), "a", "control", "meta", "s1", "");
    CHECK_THROWS_AS(app::link_experiment(world.runner(), "a", "v", "meta", "s1", ""),
                    core::InvalidInput);
    app::link_experiment(world.runner(), "a", "v", "meta", "s2", "");

    const std::int64_t yc[] = {70, 82, 64, 75, 90, 71, 66};
    const std::int64_t yv[] = {85, 80, 95, 77, 99, 88, 70};
    world.deliver(1, "s1", first - kDay, 500);  // before both delivered
    for (int day = 0; day < 7; ++day) {
      world.deliver(1, "s1", first + day * kDay, yc[day]);
      world.deliver(2, "s2", first + day * kDay, yv[day]);
    }
    const auto later = world.runner(core::Time(first + 7 * kDay));
    const Json found = app::analyze_experiment(later, "a");
    CHECK(found.at("days") == 7);
    CHECK(found.at("look") == 1);
    const Json& sums = found.at("comparisons").at(0).at("day_sums");
    CHECK(sums.at("phi").get<double>() == doctest::Approx(1.19795876063).epsilon(1e-10));
    CHECK(sums.at("p_value").get<double>() == doctest::Approx(0.0596516264947).epsilon(1e-9));
    CHECK(app::analyze_experiment(later, "a").at("look") == 1);
    CHECK(app::show_experiment(later, "a").at("state") == "running");
    CHECK(app::show_experiment(world.runner(core::Time(first + 14 * kDay)), "a").at("state") ==
          "analyzing");

    const Json changed = app::monitor_experiments(world.runner(core::Time(first + 14 * kDay)));
    REQUIRE(changed.at("changes").size() == 1);
    CHECK(changed.at("changes").at(0).at("state") == "completed");
    const Json kept = app::show_experiment(later, "a");
    CHECK(kept.at("decision") == "inconclusive");
    CHECK(kept.at("conclusion").at("effects").size() == 1);
    CHECK(app::experiment_effects(later).at("effects").empty());
  });
}

TEST_CASE("ads of the past are compared two sides at a time, within the templates of both") {
  on_both_backends([](const std::string& url) {
    World world(url);
    std::int64_t number = 0;
    const auto make = [&](const std::string& side, const std::string& on_template, int ads,
                          int approved) {
      for (int i = 0; i < ads; ++i) {
        const std::string id = "past" + std::to_string(++number);
        // 11 and the number of ads have no divisor in common: the approved are spread evenly.
        const bool is_approved = i * 11 % ads < approved;
        world.session.execute(
            "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
            "color_mode, name, template_id, status, provider, prompt_version, created_at) "
            "VALUES ('b', $1, $1, $2, $7, '1:1', 'brand', $1, $3, $4, 'local', $5, $6)",
            {id, "run" + std::to_string(number / 2), on_template,
             is_approved ? "approved" : "rejected", side, kNow, number});
      }
    };
    // Where they meet A does better than B, and B shines beside C only.
    make("A", "t1", 200, 160);
    make("B", "t1", 120, 72);
    make("B", "t2", 120, 115);
    make("C", "t2", 120, 24);
    make("C", "t3", 200, 200);
    make("D", "t1", 30, 30);
    const Json found = app::compare_past(world.runner(), {.by = "prompt_version", .control = "A"});
    CHECK(found.at("read") == 790);
    CHECK(found.at("min_sample") == 100);
    CHECK(found.at("arms").at(1).at("n") == 240);
    const Json& b = found.at("comparisons").at(0);
    CHECK(b.at("arm") == "B");
    CHECK(b.at("n_variant") == 120);
    CHECK(b.at("cluster").at("difference").get<double>() == doctest::Approx(-0.2).epsilon(0.03));
    CHECK(b.at("multiple").at("q_value").get<double>() < 0.01);
    // C was never used where A was; D was too seldom.
    CHECK(found.at("comparisons").at(1).at("multiple").is_null());
    CHECK(found.at("comparisons").at(2).at("multiple").is_null());
    CHECK(found.at("winner").is_null());
    CHECK(found.at("reason").get<std::string>().find("\"B\" to be worse") != std::string::npos);

    const Json alone = app::compare_past(world.runner(), {.by = "prompt_version", .control = "C"});
    CHECK(alone.at("winner") == "B");
  });
}

TEST_CASE("an ad set is one arm's until the experiment is over, and another one's from then on") {
  on_both_backends([](const std::string& url) {
    World world(url);
    for (const char* id : {"a", "b", "c"}) {
      world.put_ads_experiment(id);
      app::activate_experiment(world.runner(), id);
    }
    const auto link = [&](const std::string& id, const std::string& arm, const std::string& ad_set,
                          core::Time now = kNow) {
      return app::link_experiment(world.runner(now), id, arm, "meta", ad_set, "");
    };
    link("a", "control", "s1");
    link("a", "v", "s2");
    CHECK_THROWS_AS(link("b", "control", "s1"), core::InvalidInput);
    // The store itself holds it, whatever a program does.
    CHECK_THROWS_AS(store::link_arm(world.session, "b", "b",
                                    {.arm = "control", .platform = "meta", .adset_id = "s1"}),
                    core::StoreError);

    const core::Day first = core::day_of(kNow) + kDay;
    for (int day = 0; day < 10; ++day) {
      world.deliver(1, "s1", first + day * kDay, 70);
      world.deliver(2, "s2", first + day * kDay, 80);
    }
    const core::Day over = first + 7 * kDay;
    CHECK(app::show_experiment(world.runner(core::Time(over)), "a").at("state") == "running");
    app::cancel_experiment(world.runner(core::Time(over)), "a");
    link("b", "v", "s1", core::Time(over));
    const Json linked = link("b", "control", "s2", core::Time(over));
    // What they delivered in the other experiment is none of this one's.
    CHECK(linked.at("running_from") == core::format_day(over));
    CHECK(app::show_experiment(world.runner(core::Time(over)), "a").at("running_from") ==
          core::format_day(first));
    CHECK_THROWS_AS(link("c", "control", "s1", core::Time(over)), core::InvalidInput);

    app::conclude_experiment(world.runner(core::Time(over + 3 * kDay)), "b");
    CHECK(link("c", "control", "s1", core::Time(over + 3 * kDay)).at("state") == "deploying");
  });
}

TEST_CASE(
    "a past that is split at random: tests of ads err where runs do alike, that of runs not") {
  on_both_backends([](const std::string& url) {
    World world(url);
    // 60 runs of four ads that all were approved, or all rejected.
    for (std::int64_t ad = 0; ad < 240; ++ad) {
      const std::int64_t run = ad / 4;
      const std::string id = "past" + std::to_string(ad);
      world.session.execute(
          "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
          "color_mode, name, template_id, status, provider, created_at) "
          "VALUES ('b', $1, $1, $2, $3, '1:1', 'brand', $1, 't', $4, 'local', $5)",
          {id, "run" + std::to_string(run), ad % 4, run % 3 == 0 ? "approved" : "rejected", kNow});
    }
    const Json found = app::test_on_itself(world.runner(), 300);
    std::map<std::string, double> rates;
    for (const Json& test : found.at("tests")) {
      if (test.at("metric") == "approval") rates[test.at("test")] = test.at("rate").get<double>();
    }
    CHECK(rates.size() == 4);
    for (const char* of_ads : {"mann_whitney", "brunner_munzel", "proportions"}) {
      CAPTURE(of_ads);
      // Four times the variance that they reckon with: 2 (1 - Phi(1.96 / 2)) = 0.33.
      CHECK(rates[of_ads] > 0.2);
      CHECK(rates[of_ads] < 0.5);
    }
    CHECK(rates["cluster"] > 0);
    CHECK(rates["cluster"] < 0.09);
  });
}

TEST_CASE("arms of equal budgets are decided by what the money buys") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const core::Day first = core::day_of(kNow) + kDay;
    // The variant has more clicks of the same impressions, and each costs more than the control's.
    const auto run = [&](const std::string& id, const World::Setup& setup,
                         std::int64_t spend_of_variant) {
      world.start_ads_experiment(id, setup);
      const std::int64_t number = 100 * (id.front() - 'a');
      for (int day = 0; day < 7; ++day) {
        world.deliver(number, id + "c", first + day * kDay, 70 + (day * 3) % 5);
        world.deliver(number + 1, id + "v", first + day * kDay, 90 + (day * 2) % 5,
                      spend_of_variant);
      }
    };
    const auto analyse = [&](const std::string& id, bool is_classic) {
      app::ExperimentRunner later = world.runner(core::Time(first + 7 * kDay));
      later.is_classic = is_classic;
      return app::analyze_experiment(later, id);
    };
    run("a", {.daily_budget_micros = 30'000'000}, 60'000'000);
    const Json by_spend = analyse("a", false);
    CHECK(by_spend.at("metric") == "clicks_per_spend");
    CHECK(by_spend.at("primary_metric") == "link_ctr");
    CHECK(by_spend.at("winner") == "control");
    CHECK(by_spend.at("secondary_metrics").at(0).at("metric") == "link_ctr");
    const Json& of_impressions = by_spend.at("secondary_metrics").at(0).at("comparisons").at(0);
    CHECK(of_impressions.at("day_sums").at("log_ratio").get<double>() > 0.2);
    CHECK(of_impressions.at("multiple").at("q_value").get<double>() < 0.01);

    const Json classic = analyse("a", true);
    CHECK(classic.at("metric") == "link_ctr");
    CHECK(classic.at("winner") == "v");

    run("b", {}, 60'000'000);
    const Json by_rate = analyse("b", false);
    CHECK(by_rate.at("metric") == "link_ctr");
    CHECK(by_rate.at("winner") == "v");

    // The platform told of no spend.
    run("c", {.daily_budget_micros = 30'000'000}, 0);
    CHECK(analyse("c", false).at("metric") == "link_ctr");

    // Ad sets of their own are ones of equal budget.
    run("d", {.assignment = "separate_ad_sets"}, 60'000'000);
    CHECK(analyse("d", false).at("winner") == "control");
  });
}

TEST_CASE("the arms of an experiment count one kind of clicks") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const core::Day first = core::day_of(kNow) + kDay;
    world.start_ads_experiment("a", {});
    for (int day = 0; day < 7; ++day) {
      world.deliver(1, "ac", first + day * kDay, 70);
      world.deliver(2, "av", first + day * kDay, 70);
    }
    // An export leaves out what is 0: a day of many clicks on the picture and none on the link.
    world.session.execute(
        "UPDATE ad_performance SET link_clicks = NULL, clicks = 400 "
        "WHERE brand_id = 'b' AND ad_number = 2 AND date_start = $1",
        {store::day_number(first)});
    const auto later = world.runner(core::Time(first + 7 * kDay));
    const Json found = app::analyze_experiment(later, "a");
    CHECK(found.at("arms").at(0).at("sum") == 490);
    CHECK(found.at("arms").at(1).at("sum") == 420);
  });
}

TEST_CASE("an experiment that cannot be judged keeps no other waiting") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const core::Day first = core::day_of(kNow) + kDay;
    world.put_ads_experiment();
    app::activate_experiment(world.runner(), "a");
    app::link_experiment(world.runner(), "a", "control", "meta", "s1", "");
    app::link_experiment(world.runner(), "a", "v", "meta", "s2", "");
    world.deliver(1, "s1", first, 70);
    world.deliver(2, "s2", first, 80);
    world.session.execute("UPDATE ad_performance SET currency = 'USD' WHERE ad_number = 2");
    world.create("e");
    app::activate_experiment(world.runner(), "e");
    app::record_run(world.runner(), "e",
                    {.ad_run_id = "r", .seed_key = "k", .ads = 4, .approved = 1});
    const Json changed =
        app::monitor_experiments(world.runner(core::Time(first + 2 * kDay))).at("changes");
    REQUIRE(changed.size() == 2);
    std::map<std::string, Json> by_id;
    for (const Json& each : changed) by_id[each.at("experiment_id")] = each;
    CHECK(by_id["a"].at("decision").is_null());
    CHECK(by_id["a"].at("state") == "running");
    CHECK(by_id["a"].at("reason").get<std::string>().find("two currencies") == 0);
    CHECK(by_id["e"].at("decision") == "insufficient_data");
  });
}

TEST_CASE("what a test costs is told from the past of the brand's ads, in every metric") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const auto add_ad = [&](const std::string& id, const char* hook) {
      world.session.execute(
          "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
          "color_mode, name, tags, status, provider, created_at) "
          "VALUES ('b', $1, $1, $1, 1, '1:1', 'light', $1, $2, 'approved', 'local', $3)",
          {id, store::json_value({{"hook_type", hook}}), kNow});
    };
    add_ad("q", "question");
    add_ad("n", "number");
    int created = 0;
    const auto create = [&](const std::string& metric, double budget, bool is_forced) {
      return app::create_experiment(world.runner(), {.id = std::to_string(++created),
                                                     .kind = "ads",
                                                     .name = metric,
                                                     .arms = {{"control", "q"}, {"b", "n"}},
                                                     .metric = metric,
                                                     .daily_budget = budget,
                                                     .currency = "EUR",
                                                     .is_forced = is_forced});
    };
    const auto blind = create("cpa", 1, false);
    REQUIRE(blind.warning);
    CHECK(blind.warning->find("does not say what a test of cpa costs") != std::string::npos);

    world.session.execute(
        "INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
        "VALUES ('b', 'meta', 'q', 'q', 'mapping', $1)",
        {kNow});
    for (int day = 1; day <= 28; ++day) {
      const bool sold = day % 2 == 0;  // what is 0 is not reported
      testing::deliver(
          world.session, "b", "q", core::day_of(kNow) - day * kDay,
          {.impressions = 5000,
           .spend_micros = 30'000'000,
           .reach = {},
           .frequency = {},
           .clicks = {},
           .link_clicks = 50 + day % 5,
           .conversions_millionths = sold ? std::optional<std::int64_t>(2'000'000) : std::nullopt,
           .conversion_value_micros =
               sold ? std::optional<std::int64_t>(80'000'000 + day * 1'000'000) : std::nullopt,
           .attribution_window = {}},
          kNow);
    }
    for (const char* metric : {"link_ctr", "conversion_rate", "cpa", "roas"}) {
      CAPTURE(metric);
      CHECK_THROWS_WITH_AS(create(metric, 1, false), doctest::Contains("are missing"),
                           core::InvalidInput);
      const auto forced = create(metric, 1, true);
      REQUIRE(forced.warning);
      CHECK(forced.warning->find("28 EUR are stated") != std::string::npos);
      CHECK_FALSE(create(metric, 5000, false).warning);
      CHECK(forced.document.at("min_sample") == forced.document.at("planned_sample"));
    }
    // 2 * 472.23876 conversions at 30 EUR each; days of 0 and 2 scatter 28 / 27 times as counts do.
    CHECK_THROWS_WITH_AS(create("cpa", 1, false), doctest::Contains("29383.75 EUR"),
                         core::InvalidInput);
  });
}

TEST_CASE("a planned number that is given counts, and the same request is no new experiment") {
  on_both_backends([](const std::string& url) {
    World world(url);
    for (const char* id : {"q", "n"}) {
      world.session.execute(
          "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
          "color_mode, name, tags, status, provider, created_at) "
          "VALUES ('b', $1, $1, $1, 1, '1:1', 'light', $1, $2, 'approved', 'local', $3)",
          {id, store::json_value({{"hook_type", id}}), kNow});
    }
    app::NewExperiment wanted{.id = "e",
                              .kind = "ads",
                              .name = "e",
                              .arms = {{"control", "q"}, {"b", "n"}},
                              .planned_n = 77,
                              .baseline = 0.01};
    const auto created = app::create_experiment(world.runner(), wanted);
    CHECK_FALSE(created.is_unchanged);
    CHECK(created.document.at("planned_sample") == 77);
    // From 0.01 to 0.012 at 5 % with a power of 0.8: SciPy's quantiles give 42692.8.
    CHECK(created.document.at("min_sample") == 42693);

    // Whatever became of the ads since.
    world.session.execute("UPDATE ads SET tags = '{}' WHERE id = 'n'", {});
    const auto again = app::create_experiment(world.runner(kNow + kDay), wanted);
    CHECK(again.is_unchanged);
    CHECK(again.document == created.document);
    wanted.test_variable = "hook_type";
    CHECK(app::create_experiment(world.runner(), wanted).is_unchanged);
    const auto refuses = [&](const auto& change) {
      app::NewExperiment other = wanted;
      change(other);
      CHECK_THROWS_AS(app::create_experiment(world.runner(), other), core::InvalidInput);
    };
    refuses([](auto& other) { other.test_variable = "persona"; });
    refuses([](auto& other) { other.planned_n = 78; });
    refuses([](auto& other) { other.days = 10; });
    refuses([](auto& other) { other.effect = 0.3; });
    refuses([](auto& other) { other.arms = {{"control", "n"}, {"b", "q"}}; });
    refuses([](auto& other) { other.currency = "EUR"; });

    wanted.id = "f";
    wanted.planned_n.reset();
    world.session.execute("UPDATE ads SET tags = '{\"hook_type\": \"n\"}' WHERE id = 'n'", {});
    const Json planned = app::create_experiment(world.runner(), wanted).document;
    CHECK(planned.at("planned_sample") == planned.at("min_sample"));
    CHECK(planned.at("min_sample") == created.document.at("min_sample"));
  });
}

TEST_CASE("five matched pairs settle an element") {
  on_both_backends([](const std::string& url) {
    World world(url);
    const core::Day first = core::day_of(kNow) + kDay;
    for (int i = 0; i < 7; ++i) {
      // The first two are of the same two ads, and one pair.
      const int pairs = std::max(1, i);
      const std::string id = "e" + std::to_string(i);
      world.start_ads_experiment(id, {.assignment = i == 3 ? "separate_ad_sets" : "platform_split",
                                      .daily_budget_micros = 30'000'000,
                                      .days = 7,
                                      .ads = std::to_string(pairs)});
      for (int day = 0; day < 7; ++day) {
        world.deliver(10 + 2 * i, id + "c", first + day * kDay, 60 + (day * 3 + i) % 7);
        world.deliver(11 + 2 * i, id + "v", first + day * kDay, 78 + (day * 5 + i) % 9);
      }
      const auto later = world.runner(core::Time(first + 7 * kDay));
      app::conclude_experiment(later, id);
      const Json effects = app::experiment_effects(later).at("effects");
      CHECK(effects.size() == (pairs < 5 ? 0 : 1));
      if (effects.empty()) continue;
      CHECK(effects.at(0).at("metric") == "clicks_per_spend");
      CHECK(effects.at(0).at("value") == "n");
      CHECK(effects.at(0).at("compared_with") == "q");
      // The sixth pair makes it anew, in the place of what five had settled.
      CHECK(effects.at(0).at("pairs") == pairs);
      CHECK(effects.at(0).at("evidence") == "quasi_experimental");
      CHECK(effects.at(0).at("interval").at(0).get<double>() > 0.1);
    }
  });
}

TEST_CASE("runs that were recorded with their outcome are analysed") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.create("e");
    app::activate_experiment(world.runner(), "e");
    app::record_run(world.runner(), "e",
                    {.ad_run_id = "r", .seed_key = "k", .ads = 4, .approved = 1});
    Json found = app::analyze_experiment(world.runner(), "e");
    CHECK(found.at("read") == 1);
    double sum = 0;
    for (const Json& arm : found.at("arms")) sum += arm.at("sum").get<double>();
    CHECK(sum == 1);
    CHECK(found.at("decision") == "insufficient_data");
  });
}

TEST_CASE("an ad and those made in its place are one outcome of the run") {
  on_both_backends([](const std::string& url) {
    World world(url);
    world.create("e");
    app::activate_experiment(world.runner(), "e");
    store::put_experiment_run(world.session, "b", "e",
                              {.ad_run_id = "r", .arm = "control", .seed_key = "k"}, kNow);
    std::int64_t index = 0;
    const auto put = [&](const std::string& id, const std::string& run, const std::string& status,
                         const std::string& parent = "", const std::string& type = "retry") {
      world.session.execute(
          "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, "
          "color_mode, name, status, provider, created_at) "
          "VALUES ('b', $1, $1, $2, $3, '1:1', 'brand', $1, $4, 'local', $5)",
          {id, run, ++index, status, kNow});
      if (parent.empty()) return;
      world.session.execute(
          "INSERT INTO ad_lineage (brand_id, parent_ad_id, child_ad_id, type, round, created_at) "
          "VALUES ('b', $1, $2, $3, 1, $4)",
          {parent, id, type, kNow});
    };
    const auto outcome = [&] {
      const auto outcomes = store::run_outcomes(world.session, "b", "e");
      REQUIRE(outcomes.size() == 1);
      CHECK(outcomes[0].ad_run_id == "r");
      return std::vector<std::int64_t>{outcomes[0].ads, outcomes[0].approved,
                                       outcomes[0].overridden};
    };
    put("one", "r", "approved");
    put("two", "r", "rejected");
    put("three", "r", "generation_failed");
    // Nobody has decided on these.
    put("four", "r", "flagged");
    put("five", "r", "pending");
    put("six", "r", "review_failed");
    CHECK(outcome() == std::vector<std::int64_t>{3, 1, 0});
    // In the place of two, and of that again: as long as one is open, so is the ad.
    put("two-a", "r-a", "pending", "two");
    CHECK(outcome() == std::vector<std::int64_t>{2, 1, 0});
    world.session.execute("UPDATE ads SET status = 'rejected' WHERE id = 'two-a'", {});
    CHECK(outcome() == std::vector<std::int64_t>{3, 1, 0});
    put("two-b", "r-b", "approved", "two-a");
    CHECK(outcome() == std::vector<std::int64_t>{3, 2, 0});
    // What was evolved from an ad is another ad.
    put("other", "r-c", "rejected", "one", "evolved");
    CHECK(outcome() == std::vector<std::int64_t>{3, 2, 0});
    world.session.execute("UPDATE ads SET human_decision = 'rejected' WHERE id = 'one'", {});
    world.session.execute("UPDATE ads SET human_decision = 'approved' WHERE id = 'four'", {});
    CHECK(outcome() == std::vector<std::int64_t>{4, 2, 2});
  });
}
