#include <adgenome/app/generate.hpp>
#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/scoring/combination.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <adgenome/store/embeddings.hpp>
#include <adgenome/store/production.hpp>
#include <adgenome/store/selections.hpp>
#include <adgenome/visual/color_layout.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "ad_drawing.hpp"
#include "chosen_templates.hpp"
#include "generation_plan.hpp"

namespace adgenome::app {
namespace {

namespace fs = std::filesystem;
using core::InvalidInput;
using core::Json;

constexpr std::int64_t kMostAttempts = 50;      // of one batch: a cap against slips
constexpr std::int64_t kMostPromptIndex = 100;  // of one run

/// Ids in the order of the plan, so that the same seed and clock repeat them.
void give_ids(store::Session& session, const std::string& brand_id, std::vector<RunPlan>& runs,
              core::IdSource& ids) {
  std::set<std::string> taken;
  for (RunPlan& run : runs) {
    run.id = ids.next();
    for (Attempt& attempt : run.attempts) {
      do {
        attempt.id = ids.next();
        attempt.short_id = core::short_id(attempt.id);
      } while (taken.contains(attempt.short_id) ||
               store::has_short_id(session, brand_id, attempt.short_id, attempt.id));
      taken.insert(attempt.short_id);
    }
  }
}

/// Keys of the template's own combination and of every pair of tags of the run's ads.
std::set<std::string> combinations_of(const RunPlan& run) {
  std::set<std::string> keys{
      scoring::template_combination(run.from.category, run.from.awareness_level)};
  for (const Attempt& attempt : run.attempts) scoring::add_pairs(attempt.tags, keys);
  return keys;
}

Json tags_json(const Attempt& attempt) {
  Json tags = Json::object();
  for (const auto& [dimension, value] : attempt.tags) tags[dimension] = value;
  return tags;
}

/// One `generate`: what all its parts share.
class Generation {
 public:
  Generation(store::Session& session, const store::Brand& brand, const GenerateRequest& request,
             Chosen chosen)
      : session_(session),
        brand_(brand),
        request_(request),
        chosen_(std::move(chosen)),
        shelf_(session) {}

  GenerateReport run(core::IdSource& ids, const GenerateProgress& progress) {
    GenerateReport report;
    batch_id_ = request_.batch.value_or("");
    if (batch_id_.empty()) batch_id_ = ids.next();
    if (chosen_.templates.empty()) {
      report.document = document(report, Json::array());
      return report;
    }
    if (!request_.is_dry_run) find_earlier();
    const Material material = find_material(session_, brand_, request_, chosen_.product_id);
    std::vector<RunPlan> runs = plan_runs(
        brand_, material, find_templates(session_, chosen_.templates), request_, report.warnings);
    for (const RunPlan& run : runs)
      report.attempts += static_cast<std::int64_t>(run.attempts.size());
    check_size(runs, report.attempts);
    give_ids(session_, brand_.id, runs, ids);
    fill_palettes(runs);
    Json ads = Json::array();
    if (!request_.is_dry_run) prepare(report.warnings);
    status_.total = report.attempts;
    progress(status_);
    for (const RunPlan& run : runs) make_run(run, report, ads, progress);
    report.document = document(report, std::move(ads));
    return report;
  }

 private:
  void check_size(const std::vector<RunPlan>& runs, std::int64_t attempts) const {
    if (attempts > kMostAttempts) {
      throw InvalidInput(std::to_string(attempts) + " attempts are above the cap of " +
                             std::to_string(kMostAttempts) + " a batch",
                         "make several batches of fewer templates, hooks, sizes or colors");
    }
    for (const RunPlan& run : runs) {
      if (!run.attempts.empty() && run.attempts.back().prompt_index > kMostPromptIndex)
        throw InvalidInput("more than 100 briefs for template " + run.from.id);
    }
  }

