#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/store/embeddings.hpp>

#include "support/stores.hpp"

using namespace adgenome;
using store::EmbeddingKind;
using testing::kNow;
using testing::on_both_backends;

namespace {

store::Session store_with_brands(const std::string& url) {
  store::Session session = testing::fresh_store(url);
  session.execute("INSERT INTO organizations (id, name) VALUES ($1, $2)", {"o", "O"});
  for (const char* id : {"b", "other"}) {
    session.execute("INSERT INTO brands (id, organization_id, name) VALUES ($1, $2, $3)",
                    {id, "o", id});
  }
  return session;
}

}  // namespace

TEST_CASE("embeddings: one vector an ad and model, and no other's") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_brands(url);
    const std::vector<float> first = {0.25F, -0.0F, 1e-30F};
    const std::vector<float> second = {3.0F, 0.1F};
    store::put_embedding(session, "b", EmbeddingKind::kAd, "z", "m", second);
    store::put_embedding(session, "b", EmbeddingKind::kAd, "a", "m", second);
    store::put_embedding(session, "b", EmbeddingKind::kAd, "a", "m", first);
    store::put_embedding(session, "b", EmbeddingKind::kAd, "a", "other model", second);
    store::put_embedding(session, "b", EmbeddingKind::kTemplate, "a", "m", second);
    store::put_embedding(session, "other", EmbeddingKind::kAd, "x", "m", second);
    const auto found = store::embeddings(session, "b", EmbeddingKind::kAd, "m");
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == "a");
    CHECK(found[0].vector == first);
    CHECK(found[1].id == "z");
    CHECK(found[1].vector == second);

    session.execute("UPDATE embeddings SET dimensions = 5 WHERE id = $1", {"z"});
    CHECK_THROWS_AS(store::embeddings(session, "b", EmbeddingKind::kAd, "m"), core::StoreError);
  });
}

TEST_CASE("style clusters: the newest take the place of those of their model") {
  on_both_backends([](const std::string& url) {
    store::Session session = store_with_brands(url);
    const std::vector<store::StyleCluster> two = {
        {.cluster = 0, .size = 3, .medoid = "a", .document = {{"id", 0}}},
        {.cluster = 1, .size = 4, .medoid = "e", .document = {{"id", 1}}}};
    const std::vector<store::StyleClusterMember> members = {
        {.id = "b", .cluster = 0, .is_core = true}, {.id = "a", .cluster = -1, .is_core = false}};
    for (const char* model : {"m", "other model"}) {
      store::replace_style_clusters(session, "b", model, kNow, two, members);
    }
    store::replace_style_clusters(session, "b", "m", kNow, std::span(two).subspan(1),
                                  std::span(members).first(1));
    const auto clusters = store::style_clusters(session, "b", "m");
    REQUIRE(clusters.size() == 1);
    CHECK(clusters[0].cluster == 1);
    CHECK(clusters[0].size == 4);
    CHECK(clusters[0].medoid == "e");
    CHECK(clusters[0].document.at("id") == 1);
    CHECK(store::style_cluster_members(session, "b", "m").size() == 1);
    const auto kept = store::style_cluster_members(session, "b", "other model");
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].id == "a");
    CHECK(kept[0].cluster == -1);
    CHECK(!kept[0].is_core);
    CHECK(kept[1].is_core);
  });
}
