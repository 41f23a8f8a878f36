#include <adgenome/app/generate.hpp>
#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/production.hpp>
#include <adgenome/store/selections.hpp>
#include <algorithm>
#include <filesystem>
#include <set>

#include "chosen_templates.hpp"
#include "generation_estimate.hpp"
#include "generation_plan.hpp"
#include "generation_store.hpp"
#include "performance_context.hpp"
#include "picture_maker.hpp"
#include "retry_rejected.hpp"
#include "template_picture.hpp"
#include "text_fitting.hpp"

namespace adgenome::app {
namespace {

namespace fs = std::filesystem;
using core::InvalidInput;
using core::Json;

constexpr std::int64_t kMostPromptIndex = 100;  // of one run
constexpr const char* kPipelineVersion = "2";

/// Ids in the order of the plan, so that the same seed and clock repeat them.
void give_ids(store::Session& session, const std::string& brand_id, BatchPlan& plan,
              core::IdSource& ids) {
  std::set<std::string> taken;
  for (DecidedRun& run : plan.runs) {
    run.id = ids.next();
    for (DecidedAttempt& attempt : run.attempts) {
      std::string short_id;
      do {
        attempt.ad_id = ids.next();
        short_id = core::short_id(attempt.ad_id);
      } while (taken.contains(short_id) ||
               store::has_short_id(session, brand_id, short_id, attempt.ad_id));
      taken.insert(short_id);
    }
  }
}

/// One `generate`: what all its parts share.
class Generation {
 public:
  Generation(store::Session& session, const store::Brand& brand, const GenerateRequest& request)
      : session_(session),
        brand_(brand),
        request_(request),
        seed_(request.seed),
        chosen_(choose_templates()),
        record_(session, brand, request, chosen_),
        shelf_(session) {}

  Json estimate() {
    std::vector<std::string> warnings;
    if (chosen_.templates.empty()) {
      return estimate_document(settings(), brand_, chosen_.product_id, request_, {}, {},
                               attempt_cap(session_, brand_), {no_template()});
    }
    find_templates_and_material();
    plan_ = decide(warnings);
    tell_missing(warnings);
    return estimate_of_plan(warnings);
  }

  GenerateReport run(core::IdSource& ids, const GenerateConsent& consent,
                     const GenerateProgress& progress) {
    GenerateReport report;
    batch_id_ = request_.batch.value_or("");
    if (batch_id_.empty()) batch_id_ = ids.next();
    if (chosen_.templates.empty()) return empty(no_template());
    PromptParts parts{.version = prompt_version()};
    find_templates_and_material();
    if (request_.save_template && !request_.is_dry_run)
      save_template(session_, templates_.front(), *request_.save_template, request_.now);
    std::optional<BatchPlan> earlier;
    if (!request_.is_dry_run) earlier = record_.find_earlier(batch_id_, seed_);
    if (earlier) {
      plan_ = std::move(*earlier);
    } else {
      plan_ = decide(report.warnings);
      check_size(report.warnings);
      if (attempts_of(plan_) == 0) return empty(no_text());
      const bool is_much = attempts_of(plan_) > kMostWithoutAsking && costs_something();
      if (!consent(estimate_of_plan(report.warnings), is_much))
        return empty("the estimate was not agreed to");
      word_texts(progress);
      give_ids(session_, brand_.id, plan_, ids);
    }
    report.attempts = attempts_of(plan_);
    parts.performance_context = advice();
    tell_missing(report.warnings);
    std::vector<RunPlan> runs = fill_runs(brand_, material_, templates_, plan_, parts);
    fill_palettes(runs);
    for (RunPlan& run : runs) run.is_jpeg = request_.image_format == "jpeg";
    if (!request_.is_dry_run) prepare(!earlier, report.warnings);
    cost_micros_ = status_.cost_micros = plan_.wording_micros;
    status_.total = report.attempts;
    progress(status_);
    Json ads = Json::array();
    for (const RunPlan& run : runs) make_run(run, report, ads, progress);
    report.document = document(report, nullptr, std::move(ads));
    return report;
  }

 private:
  Chosen choose_templates() {
    if (request_.retry_of) {
      retry_ = plan_retry(session_, brand_, *request_.retry_of, request_.retry_ads);
      return retry_->chosen;
    }
    Chosen chosen = choose(request_);
    if (request_.template_image) {
      picture_ = read_template_picture(*request_.template_image);
      picture_->from.detected_at = request_.now;
      chosen.templates = {""};
    }
    return chosen;
  }

