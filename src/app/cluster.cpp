#include <adgenome/app/cluster.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/workers.hpp>
#include <adgenome/ingest/npy.hpp>
#include <adgenome/store/embeddings.hpp>
#include <adgenome/visual/color_layout.hpp>
#include <adgenome/visual/representatives.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

constexpr std::size_t kExamples = 3;
/// Room that is asked for at once, so that growing does not double the memory; pages that are not
/// written to cost nothing.
constexpr std::int64_t kMostReserved = std::int64_t{1} << 28;

/// Vectors as they were given, one after the other, all of one length.
template <class Real>
struct VectorSet {
  std::vector<std::string> ids;
  std::vector<Real> values;
  std::vector<std::optional<double>> rewards;  ///< empty where none can be given
  std::int64_t dimensions = 0;
  std::int64_t read = 0;
};

/// What keeps a vector out, if anything.
template <class Real>
std::optional<std::string> defect_of(std::span<const Real> vector) {
  for (const Real value : vector) {
    if (!std::isfinite(value)) return "the vector holds NaN or infinity";
  }
  const double length = visual::length(vector);
  if (length == 0) return "the vector is zero: it has no direction";
  if (!std::isfinite(length)) return "the vector is too long for double precision";
  return std::nullopt;
}

/// Mean of the rewards of the members that have one, and how many those are.
struct MeanReward {
  std::optional<double> mean;
  std::int64_t count = 0;
};

MeanReward mean_reward(const std::vector<std::optional<double>>& rewards,
                       const std::vector<std::size_t>& members) {
  if (rewards.empty()) return {};
  double sum = 0;
  std::int64_t count = 0;
  for (const std::size_t member : members) {
    if (!rewards[member]) continue;
    sum += *rewards[member];
    ++count;
  }
  if (count == 0) return {};
  return {.mean = sum / static_cast<double>(count), .count = count};
}

Json names(const std::vector<std::string>& ids, const std::vector<std::size_t>& positions) {
  Json list = Json::array();
  for (const std::size_t position : positions) list.push_back(ids[position]);
  return list;
}

template <class Real>
Json clusters_of(const VectorSet<Real>& set, const visual::Clustering& clustering) {
  Json clusters = Json::array();
  for (const visual::Representatives& cluster : visual::representatives(
           std::span<const Real>(set.values), set.dimensions, clustering, kExamples)) {
    const MeanReward reward = mean_reward(set.rewards, cluster.members);
    clusters.push_back({{"id", clusters.size()},
                        {"size", cluster.members.size()},
                        {"medoid", set.ids[cluster.medoid]},
                        {"examples", names(set.ids, cluster.examples)},
                        {"rewarded", reward.count},
                        {"mean_reward", reward.mean ? Json(*reward.mean) : Json()},
                        {"reward_interval", nullptr},
                        {"p_value", nullptr},
                        {"q_value", nullptr},
                        {"terms", nullptr}});
  }
  return clusters;
}

/// Takes the vectors with it: what is left to do needs their room.
template <class Real>
Json document_of(VectorSet<Real> set, const visual::DbscanSettings& settings,
                 std::int64_t rejected) {
  visual::Clustering clustering;
  if (!set.ids.empty()) {
    clustering = visual::dbscan(std::span<const Real>(set.values), set.dimensions, settings,
                                core::Workers::of_this_machine());
  }
  Json clusters = clusters_of(set, clustering);
  std::vector<Real>().swap(set.values);  // gives the memory back, which = {} would not

  std::int64_t noise = 0;
  Json items = Json::array();
  for (std::size_t i = 0; i < set.ids.size(); ++i) {
    const std::int32_t label = clustering.labels[i];
    if (label == visual::Clustering::kNoise) ++noise;
    items.push_back(
        {{"id", std::move(set.ids[i])}, {"cluster", label}, {"core", bool{clustering.is_core[i]}}});
  }
  Json reason;
  if (items.empty()) {
    reason = "there are no vectors";
  } else if (clusters.empty()) {
    reason = "no vector has " + std::to_string(settings.min_samples) +
             " neighbours within eps, itself counted";
  }
  return {{"brand_id", nullptr},
          {"model", nullptr},
          {"eps", settings.eps},
          {"min_samples", settings.min_samples},
          {"dimensions", set.dimensions == 0 ? Json() : Json(set.dimensions)},
          {"read", set.read},
          {"rejected", rejected},
          {"stored", false},
          {"reason", std::move(reason)},
          {"noise", noise},
          {"clusters", std::move(clusters)},
          {"items", std::move(items)}};
}

/// Adds a record to the set, or throws what is wrong with it.
class RecordTaker {
 public:
  explicit RecordTaker(VectorSet<double>& set) : set_(set) {}

