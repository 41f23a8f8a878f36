#include <adgenome/learning/whitespace.hpp>
#include <array>
#include <cstdint>

#include "whitespace_pairs.hpp"

namespace adgenome::learning {
namespace {

using Numbers = std::array<std::uint32_t, 3>;

/// What is known of two elements by their numbers.
struct PairCell {
  double bonus = 0;
  std::int64_t usage = 0;
  bool is_barred = false;  // in conflict
};

/// Counts of triples in the order in which triples are visited.
using TripleCounts = std::vector<std::pair<Numbers, std::int64_t>>;

class Triples {
 public:
  Triples(const WhitespaceInput& input, const WhitespaceOptions& options)
      : input_(input), options_(options), good_(promising(input.elements)) {
    std::map<TagValue, std::uint32_t> numbers;
    for (const TagPosterior& each : good_) {
      means_.push_back(mean(each));
      variances_.push_back(variance(each));
      numbers.emplace(each.tag, static_cast<std::uint32_t>(numbers.size()));
    }
    fill_pairs(numbers);
    usage_ = counts_of(input.usage, numbers, "usage");
    if (input.competitors) competitors_ = counts_of(*input.competitors, numbers, "competitors");
    for (std::size_t used = 0; used < novelty_.size(); ++used) {
      novelty_[used] = novelty_bonus(static_cast<std::int64_t>(used));
    }
    knows_usage_ = input.knows_triples || !usage_.empty();
  }

