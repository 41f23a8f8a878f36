#include <adgenome/app/init.hpp>
#include <adgenome/app/records.hpp>
#include <adgenome/core/embedded.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/migrations.hpp>
#include <filesystem>
#include <sstream>

namespace adgenome {

extern const std::span<const core::EmbeddedFile> demo_files;

namespace app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCatalogue = "catalog.jsonl";

/// Pictures are written where the catalogue's relative paths lead: beside the store.
fs::path asset_root(const store::Session& session) {
  const fs::path folder =
      session.file().empty() ? fs::path() : fs::path(session.file()).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

void write_pictures(const fs::path& root) {
  for (const core::EmbeddedFile& file : demo_files) {
    if (file.name == kCatalogue) continue;
    const fs::path path = root / file.name;
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed)
      throw core::InvalidInput("cannot make the folder " + path.parent_path().string() + ": " +
                               failed.message());
    if (fs::exists(path) && core::read_all(path.string()) == file.bytes) continue;
    core::write_file(path, file.bytes);
  }
}

core::Json add_demo(store::Session& session, core::Time now) {
  const fs::path root = asset_root(session);
  write_pictures(root);
  for (const core::EmbeddedFile& file : demo_files) {
    if (file.name != kCatalogue) continue;
    core::Rejects rejects(std::nullopt, true);
    store::Transaction transaction(session);
    const core::Json counts =
        import_within(session,
                      {.name = "demo catalogue",
                       .stream = std::make_unique<std::istringstream>(std::string(file.bytes))},
                      rejects, {.kind = "catalog", .by = "init", .now = now});
    transaction.commit();
    return {{"brand_id", "demo-brand"},
            {"new", counts.at("new")},
            {"changed", counts.at("changed")},
            {"unchanged", counts.at("unchanged")},
            {"assets", (root / "demo-assets").lexically_normal().string()}};
  }
  throw core::Error(core::ExitCode::kInternal, "the demo catalogue is not part of this program");
}

}  // namespace

core::Json init(const std::string& url, std::int64_t busy_timeout_ms, const InitOptions& options) {
  core::Json document = {{"store", core::without_password(url)},
                         {"created", false},
                         {"migrations", core::Json::array()},
                         {"demo", nullptr}};
  const bool is_file = !url.starts_with("postgres");
  const std::string file = url.starts_with("sqlite:") ? url.substr(7) : url;
  if (options.is_dry_run && is_file && !fs::exists(file)) {
    document["created"] = true;
    for (const store::Migration& migration : store::migrations())
      document["migrations"].push_back(migration.number);
    return document;
  }
  store::Session session = store::Session::open(
      url, busy_timeout_ms,
      options.is_dry_run ? store::Session::Mode::kAnySchema : store::Session::Mode::kCreate);
  if (store::applied_migrations(session).empty()) {
    if (options.is_dry_run) {
      document["created"] = true;
      for (const store::Migration& migration : store::migrations())
        document["migrations"].push_back(migration.number);
      return document;
    }
    const std::vector<std::int64_t> applied =
        store::migrate_up(session, {.now = options.now, .program_version = options.program_version})
            .applied;
    // Nothing is left to do where another process has made the store in the meantime.
    document["created"] = !applied.empty();
    document["migrations"] = applied;
  } else {
    store::require_current(session);
  }
  if (options.with_demo && !options.is_dry_run) document["demo"] = add_demo(session, options.now);
  return document;
}

}  // namespace app
}  // namespace adgenome
