#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::store {

/// The vector of an ad or template.
struct Embedding {
  std::string id;
  std::vector<float> vector;
};

enum class EmbeddingKind { kAd, kTemplate };

/// Stores the vector that `model` gave; one that is there already is replaced.
void put_embedding(Session& session, const std::string& brand_id, EmbeddingKind kind,
                   const std::string& id, std::string_view model, std::span<const float> vector);

/// The length of the vectors of a model; nothing where there are none yet.
std::optional<std::int64_t> model_dimensions(Session& session, const std::string& brand_id,
                                             const std::string& model);

/// The vectors of one model, in order of their ids; of ads those that were made up to a time.
std::vector<Embedding> embeddings(Session& session, const std::string& brand_id, EmbeddingKind kind,
                                  std::string_view model, core::Time made_until = kNewest);

/// A group of ads that look alike.
struct StyleCluster {
  std::int64_t cluster;
  std::int64_t size;
  std::string medoid;   ///< id of the ad in its middle
  core::Json document;  ///< the cluster as in adgenome/clusters/v1
};

struct StyleClusterMember {
  std::string id;
  std::int64_t cluster;  ///< -1: none
  bool is_core;
};

/// Puts these clusters in the place of those that the model's vectors had before. Runs in the
/// caller's transaction.
void replace_style_clusters(Session& session, const std::string& brand_id, std::string_view model,
                            core::Time computed_at, std::span<const StyleCluster> clusters,
                            std::span<const StyleClusterMember> members);

/// The clusters by number, and the members by id.
std::vector<StyleCluster> style_clusters(Session& session, const std::string& brand_id,
                                         std::string_view model);
std::vector<StyleClusterMember> style_cluster_members(Session& session, const std::string& brand_id,
                                                      std::string_view model);

}  // namespace adgenome::store
