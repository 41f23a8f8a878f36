#include <doctest/doctest.h>

#include <adgenome/app/cluster.hpp>
#include <adgenome/store/embeddings.hpp>
#include <adgenome/visual/color_layout.hpp>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

void put(store::Session& session, const std::string& id, std::vector<float> vector,
         std::string_view model = visual::kColorLayoutModel) {
  store::put_embedding(session, "b", store::EmbeddingKind::kAd, id, model, vector);
}

}  // namespace

TEST_CASE("cluster: the styles of a brand's ads, kept in place of the former ones") {
  const visual::DbscanSettings settings{.eps = 0.1, .min_samples = 2};
  on_both_backends([&](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    session.execute("INSERT INTO organizations (id, name) VALUES ($1, $2)", {"o", "O"});
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ($1, $2, $3)",
                    {"b", "o", "B"});
    put(session, "a", {1, 0, 0});
    put(session, "c", {1, 0.1F, 0});
    put(session, "d", {0, 0, 1});
    put(session, "zero", {0, 0, 0});
    put(session, "d2", {0, 0, 1}, "another model");

    const core::Json tried = app::cluster_ads(session, "b", settings, kNow, true);
    CHECK(tried.at("stored") == false);
    CHECK(store::style_cluster_members(session, "b", visual::kColorLayoutModel).empty());

    const core::Json found = app::cluster_ads(session, "b", settings, kNow, false);
    CHECK(found.at("stored") == true);
    CHECK(found.at("model") == "color_layout");
    CHECK(found.at("read") == 4);
    CHECK(found.at("rejected") == 1);
    CHECK(found.at("items") == tried.at("items"));
    const auto clusters = store::style_clusters(session, "b", visual::kColorLayoutModel);
    REQUIRE(clusters.size() == 1);
    CHECK(clusters[0].size == 2);
    CHECK(clusters[0].medoid == "a");
    const auto members = store::style_cluster_members(session, "b", visual::kColorLayoutModel);
    REQUIRE(members.size() == 3);
    CHECK(members[1].id == "c");
    CHECK(members[1].cluster == 0);
    CHECK(members[2].cluster == -1);

    put(session, "e", {0, 0.1F, 1});
    CHECK(app::cluster_ads(session, "b", settings, kNow, false).at("clusters").size() == 2);
    CHECK(store::style_clusters(session, "b", visual::kColorLayoutModel).size() == 2);
    CHECK(store::style_cluster_members(session, "b", visual::kColorLayoutModel).size() == 4);
  });
}
