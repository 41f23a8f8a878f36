#include <adgenome/visual/representatives.hpp>
#include <algorithm>
#include <utility>

namespace adgenome::visual {
namespace {

// Sums that differ by less are the same but for rounding, as those of any two members are.
constexpr double kTie = 1e-12;

template <class Real>
class Table {
 public:
  Table(std::span<const Real> values, std::int64_t dimensions)
      : values_(values), dimensions_(static_cast<std::size_t>(dimensions)) {}

  std::span<const Real> row(std::size_t index) const {
    return values_.subspan(index * dimensions_, dimensions_);
  }

  /// The member whose distances to all members sum up to the least. With unit vectors that sum is
  /// n - x.S, S being the sum of the members: linear work in place of all pairs.
  std::size_t medoid(const std::vector<std::size_t>& members) const {
    std::vector<double> sum(dimensions_, 0.0);
    for (const std::size_t member : members) {
      const double scale = 1.0 / length(row(member));
      for (std::size_t k = 0; k < dimensions_; ++k) {
        sum[k] += static_cast<double>(row(member)[k]) * scale;
      }
    }
    const auto closeness = [&](std::size_t member) {
      double product = 0;
      for (std::size_t k = 0; k < dimensions_; ++k) {
        product += static_cast<double>(row(member)[k]) * sum[k];
      }
      return product / length(row(member));
    };
    std::pair<double, std::size_t> best{closeness(members.front()), members.front()};
    for (const std::size_t member : std::span(members).subspan(1)) {
      const double here = closeness(member);
      if (here > best.first * (1 + kTie)) best = {here, member};
    }
    return best.second;
  }

  std::vector<std::size_t> nearest(const std::vector<std::size_t>& members, std::size_t medoid,
                                   std::size_t count) const {
    const double medoid_length = length(row(medoid));
    std::vector<std::pair<double, std::size_t>> others;
    for (const std::size_t member : members) {
      if (member == medoid) continue;
      others.emplace_back(
          cosine_distance(row(medoid), medoid_length, row(member), length(row(member))), member);
    }
    count = std::min(count, others.size());
    std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(count),
                      others.end());
    std::vector<std::size_t> examples;
    for (std::size_t i = 0; i < count; ++i) examples.push_back(others[i].second);
    return examples;
  }

 private:
  std::span<const Real> values_;
  std::size_t dimensions_;
};

template <class Real>
std::vector<Representatives> find(std::span<const Real> values, std::int64_t dimensions,
                                  const Clustering& clustering, std::size_t example_count) {
  std::vector<Representatives> clusters(static_cast<std::size_t>(clustering.cluster_count));
  for (std::size_t i = 0; i < clustering.labels.size(); ++i) {
    if (clustering.labels[i] == Clustering::kNoise) continue;
    clusters[static_cast<std::size_t>(clustering.labels[i])].members.push_back(i);
  }
  const Table<Real> table(values, dimensions);
  for (Representatives& cluster : clusters) {
    cluster.medoid = table.medoid(cluster.members);
    cluster.examples = table.nearest(cluster.members, cluster.medoid, example_count);
  }
  return clusters;
}

}  // namespace

std::vector<Representatives> representatives(std::span<const float> values, std::int64_t dimensions,
                                             const Clustering& clustering,
                                             std::size_t example_count) {
  return find(values, dimensions, clustering, example_count);
}
std::vector<Representatives> representatives(std::span<const double> values,
                                             std::int64_t dimensions, const Clustering& clustering,
                                             std::size_t example_count) {
  return find(values, dimensions, clustering, example_count);
}

}  // namespace adgenome::visual