  void fill_palettes(std::vector<RunPlan>& runs) {
    for (RunPlan& run : runs) {
      for (Attempt& attempt : run.attempts) {
        try {
          const auto palette = palette_for(brand_, run.from, attempt.color_mode, shelf_);
          for (const creative::Rgb color : palette.colors)
            attempt.prompt.palette.push_back(creative::to_hex(color));
        } catch (const InvalidInput&) {
          // The same failure is the attempt's own when it is drawn, and is told there.
          continue;
        }
      }
    }
  }

  /// What an interrupted run of the same batch has made: that is neither made nor paid twice.
  void find_earlier() {
    const auto batch = store::find_batch(session_, brand_.id, batch_id_);
    if (!batch) return;
    const nlohmann::json options = options_json();
    if (nlohmann::json(batch->options) != options || batch->selection_id != chosen_.selection_id) {
      throw InvalidInput(
          "batch " + batch_id_ + " is there already, of other templates or options",
          request_.batch ? "name another with --batch" : "make it with another --seed or --now");
    }
    is_resumed_ = true;
    store::AdFilter of_batch;
    of_batch.batch_id = batch_id_;
    store::list_ads(session_, brand_.id, of_batch, [&](const store::ListedAd& ad) {
      earlier_[ad.template_id].insert_or_assign(
          std::tuple(ad.prompt_index, ad.canvas_size, ad.color_mode), ad);
    });
  }

  /// What the attempts need to be there: folder, renderer, batch, the selection's record.
  void prepare(std::vector<std::string>& warnings) {
    shown_folder_ = request_.images.value_or("ads");
    folder_ =
        request_.images ? fs::path(*request_.images) : file_beside_store(session_, shown_folder_);
    if (draws()) {
      std::error_code failed;
      fs::create_directories(folder_, failed);
      if (failed) {
        throw InvalidInput("cannot make the folder " + folder_.string() + ": " + failed.message(),
                           "name another with --images");
      }
      renderer_ = imaging::make_renderer();
    }
    if (!request_.selection.is_null() && !request_.is_recorded) {
      record_read_selection(session_, brand_, request_.persona, request_.selection, warnings);
    }
    if (is_resumed_) return;
    store::Transaction transaction(session_);
    store::insert_batch(session_, brand_.id,
                        {.id = batch_id_,
                         .selection_id = chosen_.selection_id,
                         .seed = std::to_string(request_.seed),
                         .options = options_json(),
                         .created_at = request_.now});
    transaction.commit();
  }

  bool draws() const { return request_.provider == "local"; }

  Json options_json() const {
    Json sizes = Json::array();
    for (const creative::CanvasSize& size : request_.sizes) sizes.push_back(size.name);
    return {{"product", chosen_.product_id},
            {"templates", chosen_.templates},
            {"persona", request_.persona ? Json(*request_.persona) : Json(nullptr)},
            {"provider", request_.provider},
            {"sizes", std::move(sizes)},
            {"colors", request_.colors},
            {"hooks", request_.hooks},
            {"elements", "given"}};
  }

  void make_run(const RunPlan& run, GenerateReport& report, Json& ads,
                const GenerateProgress& progress) {
    if (const auto earlier = earlier_.find(run.from.id); earlier != earlier_.end()) {
      const std::int64_t failed_before = report.failed;
      show_earlier(run, earlier->second, report, ads);
      status_.attempted += static_cast<std::int64_t>(run.attempts.size());
      status_.failed += report.failed - failed_before;
      return;
    }
    std::vector<MadeAd> made(run.attempts.size());
    const auto one_done = [&](const Attempt& attempt, const MadeAd& ad) {
      ++status_.attempted;
      status_.failed += ad.error ? 1 : 0;
      status_.template_id = run.from.id;
      status_.canvas_size = attempt.size.name;
      status_.color_mode = attempt.color_mode;
      progress(status_);
    };
    if (renderer_) {
      made = draw_run(brand_, run, *renderer_, shelf_, folder_, one_done);
    } else {
      for (MadeAd& ad : made) ad.error = run.error;
      for (std::size_t i = 0; i < made.size(); ++i) one_done(run.attempts[i], made[i]);
    }
    if (!request_.is_dry_run) save(run, made);
    for (std::size_t i = 0; i < made.size(); ++i) {
      if (made[i].error) ++report.failed;
      ads.push_back(ad_json(run, run.attempts[i], made[i]));
    }
  }

