#include <adgenome/app/generate.hpp>
#include <adgenome/app/genome.hpp>
#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/selections.hpp>
#include <algorithm>
#include <filesystem>
#include <set>

#include "chosen_templates.hpp"
#include "generation_document.hpp"
#include "generation_estimate.hpp"
#include "generation_plan.hpp"
#include "generation_store.hpp"
#include "picture_maker.hpp"
#include "prompt_versions.hpp"
#include "retry_rejected.hpp"
#include "template_picture.hpp"
#include "text_fitting.hpp"

namespace adgenome::app {
namespace {

namespace fs = std::filesystem;
using core::InvalidInput;
using core::Json;

constexpr std::int64_t kMostPromptIndex = 100;  // of one run

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
      return estimate_document(brand_, chosen_.product_id, request_, {}, {},
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
    find_templates_and_material();
    if (request_.save_template && !request_.is_dry_run)
      save_template(session_, templates_.front(), *request_.save_template, request_.now);
    std::optional<BatchPlan> earlier;
    if (!request_.is_dry_run) earlier = record_.find_earlier(batch_id_, seed_);
    plan_ = earlier ? *std::move(earlier) : decide(report.warnings);
    PromptParts parts{.versions = prompt_versions(request_, plan_)};
    if (!earlier) {
      check_size(report.warnings);
      if (attempts_of(plan_) == 0) return empty(no_text());
      const bool is_much = attempts_of(plan_) > kMostWithoutAsking && costs_something();
      if (!consent(estimate_of_plan(report.warnings), is_much))
        return empty("the estimate was not agreed to");
      word_texts(progress);
      record_.give_ids(plan_, ids);
    }
    report.attempts = attempts_of(plan_);
    parts.performance_context = advice();
    tell_missing(report.warnings);
    std::vector<RunPlan> runs = fill_runs(brand_, material_, templates_, request_, plan_, parts);
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
    std::optional<ActiveExperiment> experiment;
    if (request_.uses_experiment) experiment = active_experiment(session_, brand_.id);
    BatchPlan plan =
        decide_runs(session_, brand_, material_, templates_, request_, experiment, warnings);
    if (!picture_) return plan;
    for (const MissingAdvice& one : picture_->missing) note_missing(plan, one);
    return plan;
  }

  void tell_missing(std::vector<std::string>& warnings) const {
    for (const MissingAdvice& one : plan_.missing)
      warnings.push_back("without " + one.advice + ": " + one.reason);
  }

  /// What was learned so far, null where nothing was; the ads are made without it where it cannot
  /// be had.
  Json advice() {
    try {
      GenomeContext context = genome_context(
          session_, brand_, "",
          {.now = request_.now,
           .rules = request_.is_classic ? learning::Rules::kClassic : learning::Rules::kRobust});
      if (context.document.at("dimensions").empty()) return nullptr;
      proposed_pairs_ = std::move(context.whitespace_ids);
      // Members by name, as stores give them back.
      return nlohmann::json(context.document);
    } catch (const core::Error& error) {
      note_missing(plan_, {"performance context", error.what()});
      return nullptr;
    }
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
    return estimate_document(brand_, chosen_.product_id, request_, plan_, cost(),
                             attempt_cap(session_, brand_), warnings);
  }

  TextFitter fitter() const {
    return {brand_, material_, templates_, [this, known = settings()](const DecidedRun& run) {
              return congruence_threshold_of(known, request_, run);
            }};
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
    std::set<std::string> providers;
    for (const DecidedRun& run : plan_.runs) providers.insert(provider_of(request_, run));
    providers.erase("none");
    if (!providers.empty()) {
      std::error_code failed;
      fs::create_directories(folder_, failed);
      if (failed) {
        throw InvalidInput("cannot make the folder " + folder_.string() + ": " + failed.message(),
                           "name another with --images");
      }
    }
    for (const std::string& provider : providers) {
      makers_[provider] = open_picture_maker(provider, {.session = session_,
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

  /// Makes what of a run is not there yet.
  void make_run(const RunPlan& run, GenerateReport& report, Json& ads,
                const GenerateProgress& progress) {
    if (run.attempts.empty()) return;
    const bool is_kept = !request_.is_dry_run;
    std::map<std::string, Json> shown;
    if (is_kept) {
      for (const auto& [id, ad] : record_.ads_of(run)) {
        shown.emplace(id, earlier_ad_json(run, ad));
        cost_micros_ += ad.cost_micros;
      }
      record_.begin_run(run, generation_config(session_, brand_, request_, plan_, run),
                        proposed_pairs_);
    }
    const auto one_done = [&](const Attempt& attempt, const MadeAd& made) {
      const std::optional<std::string> path = path_of(made);
      if (is_kept) record_.save_ad(run, attempt, made, path);
      shown.emplace(attempt.id, ad_json(run, attempt, made, path));
      cost_micros_ += made.cost_micros;
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
    if (const auto maker = makers_.find(run.provider); maker != makers_.end()) {
      maker->second->make(missing, one_done);
      maker->second->stored(run);
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

  Json document(const GenerateReport& report, const Json& reason, Json ads) const {
    return generation_document({.id = batch_id_,
                                .brand = brand_,
                                .chosen = chosen_,
                                .plan = plan_,
                                .seed = seed_,
                                .cost_micros = cost_micros_},
                               request_, report, reason, std::move(ads));
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
  std::vector<std::string> proposed_pairs_;  ///< ids of whitespace that the advice names
  std::string batch_id_;
  std::string shown_folder_;  ///< as it stands in stored paths
  fs::path folder_;
  std::map<std::string, std::unique_ptr<PictureMaker>> makers_;  ///< by provider
  std::optional<PaidModels> models_;                             ///< of wording
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
