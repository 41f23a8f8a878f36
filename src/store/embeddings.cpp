#include <adgenome/core/error.hpp>
#include <adgenome/store/embeddings.hpp>
#include <bit>
#include <cstring>

namespace adgenome::store {
namespace {

static_assert(std::endian::native == std::endian::little && sizeof(float) == 4,
              "vectors are stored as they stand in memory");

std::string name_of(EmbeddingKind kind) {
  return kind == EmbeddingKind::kAd ? "ad" : "template";
}

Bytes to_bytes(std::span<const float> vector) {
  return {std::string(reinterpret_cast<const char*>(vector.data()), vector.size_bytes())};
}

std::vector<float> to_vector(const std::string& bytes, std::int64_t dimensions,
                             const std::string& id) {
  std::vector<float> vector(static_cast<std::size_t>(dimensions));
  if (bytes.size() != vector.size() * sizeof(float)) {
    throw core::StoreError("the vector of \"" + id + "\" does not have " +
                           std::to_string(dimensions) + " dimensions");
  }
  std::memcpy(vector.data(), bytes.data(), bytes.size());
  return vector;
}

}  // namespace

void put_embedding(Session& session, const std::string& brand_id, EmbeddingKind kind,
                   const std::string& id, std::string_view model, std::span<const float> vector) {
  session.execute(
      "INSERT INTO embeddings (brand_id, kind, id, model, dimensions, vector) "
      "VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (brand_id, kind, id, model) "
      "DO UPDATE SET dimensions = excluded.dimensions, vector = excluded.vector",
      {brand_id, name_of(kind), id, std::string(model), static_cast<std::int64_t>(vector.size()),
       to_bytes(vector)});
}

std::optional<std::int64_t> model_dimensions(Session& session, const std::string& brand_id,
                                             const std::string& model) {
  std::optional<std::int64_t> dimensions;
  session.query("SELECT dimensions FROM embeddings WHERE brand_id = $1 AND model = $2 LIMIT 1",
                {brand_id, model}, [&](const Row& row) { dimensions = row.integer(0); });
  return dimensions;
}

std::vector<Embedding> embeddings(Session& session, const std::string& brand_id, EmbeddingKind kind,
                                  std::string_view model, core::Time made_until) {
  std::vector<Embedding> list;
  session.query(
      "SELECT e.id, e.dimensions, e.vector FROM embeddings e "
      "WHERE e.brand_id = $1 AND e.kind = $2 AND e.model = $3 "
      "AND NOT EXISTS (SELECT 1 FROM ads a WHERE e.kind = 'ad' AND a.brand_id = $1 "
      "  AND a.id = e.id AND a.created_at > $4) ORDER BY e.id",
      {brand_id, name_of(kind), std::string(model), made_until}, [&](const Row& row) {
        const std::string id = row.text(0);
        list.push_back({.id = id, .vector = to_vector(row.bytes(2), row.integer(1), id)});
      });
  return list;
}

void replace_style_clusters(Session& session, const std::string& brand_id, std::string_view model,
                            core::Time computed_at, std::span<const StyleCluster> clusters,
                            std::span<const StyleClusterMember> members) {
  const std::string model_name(model);
  session.execute("DELETE FROM style_cluster_members WHERE brand_id = $1 AND model = $2",
                  {brand_id, model_name});
  session.execute("DELETE FROM style_clusters WHERE brand_id = $1 AND model = $2",
                  {brand_id, model_name});
  for (const StyleCluster& cluster : clusters) {
    session.execute(
        "INSERT INTO style_clusters "
        "(brand_id, model, cluster, size, medoid, document, computed_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {brand_id, model_name, cluster.cluster, cluster.size, cluster.medoid,
         json_value(cluster.document), computed_at});
  }
  for (const StyleClusterMember& member : members) {
    session.execute(
        "INSERT INTO style_cluster_members (brand_id, model, id, cluster, is_core) "
        "VALUES ($1, $2, $3, $4, $5)",
        {brand_id, model_name, member.id, member.cluster, member.is_core});
  }
}

std::vector<StyleCluster> style_clusters(Session& session, const std::string& brand_id,
                                         std::string_view model) {
  std::vector<StyleCluster> list;
  session.query(
      "SELECT cluster, size, medoid, document FROM style_clusters "
      "WHERE brand_id = $1 AND model = $2 ORDER BY cluster",
      {brand_id, std::string(model)}, [&](const Row& row) {
        list.push_back({.cluster = row.integer(0),
                        .size = row.integer(1),
                        .medoid = row.text(2),
                        .document = row.json(3)});
      });
  return list;
}

std::vector<StyleClusterMember> style_cluster_members(Session& session, const std::string& brand_id,
                                                      std::string_view model) {
  std::vector<StyleClusterMember> list;
  session.query(
      "SELECT id, cluster, is_core FROM style_cluster_members "
      "WHERE brand_id = $1 AND model = $2 ORDER BY id",
      {brand_id, std::string(model)}, [&](const Row& row) {
        list.push_back({.id = row.text(0), .cluster = row.integer(1), .is_core = row.boolean(2)});
      });
  return list;
}

}  // namespace adgenome::store