  void find_templates_and_material() {
    templates_ =
        picture_ ? std::vector{picture_->from} : find_templates(session_, chosen_.templates);
    material_ = find_material(session_, brand_, request_, chosen_.product_id);
  }

  BatchPlan decide(std::vector<std::string>& warnings) {
    if (retry_) return retry_->plan;
    BatchPlan plan = decide_runs(session_, brand_, material_, templates_, request_, warnings);
    if (!picture_) return plan;
    for (const MissingAdvice& one : picture_->missing) note_missing(plan, one);
    return plan;
  }

  void tell_missing(std::vector<std::string>& warnings) const {
    for (const MissingAdvice& one : plan_.missing)
      warnings.push_back("without " + one.advice + ": " + one.reason);
  }

  /// What was learned so far; the ads are made without it where it cannot be had.
  Json advice() {
    try {
      return performance_context(session_, brand_.id);
    } catch (const core::Error& error) {
      note_missing(plan_, {"performance context", error.what()});
      return nullptr;
    }
  }

  /// That of the folder, where it has one of the name.
  creative::PromptVersion prompt_version() const {
    const std::string& name = request_.prompt_version;
    const fs::path file = fs::path(request_.prompt_folder) / (name + ".json");
    if (request_.prompt_folder.empty() || name.find('/') != std::string::npos || !fs::exists(file))
      return creative::built_in_prompt_version(name);
    return creative::parse_prompt_version(core::read_all(file.string()), name, file.string());
  }

  std::string no_template() const {
    return chosen_.reason.value_or("the selection holds no template");
  }

  std::string no_text() const {
    return request_.plan ? "plan " + *request_.plan + " has nothing left to make for the templates"
                         : "there is no text to build an ad on";
  }

  GenerateReport empty(const std::string& reason) const {
    GenerateReport report;
    report.document = document(report, reason, Json::array());
    return report;
  }

  Json settings() const { return generation_settings(session_, brand_); }

  creative::Estimate cost() const {
    // Locally every headline is measured; a language model is asked once for all of a kind.
    std::int64_t headlines = plan_.hooks;
    if (retry_) {
      headlines = 0;  // theirs are worded already
    } else if (wording_of(settings(), request_) != "local") {
      headlines = static_cast<std::int64_t>(fitter().count_questions(plan_));
    }
    return estimate_batch(settings(), request_, plan_, templates_, headlines);
  }
  bool costs_something() const { return cost().total_micros > 0; }

  Json estimate_of_plan(const std::vector<std::string>& warnings) const {
    return estimate_document(settings(), brand_, chosen_.product_id, request_, plan_, cost(),
                             attempt_cap(session_, brand_), warnings);
  }

  double congruence_threshold() const {
    return request_.congruence_threshold.value_or(
        settings().value("congruence_threshold", creative::kLeastCongruence));
  }

  TextFitter fitter() const {
    return {brand_, material_, templates_,
            [threshold = congruence_threshold()](const DecidedRun&) { return threshold; }};
  }

  /// Puts the headlines into words and holds them against what they lead to.
  void word_texts(const GenerateProgress& progress) {
    if (retry_) return;
    const auto one_done = [&](std::size_t done, std::size_t total) {
      progress({.headlines_total = static_cast<std::int64_t>(total),
                .headlines = static_cast<std::int64_t>(done)});
    };
    const std::string provider = wording_of(settings(), request_);
    if (provider == "local" || request_.is_dry_run || !request_.providers) {
      fitter().fit(plan_, nullptr, one_done);
    } else {
      models_.emplace(session_, brand_, *request_.providers, request_.now);
      headline_model_.emplace(*models_, provider, batch_id_);
      fitter().fit(plan_, &*headline_model_, one_done);
      plan_.wording_micros = models_->cost_micros();
    }
  }

