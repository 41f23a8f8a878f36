#include "weight_registry.hpp"

#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <cmath>

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;
using testing::Registry;

TEST_CASE("both gates are computed, and one that fires promotes where that is wanted") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    registry.select_many("a", 0, 90, 0.6);
    const Json early = registry.learn("a", {.promotes_if_better = true});
    CHECK(early.at("gate").at("posterior").at("p_better").get<double>() > 0.95);
    CHECK(early.at("gate").at("posterior").at("fired") == false);  // 90 snapshots
    CHECK(early.at("gate").at("prequential").is_null());
    CHECK(early.at("promoted").is_null());
    CHECK(registry.champion("a") == "");

    registry.select_many("a", 90, 160, 0.6);
    const Json later = registry.learn("a");
    CHECK(later.at("gate").at("posterior").at("fired") == true);
    CHECK(later.at("gate").at("fired") == true);
    CHECK(later.at("gate").at("prequential").at("snapshots") == 70);
    CHECK(later.at("gate").at("prequential").at("e_value").is_number());
    CHECK(later.at("promoted").is_null());
    CHECK(registry.champion("a") == "");

    // Nothing new is known, but the newest set may still be promoted.
    const Json again = registry.learn("a", {.promotes_if_better = true});
    CHECK(again.at("weight_set").is_null());
    CHECK(again.at("promoted") == "a2");
    CHECK(again.at("gate").at("prequential").at("snapshots") == 70);
    CHECK(registry.champion("a") == "a2");
    const Json none = registry.learn("a", {.promotes_if_better = true});
    CHECK(none.at("gate").at("posterior").is_null());
    CHECK(none.at("gate").at("reasons").at("posterior") == "there is no challenger");
    CHECK(none.at("promoted").is_null());
  });
}

TEST_CASE("a dry run promotes nothing and keeps no sums of the test") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    registry.select_many("a", 0, 60, 0.6);
    registry.learn("a");
    registry.select_many("a", 60, 130, 0.6);
    const Json dry = registry.learn("a", {.is_dry_run = true, .promotes_if_better = true});
    CHECK(dry.at("gate").at("fired") == true);
    CHECK(dry.at("promoted").is_null());
    CHECK(store::weight_test(registry.session, "a", "linear").snapshots == 0);
    CHECK(registry.champion("a") == "");
  });
}

TEST_CASE("promotion and rollback, and one in five selections stays on the former champion") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    const store::Brand brand = registry.brand("a");
    CHECK(app::show_weights(registry.session, brand, std::nullopt).at("weight_set").is_null());
    CHECK(app::check_weights(registry.session, brand, kNow).at("reason") ==
          "no learned weights are in use");
    CHECK_THROWS_AS(app::promote_weights(registry.session, brand, {}, kNow, false),
                    core::InvalidInput);
    CHECK_THROWS_AS(app::rollback_weights(registry.session, brand, kNow, false),
                    core::InvalidInput);

    registry.select_many("a", 0, 110, -0.6);
    registry.learn("a");
    registry.select_many("a", 110, 140, -0.6);
    registry.learn("a");
    const Json dry = app::promote_weights(registry.session, brand, {}, kNow, true);
    CHECK(dry.at("weight_set") == "a2");
    CHECK(registry.champion("a") == "");
    CHECK(app::promote_weights(registry.session, brand, "a1", kNow, false)
              .at("former_weight_set")
              .is_null());
    CHECK(app::promote_weights(registry.session, brand, {}, kNow, false).at("former_weight_set") ==
          "a1");
    CHECK(store::find_weight_set(registry.session, "a", "a1")->status == "retired");
    CHECK_THROWS_AS(app::promote_weights(registry.session, brand, "a2", kNow, false),
                    core::InvalidInput);
    CHECK_THROWS_AS(app::promote_weights(registry.session, brand, "a9", kNow, false),
                    core::InvalidInput);

    const Json check = app::check_weights(registry.session, brand, kNow);
    CHECK(check.at("weight_set") == "a2");
    CHECK(check.at("former_weight_set") == "a1");
    CHECK(check.at("pools") == 140);
    CHECK(check.at("p_worse").get<double>() < 0.9);
    CHECK(check.at("proposal").is_null());

    const Json history = app::weight_history_of(registry.session, brand, "linear");
    CHECK(history.at("sets").size() == 2);
    CHECK(history.at("sets")[1].at("status") == "champion");
    CHECK(history.at("scorers")[0].at("weights").size() == 2);
    CHECK(app::weight_history_of(registry.session, brand, "beta").at("scorers").empty());

    const Json back = app::rollback_weights(registry.session, brand, kNow, false);
    CHECK(back.at("weight_set") == "a1");
    CHECK(registry.champion("a") == "a1");
    CHECK(app::rollback_weights(registry.session, brand, kNow, false).at("weight_set").is_null());
    CHECK(registry.champion("a") == "");
    app::promote_weights(registry.session, brand, "a2", kNow, false);
    CHECK(app::rollback_weights(registry.session, brand, kNow, false).at("weight_set") == "a1");
  });
}

