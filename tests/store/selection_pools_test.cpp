#include <doctest/doctest.h>

#include <adgenome/store/selection_pools.hpp>
#include <vector>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

TEST_CASE("pools of selections come back byte by byte, of one brand, from a day on") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    session.execute("INSERT INTO organizations (id, name) VALUES ($1, $1)", {"o"});
    const std::string bytes{"\0\xff\x80 \n'\0x", 9};
    for (const char* brand : {"b", "c"}) {
      session.execute("INSERT INTO brands (id, organization_id, name) VALUES ($1, $2, $1)",
                      {brand, "o"});
      for (int age : {0, 100}) {
        const std::string id = "s" + std::to_string(age);
        session.execute(
            "INSERT INTO selections (brand_id, id, product_id, preset, weights_used, temperature, "
            "seed, document, created_at) VALUES ($1, $2, 'p', 'x', '{}', 1, '1', '{}', $3)",
            {brand, id, kNow - std::chrono::days(age)});
        store::insert_selection_pool(session, brand,
                                     {.selection_id = id,
                                      .format = "f",
                                      .candidates = age + 1,
                                      .fraction = 0.25,
                                      .bytes = bytes + brand});
      }
    }
    std::vector<store::SelectionPool> found;
    const auto keep = [&](const store::SelectionPool& pool) { found.push_back(pool); };
    store::visit_selection_pools(session, "c", kNow - std::chrono::days(84), keep);
    REQUIRE(found.size() == 1);
    CHECK(found[0].selection_id == "s0");
    CHECK(found[0].format == "f");
    CHECK(found[0].candidates == 1);
    CHECK(found[0].fraction == 0.25);
    CHECK(found[0].bytes == bytes + "c");
    store::visit_selection_pools(session, "b", {}, keep);
    CHECK(found.size() == 3);
  });
}