  Whitespace find() {
    const std::size_t n = good_.size();
    // The greatest that elements from here on can add.
    std::vector<double> mean_from(n + 1, 0);
    std::vector<double> variance_from(n + 1, 0);
    for (std::size_t i = n; i-- > 0;) {
      mean_from[i] = std::max(mean_from[i + 1], means_[i]);
      variance_from[i] = std::max(variance_from[i + 1], variances_[i]);
    }
    auto used = usage_.begin();
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = next_dimension(i); j < n; ++j) {
        const PairCell& ij = at(i, j);
        const std::size_t first = next_dimension(j);
        if (ij.is_barred || first >= n) continue;
        const double bound = (means_[i] + means_[j] + mean_from[first]) / 3 + ij.bonus +
                             2 * greatest_bonus_ + novelty_[0] +
                             (options_.is_optimistic
                                  ? half_width(variances_[i] + variances_[j] + variance_from[first])
                                  : 0);
        // Of equals the first ones stand, and these were met.
        if (is_full() && bound <= least_) continue;
        const Numbers begin = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), 0};
        used = std::lower_bound(used, usage_.end(), begin,
                                [](const auto& a, const Numbers& b) { return a.first < b; });
        visit_row(i, j, first, ij, used);
      }
    }
    Whitespace whitespace;
    whitespace.candidates = std::move(best_);
    if (whitespace.candidates.empty()) {
      whitespace.reason = input_.elements.empty() ? "no elements are known"
                          : good_.empty()         ? "no element has a mean above 0.5"
                                          : "every promising triple was tried or is in conflict";
    }
    return whitespace;
  }

 private:
  static double half_width(double variance_sum) { return kNormal975 * std::sqrt(variance_sum) / 3; }
  const PairCell& at(std::size_t i, std::size_t j) const { return pairs_[i * good_.size() + j]; }
  bool is_full() const { return best_.size() >= options_.limit; }

  std::size_t next_dimension(std::size_t i) const { return dimension_ends_[i]; }

  void fill_pairs(const std::map<TagValue, std::uint32_t>& numbers) {
    const std::size_t n = good_.size();
    dimension_ends_.resize(n);
    for (std::size_t i = n; i-- > 0;) {
      const bool is_last = i + 1 == n || good_[i + 1].tag.dimension != good_[i].tag.dimension;
      dimension_ends_[i] = is_last ? i + 1 : dimension_ends_[i + 1];
    }
    pairs_.resize(n * n);
    const auto cell = [&](const TagPair& pair) -> PairCell* {
      const auto a = numbers.find(pair.first);
      const auto b = numbers.find(pair.second);
      if (a == numbers.end() || b == numbers.end()) return nullptr;
      return &pairs_[a->second * n + b->second];
    };
    for (const auto& [pair, effect] : by_pair(input_.interactions, "interactions")) {
      PairCell* const known = cell(pair);
      if (known == nullptr) continue;
      known->bonus = std::max(0.0, effect.effect);
      known->is_barred = effect.is_conflict;
      greatest_bonus_ = std::max(greatest_bonus_, known->bonus);
    }
    for (const auto& [pair, count] : by_pair(input_.usage, "usage")) {
      if (PairCell* const known = cell(pair)) known->usage = count.count;
    }
  }

  static TripleCounts counts_of(const std::vector<PairCount>& rows,
                                const std::map<TagValue, std::uint32_t>& numbers,
                                std::string_view list) {
    TripleCounts counts;
    for (const PairCount& row : rows) {
      if (!row.c) continue;
      canonical(row.a, row.b);
      canonical(row.a, *row.c);
      canonical(row.b, *row.c);
      Numbers key;
      std::size_t known = 0;
      for (const TagValue* tag : {&row.a, &row.b, &*row.c}) {
        const auto number = numbers.find(*tag);
        if (number != numbers.end()) key[known++] = number->second;
      }
      if (known < key.size()) continue;
      std::sort(key.begin(), key.end());
      counts.emplace_back(key, row.count);
    }
    std::sort(counts.begin(), counts.end());
    const auto twice =
        std::adjacent_find(counts.begin(), counts.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice != counts.end()) {
      throw core::InvalidInput(std::string(list) + " give a triple twice");
    }
    return counts;
  }

  /// The triples that begin with these two; `used` stands at the first of their counts.
  void visit_row(std::size_t i, std::size_t j, std::size_t first, const PairCell& ij,
                 TripleCounts::const_iterator used) {
    for (std::size_t k = first; k < good_.size(); ++k) {
      const PairCell& ik = at(i, k);
      const PairCell& jk = at(j, k);
      if (ik.is_barred || jk.is_barred) continue;
      std::int64_t usage = 0;
      if (knows_usage_) {
        const Numbers key = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j),
                             static_cast<std::uint32_t>(k)};
        while (used != usage_.end() && used->first < key) ++used;
        if (used != usage_.end() && used->first == key) usage = used->second;
      } else {
        usage = std::min({ij.usage, ik.usage, jk.usage});
      }
      if (is_tried(usage)) continue;
      const double bonus = ij.bonus + ik.bonus + jk.bonus;
      const double potential = (means_[i] + means_[j] + means_[k]) / 3 + bonus +
                               novelty_[static_cast<std::size_t>(usage)];
      const double rank =
          options_.is_optimistic
              ? potential + half_width(variances_[i] + variances_[j] + variances_[k])
              : potential;
      if (!is_full() || rank > least_) keep(i, j, k, potential, bonus, usage);
    }
  }

  void keep(std::size_t i, std::size_t j, std::size_t k, double potential, double bonus,
            std::int64_t usage) {
    WhitespaceCandidate candidate{
        .a = good_[i].tag, .b = good_[j].tag, .c = good_[k].tag, .competitor_usage = {}};
    candidate.potential = potential;
    candidate.mean_a = means_[i];
    candidate.mean_b = means_[j];
    candidate.mean_c = means_[k];
    candidate.synergy_bonus = bonus;
    candidate.novelty_bonus = novelty_[static_cast<std::size_t>(usage)];
    candidate.usage = usage;
    if (input_.competitors) {
      const Numbers key = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j),
                           static_cast<std::uint32_t>(k)};
      const auto seen =
          std::lower_bound(competitors_.begin(), competitors_.end(), key,
                           [](const auto& a, const Numbers& b) { return a.first < b; });
      const bool is_seen = seen != competitors_.end() && seen->first == key;
      candidate.competitor_usage = is_seen ? seen->second : 0;
    }
    const double half = half_width(variances_[i] + variances_[j] + variances_[k]);
    candidate.interval = {potential - half, potential + half};
    best_.push_back(std::move(candidate));
    keep_best(best_, options_);
    if (is_full()) {
      least_ = options_.is_optimistic ? best_.back().interval[1] : best_.back().potential;
    }
  }

  const WhitespaceInput& input_;
  const WhitespaceOptions& options_;
  std::vector<TagPosterior> good_;
  std::vector<double> means_;
  std::vector<double> variances_;
  std::vector<std::size_t> dimension_ends_;  // behind each element's dimension
  std::vector<PairCell> pairs_;
  double greatest_bonus_ = 0;
  TripleCounts usage_;
  TripleCounts competitors_;
  bool knows_usage_ = false;
  std::array<double, kTriedFrom> novelty_{};
  std::vector<WhitespaceCandidate> best_;
  double least_ = 0;  // of the best, once they are as many as asked for
};

}  // namespace

Whitespace find_triples(const WhitespaceInput& input, const WhitespaceOptions& options) {
  return Triples(input, options).find();
}

}  // namespace adgenome::learning