TEST_CASE("weights that turned out worse are proposed for rollback") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    const store::Brand brand = registry.brand("a");
    for (int from = 0; from < 160; from += 20) {  // a step of 0.15 each
      registry.select_many("a", from, from + 20, 0.6);
      registry.learn("a");
    }
    app::promote_weights(registry.session, brand, {}, kNow, false);
    CHECK(app::check_weights(registry.session, brand, kNow).at("proposal").is_null());
    registry.select_many("a", 160, 560, -0.9);  // what was good is bad now
    registry.learn("a");
    const Json check = app::check_weights(registry.session, brand, kNow);
    CHECK(check.at("p_worse").get<double>() > 0.9);
    CHECK(check.at("proposal") == "rollback");
  });
}

TEST_CASE("pools that were not kept, or are older than 12 weeks, compare nothing") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    for (int i = 0; i < 5; ++i) registry.select("a", i, 0.5, false);
    const Json learned = registry.learn("a");
    CHECK(learned.at("gate").at("reasons").at("posterior") ==
          "no selection of the last 12 weeks kept its pool");
    registry.select("a", 5, 0.5);
    registry.run("UPDATE selections SET created_at = $1", {kNow - std::chrono::hours(24 * 7 * 13)});
    const Json old = registry.learn("a");
    CHECK(old.at("gate").at("posterior").is_null());
  });
}

TEST_CASE("a run with a challenger is replayed with its gates as they were") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    std::vector<Json> runs;
    for (int from = 0; from < 240; from += 60) {
      {
        // What each run knows becomes known just before it.
        store::Transaction transaction(registry.session);
        for (int i = from; i < from + 60; ++i) registry.select("a", i, 0.6);
        for (const char* update : {"UPDATE selections SET created_at = $1 WHERE created_at < $2",
                                   "UPDATE rewards SET computed_at = $1 WHERE computed_at < $2"}) {
          registry.run(update,
                       {kNow + std::chrono::hours(registry.sets), kNow - std::chrono::hours(24)});
        }
        transaction.commit();
      }
      runs.push_back(registry.learn("a"));
      if (from == 60) {
        app::promote_weights(registry.session, registry.brand("a"), {},
                             kNow + std::chrono::hours(1), false);
      }
    }
    CHECK(runs[1].at("gate").at("prequential").at("snapshots") == 60);
    CHECK(runs[2].at("gate").at("prequential").is_null());  // the champion was the newest set
    CHECK(runs[3].at("gate").at("prequential").at("snapshots") == 60);
    for (int i = 0; i < 4; ++i) {
      CAPTURE(i);
      const core::Time then = kNow + std::chrono::hours(i);
      const Json again = app::learn_weights_in_store(
          registry.session, registry.brand("a"), {},
          {.now = then, .is_dry_run = true, .known_at = store::KnownAt(then)});
      CHECK(again.at("gate") == runs[static_cast<std::size_t>(i)].at("gate"));
      CHECK(again.at("scorers") == runs[static_cast<std::size_t>(i)].at("scorers"));
    }
  });
}

