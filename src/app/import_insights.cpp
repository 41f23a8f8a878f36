#include <adgenome/ingest/performance.hpp>

#include "performance_chunk.hpp"
#include "performance_import.hpp"
#include "performance_storing.hpp"

namespace adgenome::app {

void import_insights(store::Session& session, const std::string& brand_id,
                     std::span<const std::string> pages, const std::string& name,
                     const ingest::PerformanceOptions& options, core::Time now,
                     core::Rejects& rejects, PageTotals& totals) {
  PerformanceStoring storing(session, brand_id, name, now, rejects);
  PerformanceChunks chunks(rejects.keeps_raw(),
                           [&](PerformanceChunk chunk) { storing.store(std::move(chunk)); });
  core::Rejects bad([&](std::string_view, std::int64_t line, const core::InvalidInput& error,
                        std::string_view raw) { chunks.add_bad(line, error, raw); });
  for (const std::string& page : pages) {
    ingest::read_insights(page, name, options, bad, [&](const ingest::PerformanceRow& row) {
      chunks.add(row);
      totals.currencies.emplace(row.currency);
      if (!row.campaign_id.empty()) totals.campaigns.emplace(row.campaign_id);
    });
  }
  chunks.finish();
  storing.finish();
  totals.counts.added += storing.counts().added;
  totals.counts.changed += storing.counts().changed;
  totals.counts.unchanged += storing.counts().unchanged;
  totals.counts.rejected += storing.counts().rejected;
}

}  // namespace adgenome::app
