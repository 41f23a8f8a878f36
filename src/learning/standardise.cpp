#include <adgenome/learning/standardise.hpp>
#include <algorithm>
#include <vector>

namespace adgenome::learning {
namespace {

constexpr std::int64_t kFewestImpressions = 200;

struct Cell {
  std::int64_t impressions = 0;
  std::int64_t clicks = 0;
  double share = 0;  // of the brand's impressions

  void add(const Cell& other) {
    impressions += other.impressions;
    clicks += other.clicks;
    share += other.share;
  }
};

using Cells = std::map<std::string, Cell>;

Standardised standardise_ad(const Cells& own, const std::map<std::string, double>& mix) {
  std::vector<Cell> kept;
  Cell pool;
  Standardised result;
  for (const auto& [name, share] : mix) {
    const auto at = own.find(name);
    Cell cell = at == own.end() ? Cell{} : at->second;
    cell.share = share;
    if (cell.impressions >= kFewestImpressions) {
      kept.push_back(cell);
    } else {
      pool.add(cell);
      result.pooled += cell.impressions > 0;
    }
  }
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Cell& a, const Cell& b) { return a.impressions > b.impressions; });
  while (pool.impressions > 0 && pool.impressions < kFewestImpressions && !kept.empty()) {
    pool.add(kept.back());
    kept.pop_back();
    ++result.pooled;
  }
  result.cells = static_cast<std::int64_t>(kept.size());
  if (pool.impressions > 0) kept.push_back(pool);
  double sum = 0;
  double spread = 0;
  for (const Cell& cell : kept) {
    const double impressions = static_cast<double>(cell.impressions);
    result.mix_covered += cell.share;
    sum += cell.share * static_cast<double>(cell.clicks) / impressions;
    spread += cell.share * cell.share / impressions;
  }
  result.rate = sum / result.mix_covered;
  result.effective_impressions = result.mix_covered * result.mix_covered / spread;
  return result;
}

}  // namespace

std::map<std::string, Standardised> standardise(std::span<const BreakdownRow> rows) {
  std::map<std::string, Cells> ads;
  std::map<std::string, std::int64_t> impressions;
  std::int64_t total = 0;
  for (const BreakdownRow& row : rows) {
    if (row.impressions == 0) continue;
    ads[row.ad_id][row.cell].add({row.impressions, row.clicks, 0});
    impressions[row.cell] += row.impressions;
    total += row.impressions;
  }
  std::map<std::string, double> mix;
  for (const auto& [cell, count] : impressions) {
    mix[cell] = static_cast<double>(count) / static_cast<double>(total);
  }
  std::map<std::string, Standardised> result;
  for (const auto& [ad_id, cells] : ads) result[ad_id] = standardise_ad(cells, mix);
  return result;
}

}  // namespace adgenome::learning
