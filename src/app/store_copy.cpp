#include <adgenome/app/store_copy.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/copy.hpp>
#include <adgenome/store/migrations.hpp>
#include <filesystem>

namespace adgenome::app {
namespace {

using core::Json;
using store::Session;
using store::Transaction;

bool is_absent_file(const std::string& url) {
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) return false;
  return !std::filesystem::exists(url.starts_with("sqlite:") ? url.substr(7) : url);
}

void require_empty(Session& to) {
  const std::string filled = store::first_filled_table(to);
  if (filled.empty()) return;
  throw core::InvalidInput("the store to copy to is not empty: it has rows in " + filled,
                           "name a file that is not there, or an empty database",
                           core::without_password(to.url()));
}

Session open_target(const StoreCopy& request) {
  Session to =
      Session::open(request.to, request.busy_timeout_ms,
                    request.is_dry_run ? Session::Mode::kAnySchema : Session::Mode::kCreate);
  if (!store::applied_migrations(to).empty()) {
    store::require_current(to);
    require_empty(to);
  } else if (!request.is_dry_run) {
    store::migrate_up(to, {.now = request.now, .program_version = request.program_version});
  }
  return to;
}

void require_equal(const store::TableSum& source, const store::TableSum& copy) {
  if (source == copy) return;
  throw core::StoreError("table " + source.table + " differs after the copy (" +
                             std::to_string(source.rows) + " and " + std::to_string(copy.rows) +
                             " rows): nothing was kept",
                         "this is a defect: please report it");
}

Json document_of(const StoreCopy& request, const std::vector<store::TableSum>& sums) {
  Json tables = Json::array();
  std::int64_t rows = 0;
  for (const store::TableSum& sum : sums) {
    rows += sum.rows;
    tables.push_back({{"table", sum.table}, {"rows", sum.rows}, {"sha256", sum.sha256}});
  }
  return {{"from", core::without_password(request.from)},
          {"to", core::without_password(request.to)},
          {"copied", !request.is_dry_run},
          {"rows", rows},
          {"tables", std::move(tables)},
          {"warnings", {"pictures are files beside a store: copy them yourself"}}};
}

}  // namespace

Json copy_store(const StoreCopy& request, const std::function<void(std::int64_t)>& on_rows) {
  Session from = Session::open(request.from, request.busy_timeout_ms);
  const std::vector<store::TableShape> tables = store::schema_tables();
  std::vector<store::TableSum> sums;
  const Transaction moment(from, Transaction::Kind::kSnapshot);
  if (request.is_dry_run) {
    if (!is_absent_file(request.to)) open_target(request);
    for (const store::TableShape& table : tables) {
      sums.push_back(store::sum_table(from, table));
      on_rows(sums.back().rows);
    }
    return document_of(request, sums);
  }
  Session to = open_target(request);
  Transaction transaction(to);
  transaction.lock("adgenome/copy");
  require_empty(to);  // another copy may have come first
  for (const store::TableShape& table : tables) {
    sums.push_back(store::copy_table(from, to, table, on_rows));
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    require_equal(sums[i], store::sum_table(to, tables[i]));
  }
  transaction.commit();
  return document_of(request, sums);
}

}  // namespace adgenome::app