  using EarlierAds = std::map<std::tuple<std::int64_t, std::string, std::string>, store::ListedAd>;

  /// The ads of a run are stored together, so that each attempt has its own.
  void show_earlier(const RunPlan& run, const EarlierAds& earlier, GenerateReport& report,
                    Json& ads) const {
    for (const Attempt& attempt : run.attempts) {
      const auto found =
          earlier.find({attempt.prompt_index, attempt.size.name, attempt.color_mode});
      if (found == earlier.end()) {
        throw InvalidInput(
            "the catalogue is not what it was when batch " + batch_id_ + " was begun",
            "make another batch of template " + run.from.id);
      }
      const store::ListedAd& ad = found->second;
      MadeAd made;
      made.error = ad.error;
      made.sha256 = ad.image_sha256.value_or("");
      if (ad.image_path) made.file_name = fs::path(*ad.image_path).filename().string();
      if (ad.error) ++report.failed;
      Json shown = ad_json(run, attempt, made);
      shown["ad_id"] = ad.id;
      shown["ad_run_id"] = ad.ad_run_id;
      shown["status"] = ad.status;
      ads.push_back(std::move(shown));
    }
  }

  std::optional<std::string> path_of(const MadeAd& made) const {
    if (made.file_name.empty()) return std::nullopt;
    return (fs::path(shown_folder_) / made.file_name).string();
  }

  static std::string status_of(const MadeAd& made) {
    return made.error ? "generation_failed" : "pending";
  }

  void save(const RunPlan& plan, const std::vector<MadeAd>& made) {
    const bool all_failed = std::all_of(made.begin(), made.end(),
                                        [](const MadeAd& ad) { return ad.error.has_value(); });
    const store::AdRun run{
        .id = plan.id,
        .batch_id = batch_id_,
        .product_id = chosen_.product_id,
        .template_id = plan.from.id,
        .persona_id = request_.persona.value_or(""),
        .selection_id = chosen_.selection_id,
        .preset = chosen_.preset,
        .weight_set = chosen_.weight_set,
        .generation_config = {{"prompt_version", creative::kPromptVersion},
                              {"pipeline_version", "1"},
                              {"rubric_version", nullptr},
                              {"genome_version", nullptr},
                              {"layout", plan.layout ? Json(plan.layout->id()) : Json(nullptr)},
                              {"provider", request_.provider}},
        .state = all_failed ? "failed" : "complete",
        .created_at = request_.now};
    store::Transaction transaction(session_);
    store::insert_run(session_, brand_.id, run);
    for (std::size_t i = 0; i < made.size(); ++i) save_ad(plan, plan.attempts[i], made[i]);
    store::put_template_use(session_, brand_.id,
                            {.ad_run_id = run.id,
                             .product_id = run.product_id,
                             .template_id = run.template_id,
                             .persona_id = run.persona_id,
                             .used_at = run.created_at});
    store::count_combinations(session_, brand_.id, combinations_of(plan), run.created_at);
    transaction.commit();
  }