  void check_size(std::vector<std::string>& warnings) {
    const std::int64_t attempts = attempts_of(plan_);
    const std::int64_t cap = attempt_cap(session_, brand_);
    if (attempts > cap && !request_.may_split) {
      throw InvalidInput(
          std::to_string(attempts) + " attempts are above the cap of " + std::to_string(cap) +
              " a batch",
          "add --split for several batches one after the other, or ask for fewer templates, hooks, "
          "sizes or colors");
    }
    split_plan(plan_, batch_id_, cap);
    if (const std::size_t parts = batches_of(plan_).size(); parts > 1) {
      warnings.push_back(std::to_string(attempts) + " attempts are split into " +
                         std::to_string(parts) + " batches of at most " + std::to_string(cap));
    }
    for (const DecidedRun& run : plan_.runs) {
      if (!run.attempts.empty() && run.attempts.back().prompt_index > kMostPromptIndex)
        throw InvalidInput("more than 100 briefs for template " + run.template_id);
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

  /// What the attempts need to be there: folder, renderer, batch, the selection's record.
  void prepare(bool is_new, std::vector<std::string>& warnings) {
    shown_folder_ = request_.images.value_or(kUsualImageFolder);
    folder_ =
        request_.images ? fs::path(*request_.images) : file_beside_store(session_, shown_folder_);
    if (request_.provider != "none") {
      std::error_code failed;
      fs::create_directories(folder_, failed);
      if (failed) {
        throw InvalidInput("cannot make the folder " + folder_.string() + ": " + failed.message(),
                           "name another with --images");
      }
      maker_ = open_picture_maker(request_.provider, {.session = session_,
                                                      .brand = brand_,
                                                      .shelf = shelf_,
                                                      .folder = folder_,
                                                      .providers = request_.providers,
                                                      .now = request_.now});
    }
    if (!request_.selection.is_null() && !request_.is_recorded) {
      record_read_selection(session_, brand_, request_.persona, request_.selection, warnings);
    }
    if (is_new) record_.begin(batch_id_, plan_);
    if (headline_model_) headline_model_->forget();
  }

  Json generation_config(const RunPlan& run) const {
    const auto genome = store::element_scores_updated_at(session_, brand_.id, store::kNewest);
    return {{"prompt_version", run.attempts.front().prompt.version},
            {"pipeline_version", kPipelineVersion},
            {"rubric_version", creative::kRubricVersion},
            {"genome_version", genome ? Json(core::format_time(*genome)) : Json()},
            {"layout", run.layout ? Json(run.layout->id()) : Json()},
            {"provider", request_.provider},
            {"wording", wording_of(settings(), request_)},
            {"congruence_threshold", congruence_threshold()},
            {"source", request_.source},
            {"elements", request_.elements},
            {"retry_of", request_.retry_of ? Json(*request_.retry_of) : Json()},
            {"missing_advice", to_json(plan_.missing)}};
  }

  /// Makes what of a run is not there yet.
  void make_run(const RunPlan& run, GenerateReport& report, Json& ads,
                const GenerateProgress& progress) {
    if (run.attempts.empty()) return;
    const bool is_kept = !request_.is_dry_run;
    std::map<std::string, Json> shown;
    if (is_kept) {
      for (const auto& [id, ad] : record_.ads_of(run)) shown.emplace(id, earlier_json(run, ad));
      record_.begin_run(run, generation_config(run));
    }
    const auto one_done = [&](const Attempt& attempt, const MadeAd& made) {
      if (is_kept) record_.save_ad(run, attempt, made, path_of(made));
      shown.emplace(attempt.id, ad_json(run, attempt, made));
      ++status_.attempted;
      status_.failed += made.error ? 1 : 0;
      status_.cost_micros += made.cost_micros;
      status_.template_id = run.from.id;
      status_.canvas_size = attempt.size.name;
      status_.color_mode = attempt.color_mode;
      progress(status_);
    };
    RunPlan missing = run;
    std::erase_if(missing.attempts, [&](const Attempt& one) { return shown.contains(one.id); });
    note_earlier(shown);
    // What has no words cannot be drawn.
    for (const Attempt& attempt : missing.attempts) {
      if (attempt.text->error) one_done(attempt, {.error = attempt.text->error});
    }
    std::erase_if(missing.attempts, [](const Attempt& one) { return one.text->error.has_value(); });
    if (maker_) {
      maker_->make(missing, one_done);
      maker_->stored(run);
    } else {
      for (const Attempt& attempt : missing.attempts) one_done(attempt, {.error = run.error});
    }
    std::int64_t failed = 0;
    for (const Attempt& attempt : run.attempts) {
      Json& ad = shown.at(attempt.id);
      failed += ad.at("error").is_null() ? 0 : 1;
      ads.push_back(std::move(ad));
    }
    report.failed += failed;
    if (is_kept) record_.end_run(run, failed == static_cast<std::int64_t>(run.attempts.size()));
  }

  /// Attempts that an earlier try has made count as done.
  void note_earlier(const std::map<std::string, Json>& earlier) {
    for (const auto& [id, ad] : earlier) {
      ++status_.attempted;
      status_.failed += ad.at("error").is_null() ? 0 : 1;
    }
  }

  std::optional<std::string> path_of(const MadeAd& made) const {
    if (made.file_name.empty()) return std::nullopt;
    return (fs::path(shown_folder_) / made.file_name).string();
  }

  Json ad_json(const RunPlan& run, const Attempt& attempt, const MadeAd& made) {
    cost_micros_ += made.cost_micros;
    const auto path = path_of(made);
    const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    return {{"ad_id", attempt.id},
            {"ad_run_id", run.id},
            {"template_id", or_null(run.from.id)},
            {"hook_id", or_null(attempt.text->hook_id)},
            {"prompt_index", attempt.prompt_index},
            {"canvas_size", attempt.size.name},
            {"color_mode", attempt.color_mode},
            {"headline", attempt.content.headline},
            {"status", GenerationRecord::status_of(made)},
            {"image", path ? Json(*path) : Json()},
            {"sha256", or_null(made.sha256)},
            {"cost", core::money_number(made.cost_micros)},
            {"error", made.error ? Json(*made.error) : Json()}};
  }

  /// An ad of an earlier try, as it is by now: it may have been reviewed.
  Json earlier_json(const RunPlan& run, const store::ListedAd& ad) {
    const auto attempt = std::find_if(run.attempts.begin(), run.attempts.end(),
                                      [&](const Attempt& one) { return one.id == ad.id; });
    if (attempt == run.attempts.end())
      throw InvalidInput("ad " + ad.id + " of run " + run.id + " is not in the batch's plan");
    MadeAd made;
    made.error = ad.error;
    made.sha256 = ad.image_sha256.value_or("");
    made.cost_micros = ad.cost_micros;
    Json shown = ad_json(run, *attempt, made);
    if (ad.image_path) shown["image"] = *ad.image_path;
    shown["status"] = ad.status;
    return shown;
  }

  Json document(const GenerateReport& report, const Json& reason, Json ads) const {
    return {{"batch_id", batch_id_},
            {"batches", plan_.runs.empty() ? std::vector{batch_id_} : batches_of(plan_)},
            {"selection_id", chosen_.selection_id.empty() ? Json() : Json(chosen_.selection_id)},
            {"brand_id", brand_.id},
            {"product_id", chosen_.product_id},
            {"provider", request_.provider},
            {"seed", core::wide_integer(seed_)},
            {"attempts", report.attempts},
            {"generated", report.attempts - report.failed},
            {"failed", report.failed},
            {"cost", core::money_number(cost_micros_)},
            {"reason", reason},
            {"warnings", report.warnings},
            {"ads", std::move(ads)}};
  }

  store::Session& session_;
  const store::Brand& brand_;
  const GenerateRequest& request_;
  std::uint64_t seed_;                      ///< that of the batch, where it was begun before
  std::optional<RetryPlan> retry_;          ///< of --retry-rejected
  std::optional<TemplatePicture> picture_;  ///< of --template-image
  Chosen chosen_;
  GenerationRecord record_;
  PictureShelf shelf_;
  std::vector<store::Template> templates_;
  Material material_;
  BatchPlan plan_;
  std::string batch_id_;
  std::string shown_folder_;  ///< as it stands in stored paths
  fs::path folder_;
  std::unique_ptr<PictureMaker> maker_;
  std::optional<PaidModels> models_;  ///< of wording
  std::optional<HeadlineModel> headline_model_;
  std::int64_t cost_micros_ = 0;
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

Json estimate_ads(store::Session& session, const store::Brand& brand,
                  const GenerateRequest& request) {
  return Generation(session, brand, request).estimate();
}

GenerateReport generate_ads(store::Session& session, const store::Brand& brand,
                            const GenerateRequest& request, core::IdSource& ids,
                            const GenerateConsent& consent, const GenerateProgress& progress) {
  return Generation(session, brand, request).run(ids, consent, progress);
}

}  // namespace adgenome::app