  void take(const core::RecordView& record) {
    record.for_each_member([&](std::string_view name, const core::RecordView& value) {
      if (name != "id" && name != "embedding" && name != "reward" && name != "schema") {
        value.fail("unknown field \"" + std::string(name) + "\"");
      }
    });
    std::string id = record.at("id").as_id();
    const core::RecordView embedding = record.at("embedding");
    vector_.clear();
    embedding.for_each_element(
        [&](const core::RecordView& value) { vector_.push_back(value.as_double()); });
    if (vector_.empty()) embedding.fail("the vector has no dimensions");
    if (set_.dimensions != 0 && std::ssize(vector_) != set_.dimensions) {
      embedding.fail("expected " + std::to_string(set_.dimensions) + " dimensions, found " +
                     std::to_string(vector_.size()));
    }
    if (const auto defect = defect_of(std::span<const double>(vector_))) embedding.fail(*defect);
    const std::optional<double> reward = record.optional_double("reward");
    if (!known_.insert(id).second) record.at("id").fail("id \"" + id + "\" was there before");
    set_.dimensions = std::ssize(vector_);
    set_.values.insert(set_.values.end(), vector_.begin(), vector_.end());
    set_.ids.push_back(std::move(id));
    set_.rewards.push_back(reward);
  }

 private:
  VectorSet<double>& set_;
  std::vector<double> vector_;
  std::unordered_set<std::string> known_;
};

template <class Real>
Json cluster_rows(ingest::NpyReader& reader, const visual::DbscanSettings& settings,
                  core::Rejects& rejects) {
  VectorSet<Real> set;
  set.dimensions = reader.header().columns;
  set.values.reserve(static_cast<std::size_t>(
      std::min(reader.header().rows, kMostReserved / set.dimensions) * set.dimensions));
  std::vector<Real> row(static_cast<std::size_t>(set.dimensions));
  for (; reader.next(std::span<Real>(row)); ++set.read) {
    if (const auto defect = defect_of(std::span<const Real>(row))) {
      const std::string where = reader.name() + " row " + std::to_string(set.read);
      rejects.add(reader.name(), set.read, InvalidInput(*defect, "", where), "");
      continue;
    }
    set.values.insert(set.values.end(), row.begin(), row.end());
    set.ids.push_back(std::to_string(set.read));
  }
  return document_of(std::move(set), settings, rejects.count());
}

}  // namespace

Json cluster_records(const std::string& path, const visual::DbscanSettings& settings,
                     core::Rejects& rejects) {
  VectorSet<double> set;
  RecordTaker taker(set);
  core::RecordReader reader(core::open_input(path));
  set.read = core::read_records(reader, rejects,
                                [&](const core::RecordView& record) { taker.take(record); });
  return document_of(std::move(set), settings, rejects.count());
}

Json cluster_npy(const std::string& path, const visual::DbscanSettings& settings,
                 core::Rejects& rejects) {
  ingest::NpyReader reader(core::open_input(path));
  return reader.header().is_double ? cluster_rows<double>(reader, settings, rejects)
                                   : cluster_rows<float>(reader, settings, rejects);
}

Json cluster_ads(store::Session& session, const std::string& brand_id,
                 const visual::DbscanSettings& settings, core::Time now, bool is_dry_run,
                 core::Time made_until) {
  store::Transaction transaction(session);
  transaction.lock("cluster/" + brand_id);
  VectorSet<float> set;
  std::int64_t rejected = 0;
  for (store::Embedding& stored : store::embeddings(session, brand_id, store::EmbeddingKind::kAd,
                                                    visual::kColorLayoutModel, made_until)) {
    if (set.dimensions == 0) set.dimensions = std::ssize(stored.vector);
    ++set.read;
    if (std::ssize(stored.vector) != set.dimensions ||
        defect_of(std::span<const float>(stored.vector))) {
      ++rejected;
      continue;
    }
    set.values.insert(set.values.end(), stored.vector.begin(), stored.vector.end());
    set.ids.push_back(std::move(stored.id));
  }
  Json document = document_of(std::move(set), settings, rejected);
  document["brand_id"] = brand_id;
  document["model"] = visual::kColorLayoutModel;
  document["stored"] = !is_dry_run;
  if (is_dry_run) return document;

  std::vector<store::StyleCluster> clusters;
  for (const Json& cluster : document["clusters"]) {
    clusters.push_back({.cluster = cluster["id"],
                        .size = cluster["size"],
                        .medoid = cluster["medoid"],
                        .document = cluster});
  }
  std::vector<store::StyleClusterMember> members;
  for (const Json& item : document["items"]) {
    members.push_back({.id = item["id"], .cluster = item["cluster"], .is_core = item["core"]});
  }
  store::replace_style_clusters(session, brand_id, visual::kColorLayoutModel, now, clusters,
                                members);
  transaction.commit();
  return document;
}

}  // namespace adgenome::app