  void save_ad(const RunPlan& run, const Attempt& attempt, const MadeAd& made) {
    std::string name = creative::image_file_name(brand_.name, attempt.short_id, run.from.name,
                                                 attempt.color_mode, attempt.size);
    name.resize(name.size() - std::string_view(".png").size());
    const auto if_drawn = [&](const std::string& value) {
      return value.empty() ? std::nullopt : std::optional(value);
    };
    store::insert_ad(session_, brand_.id,
                     {.id = attempt.id,
                      .short_id = attempt.short_id,
                      .ad_run_id = run.id,
                      .batch_id = batch_id_,
                      .product_id = chosen_.product_id,
                      .template_id = run.from.id,
                      .hook_id = attempt.hook->id,
                      .prompt_index = attempt.prompt_index,
                      .canvas_size = attempt.size.name,
                      .color_mode = attempt.color_mode,
                      .name = name,
                      .headline = attempt.content.headline,
                      .prompt = creative::to_json(attempt.prompt),
                      .prompt_version = std::string(creative::kPromptVersion),
                      .tags = tags_json(attempt),
                      .rendering = made.rendering,
                      .image_path = path_of(made),
                      .image_sha256 = if_drawn(made.sha256),
                      .status = status_of(made),
                      .error = made.error,
                      .provider = request_.provider,
                      .cost_micros = 0,
                      .created_at = request_.now});
    if (!made.color_layout.empty()) {
      store::put_embedding(session_, brand_.id, store::EmbeddingKind::kAd, attempt.id,
                           visual::kColorLayoutModel, made.color_layout);
    }
  }

  Json ad_json(const RunPlan& run, const Attempt& attempt, const MadeAd& made) const {
    const auto path = path_of(made);
    return {{"ad_id", attempt.id},
            {"ad_run_id", run.id},
            {"template_id", run.from.id},
            {"hook_id", attempt.hook->id},
            {"prompt_index", attempt.prompt_index},
            {"canvas_size", attempt.size.name},
            {"color_mode", attempt.color_mode},
            {"headline", attempt.content.headline},
            {"status", status_of(made)},
            {"image", path ? Json(*path) : Json(nullptr)},
            {"sha256", made.sha256.empty() ? Json(nullptr) : Json(made.sha256)},
            {"cost", core::money_number(0)},
            {"error", made.error ? Json(*made.error) : Json(nullptr)}};
  }

  Json document(const GenerateReport& report, Json ads) const {
    return {
        {"batch_id", batch_id_},
        {"selection_id", chosen_.selection_id.empty() ? Json(nullptr) : Json(chosen_.selection_id)},
        {"brand_id", brand_.id},
        {"product_id", chosen_.product_id},
        {"provider", request_.provider},
        {"seed", core::wide_integer(request_.seed)},
        {"attempts", report.attempts},
        {"generated", report.attempts - report.failed},
        {"failed", report.failed},
        {"cost", core::money_number(0)},
        {"reason", chosen_.templates.empty()
                       ? Json(chosen_.reason.value_or("the selection holds no template"))
                       : Json(nullptr)},
        {"warnings", report.warnings},
        {"ads", std::move(ads)}};
  }

  store::Session& session_;
  const store::Brand& brand_;
  const GenerateRequest& request_;
  Chosen chosen_;
  PictureShelf shelf_;
  std::string batch_id_;
  std::string shown_folder_;  ///< as it stands in stored paths
  fs::path folder_;
  std::unique_ptr<imaging::Renderer> renderer_;
  bool is_resumed_ = false;
  std::map<std::string, EarlierAds> earlier_;  ///< by template
  GenerateStatus status_;
};

}  // namespace

Json recorded_selection(store::Session& session, const std::string& brand_id,
                        const std::string& selection_id) {
  const auto document = store::find_selection_document(session, brand_id, selection_id);
  if (!document) {
    throw InvalidInput("brand " + brand_id + " has no selection \"" + selection_id + "\"",
                       "select --record records one");
  }
  return *document;
}

GenerateReport generate_ads(store::Session& session, const store::Brand& brand,
                            const GenerateRequest& request, core::IdSource& ids,
                            const GenerateProgress& progress) {
  return Generation(session, brand, request, choose(request)).run(ids, progress);
}

}  // namespace adgenome::app
