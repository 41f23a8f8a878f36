#include <malloc.h>

#include <adgenome/app/import.hpp>
#include <adgenome/app/settings.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/handover.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/store/performance.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <adgenome/store/rewards.hpp>
#include <algorithm>
#include <exception>
#include <thread>

#include "brand_accounts.hpp"
#include "import_note.hpp"
#include "performance_chunk.hpp"
#include "performance_import.hpp"
#include "performance_storing.hpp"

namespace adgenome::app {
namespace {

using Amounts = std::map<std::string, std::int64_t>;

/// Reads a file on a thread of its own, chunk by chunk, while those before are being stored.
class Reading {
 public:
  Reading(core::Input input, const ingest::PerformanceOptions& options, bool keeps_raw)
      : thread_([this, input = std::move(input), &options, keeps_raw]() mutable {
          try {
            read(std::move(input), options, keeps_raw);
          } catch (const Abandoned&) {
            // Whoever took the chunks has failed, and says why.
            is_abandoned_ = true;
          } catch (...) {
            failure_ = std::current_exception();
          }
          chunks_.finish();
        }) {}
  ~Reading() { chunks_.close(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  std::optional<PerformanceChunk> next() { return chunks_.take(); }

  /// What was read, or why it could not be; once there is no next chunk.
  ingest::PerformanceSummary finish() {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    return summary_;
  }

 private:
  struct Abandoned {};

  void read(core::Input input, const ingest::PerformanceOptions& options, bool keeps_raw) {
    PerformanceChunks chunks(keeps_raw, [this](PerformanceChunk chunk) {
      if (!chunks_.give(std::move(chunk))) throw Abandoned();
    });
    core::Rejects bad([&](std::string_view, std::int64_t line, const core::InvalidInput& error,
                          std::string_view raw) { chunks.add_bad(line, error, raw); });
    summary_ =
        ingest::read_performance(std::move(input), options, bad,
                                 [&](const ingest::PerformanceRow& row) { chunks.add(row); });
    chunks.finish();
  }

  core::Handover<PerformanceChunk> chunks_;
  ingest::PerformanceSummary summary_;
  std::exception_ptr failure_;
  bool is_abandoned_ = false;
  std::jthread thread_;  // the last member: it uses the others
};

std::vector<std::string> warnings_of(const ingest::PerformanceSummary& summary,
                                     std::int64_t repeated) {
  std::vector<std::string> warnings = summary.warnings;
  if (repeated > 0) {
    warnings.push_back(std::to_string(repeated) +
                       " rows give a period of an ad again with other values, and the last one "
                       "counts: an export that is broken down further must not be imported so");
  }
  return warnings;
}

std::optional<std::string> event_in(const core::Json& config) {
  const core::Json event = config.value("conversion_event", core::Json());
  return event.is_string() ? std::optional(event.get<std::string>()) : std::nullopt;
}

/// What the accounts of a brand say of rows that name them.
class Accounts {
 public:
  Accounts(store::Session& session, const store::Brand& brand) : accounts_(session, brand) {
    has_events_ = std::ranges::any_of(accounts_.all(), [&](const store::Account& account) {
      return event_in(account.config) != event_in(brand.account_config);
    });
  }

  std::optional<std::string> currency(std::string_view platform, std::string_view id) const {
    const store::Account* account = accounts_.named(platform, id);
    return account ? std::optional(account->currency) : std::nullopt;
  }

  bool have_own_events() const { return has_events_; }
  std::optional<std::string> event(std::string_view platform, std::string_view id) const {
    const store::Account* account = accounts_.of_row(platform, id);
    return account ? event_in(account->config) : std::nullopt;
  }

 private:
  BrandAccounts accounts_;
  bool has_events_ = false;
};

}  // namespace

core::Json money_by_currency(const std::map<std::string, std::int64_t>& micros) {
  core::Json document = core::Json::object();
  for (const auto& [currency, amount] : micros) document[currency] = core::money_number(amount);
  return document;
}

ingest::PerformanceOptions with_settings(ingest::PerformanceOptions options,
                                         store::Session& session, const store::Brand& brand,
                                         const std::optional<std::string>& account_id) {
  const Accounts accounts(session, brand);
  if (!options.default_currency) options.default_currency = brand.currency;
  options.account_currency = [accounts](std::string_view platform, std::string_view id) {
    return accounts.currency(platform, id);
  };
  if (const auto event = event_in(brand.account_config)) options.conversion_event = *event;
  if (account_id) {
    if (const auto event = accounts.event("", *account_id)) options.conversion_event = *event;
  } else if (accounts.have_own_events()) {
    options.account_event = [accounts](std::string_view platform, std::string_view id) {
      return accounts.event(platform, id);
    };
  }
  return options;
}

core::Json import_performance(store::Session& session, const store::Brand& brand,
                              const std::string& path, core::Rejects& rejects,
                              const PerformanceImport& request) {
  const auto named = request.options.constants.find("account_id");
  const ingest::PerformanceOptions options = with_settings(
      request.options, session, brand,
      named == request.options.constants.end() ? std::nullopt : std::optional(named->second));
  ImportNote note("performance");
  core::Input input = note.watch(core::open_input(path));

  // Memory of large buffers goes back once they are done with: between small things that stay, it
  // would not be found again.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);

  // The first chunk is read before the store is locked, a file that cannot be read never locks it.
  Reading reading(std::move(input), options, rejects.keeps_raw());
  std::optional<PerformanceChunk> chunk = reading.next();
  store::Transaction transaction(session);
  store::lock_performance(transaction, brand.id);
  const Amounts spend_before = store::spend_by_currency(session, brand.id);
  PerformanceStoring storing(session, brand.id, note.name(), request.now, rejects);
  for (; chunk; chunk = reading.next()) {
    if (request.on_rows) {
      request.on_rows(static_cast<std::int64_t>(chunk->periods.size() + chunk->bad.size()));
    }
    storing.store(std::move(*chunk));
  }
  const ingest::PerformanceSummary summary = reading.finish();
  storing.finish();
  RowCounts counts = storing.counts();
  counts.skipped = summary.skipped;
  Amounts spend_after = spend_before;
  for (const auto& [currency, micros] : storing.spend_added()) spend_after[currency] += micros;

  core::Json document = {{"kind", "performance"}, {"source", summary.source}};
  add_counts(document, counts);
  storing.describe(document);
  document["spend_before"] = money_by_currency(spend_before);
  document["spend_after"] = money_by_currency(spend_after);
  storing.describe_matches(document);
  document["rewards_to_revise"] = store::count_rewards_to_revise(session, brand.id);
  document["warnings"] = warnings_of(summary, storing.repeated());
  note.write(session, brand.id, counts, request.now);
  if (!request.is_dry_run) transaction.commit();
  return document;
}

}  // namespace adgenome::app