TEST_CASE("a half-life lets what is new count for more, whenever learning ran") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    registry.select_many("a", 0, 60, -0.5);
    registry.select_many("a", 60, 120, 0.6);
    registry.run("UPDATE selections SET created_at = $1 WHERE id < 's1060'",
                 {kNow - std::chrono::hours(24 * 7 * 50)});
    const auto effect = [](const Json& document) {
      for (const Json& row : document.at("scorers")) {
        if (row.at("scorer") == "belief_clarity") return row.at("effect").get<double>();
      }
      return 0.0;
    };
    const Json all = registry.learn("a", {.is_dry_run = true});
    const Json recent = registry.learn("a", {.is_dry_run = true}, {.half_life_weeks = 4.0});
    CHECK(effect(recent) > effect(all) + 0.1);
    CHECK(recent.at("half_life_weeks") == 4.0);
    CHECK(recent.at("state") == all.at("state"));
  });
}

TEST_CASE("brands that share lend sums to each other; nobody else gives or takes") {
  on_both_backends([](const std::string& url) {
    Registry registry(url);
    for (const char* id : {"b", "c", "d", "stranger"}) {
      registry.select_many(id, 0, 60, 0.6);
      registry.learn(id);
    }
    const auto lending = [&](const std::string& id) {
      return registry.learn(id, {.is_dry_run = true}).at("lending_brands").get<int>();
    };
    // Elements that b, c and stranger have in common with a.
    for (const char* id : {"a", "b", "c", "stranger"}) {
      for (int i = 0; i < 10; ++i) {
        registry.run(
            "INSERT INTO element_scores (brand_id, dimension, value, alpha, beta, "
            "observations, updated_at) VALUES ($1, 'hook_type', $2, 4, 1, 3, $3)",
            {std::string(id), std::to_string(i), kNow});
      }
    }
    CHECK(lending("a") == 0);  // nobody shares
    for (const char* id : {"b", "c", "d", "stranger"}) registry.share(id);
    const Json untouched = registry.learn("a", {.is_dry_run = true});
    CHECK(untouched.at("lending_brands") == 0);  // a does not take
    registry.share("a");
    const Json helped = registry.learn("a", {.is_dry_run = true});
    CHECK(helped.at("lending_brands") == 3);
    CHECK(helped.at("state") == untouched.at("state"));  // what was borrowed is not its own
    double mean = 0;
    for (const Json& row : helped.at("scorers")) {
      if (row.at("scorer") == "belief_clarity") mean = row.at("posterior_mean").get<double>();
    }
    CHECK(mean > 0.55);

    // The stranger changes nothing, whatever it knows.
    registry.run("UPDATE weight_posteriors SET state = '{}' WHERE brand_id = 'stranger'");
    CHECK(registry.learn("a", {.is_dry_run = true}).at("scorers") == helped.at("scorers"));
    // One that stops sharing stops giving.
    registry.share("b", false);
    CHECK(lending("a") == 2);
    // Nor does a give while it does not share.
    registry.share("a", false);
    CHECK(lending("b") == 0);
    registry.share("b");
    CHECK(lending("b") == 0);  // b is not cold: it kept nothing and borrows nothing

    // Nothing of theirs is in what a keeps: no id, no template, no row.
    registry.share("a");
    registry.learn("a");
    const std::string kept = store::weight_prior(registry.session, "a").prior.dump();
    for (const char* theirs : {"\"b\"", "\"c\"", "hook_type", "t1", "s10"}) {
      CAPTURE(theirs);
      CHECK(kept.find(theirs) == std::string::npos);
    }
  });
}
