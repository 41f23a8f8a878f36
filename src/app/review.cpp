#include <adgenome/app/review.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/creative/local_review.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <adgenome/imaging/review_measure.hpp>
#include <adgenome/store/reviews.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "ad_drawing.hpp"
#include "review_document.hpp"

namespace adgenome::app {
namespace {

constexpr std::size_t kThreads = 2;
// Ads that are reviewed before what was found about them is stored.
constexpr std::size_t kAdsAtOnce = 32;

void append_text(std::vector<std::string>& texts, const std::optional<std::string>& text) {
  if (text) texts.push_back(*text);
}

void append_texts(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  texts.insert(texts.end(), more.begin(), more.end());
}

// Everything in the catalogue that names an offer or a claim which an ad may repeat.
std::vector<std::string> given_texts(store::Session& session, const store::Brand& brand,
                                     const std::string& product_id) {
  std::vector<std::string> texts = brand.required_disclaimers;
  if (const auto product = store::find_product(session, brand.id, product_id)) {
    append_text(texts, product->current_offer);
    append_text(texts, product->guarantee);
    append_texts(texts, product->benefits);
    append_texts(texts, product->unique_selling_points);
  }
  for (const store::OfferVariant& variant : store::offer_variants(session, brand.id, product_id)) {
    append_text(texts, variant.message);
    append_text(texts, variant.hero_headline);
    append_text(texts, variant.hero_text);
    append_texts(texts, variant.benefits);
  }
  return texts;
}

std::optional<std::string> content_text(const core::Json& prompt, const char* name) {
  const auto content = prompt.find("content");
  if (content == prompt.end() || !content->is_object()) return std::nullopt;
  const auto member = content->find(name);
  if (member == content->end()) return std::nullopt;
  if (member->is_string()) return member->get<std::string>();
  if (member->is_object() && member->contains("text") && member->at("text").is_string()) {
    return member->at("text").get<std::string>();
  }
  return std::nullopt;
}

// One ad with everything that its review is computed from; no store behind it.
struct Work {
  store::AdForReview ad;
  creative::ReviewBrief brief;
  std::optional<creative::Rendering> rendering;
  std::string image_file = {};
  creative::Review review;
};

// Pictures that ads show, by path; nothing for one that cannot be read.
using ShownPictures = std::map<std::string, std::optional<imaging::Image>>;

const imaging::Image* find_picture(const ShownPictures& pictures,
                                   const std::optional<std::string>& path) {
  if (!path) return nullptr;
  const auto found = pictures.find(*path);
  return found != pictures.end() && found->second ? &*found->second : nullptr;
}

Work work_for(const store::AdForReview& ad, const store::Brand& brand,
              const std::vector<std::string>& given) {
  Work work{.ad = ad, .brief = {}, .rendering = {}, .image_file = {}, .review = {}};
  creative::ReviewBrief& brief = work.brief;
  brief.given = given;
  brief.prohibited_claims = brand.prohibited_claims;
  brief.required_disclaimers = brand.required_disclaimers;
  brief.headline = ad.headline;
  brief.call_to_action = content_text(ad.prompt, "call_to_action");
  if (!ad.rendering.is_null()) {
    work.rendering = creative::rendering_from_json(ad.rendering, "rendering of ad " + ad.id);
    for (const creative::PlacedText& text : work.rendering->texts) {
      brief.texts.push_back(text.text);
    }
  } else {
    append_text(brief.texts, ad.headline);
    append_text(brief.texts, content_text(ad.prompt, "subheadline"));
    append_text(brief.texts, brief.call_to_action);
  }
  return work;
}

// What every picture of an ad is held against, and the readers of its text, one a thread.
struct Bench {
  const ShownPictures& products;
  const ShownPictures& logos;
  std::array<std::unique_ptr<imaging::TextReader>, kThreads> readers;
  std::optional<std::string> reader_error;
  creative::VerdictBounds bounds;
};

std::string with_hint(const core::Error& error) {
  return error.hint().empty() ? error.what() : error.what() + ("; " + error.hint());
}

creative::PictureFigures measure(const Work& work, const Bench& bench,
                                 imaging::TextReader* reader) {
  const imaging::Image picture = imaging::decode(core::read_all(work.image_file), work.image_file);
  if (!work.rendering) return imaging::measure_unknown_picture(picture);
  if (reader == nullptr) throw core::ProviderError(*bench.reader_error);
  return imaging::measure_picture(picture, *work.rendering,
                                  find_picture(bench.products, work.rendering->product_image),
                                  find_picture(bench.logos, work.rendering->logo_image), *reader);
}

creative::Review review_one(const Work& work, const Bench& bench, imaging::TextReader* reader) {
  std::optional<creative::PictureFigures> figures;
  try {
    if (work.ad.image_path) figures = measure(work, bench, reader);
  } catch (const core::Error& error) {
    // An error is neither a pass nor a fail: it stands in the result and in the exit code.
    return creative::decide({.stage = 1, .reviewer = "local", .error = with_hint(error)},
                            std::nullopt, bench.bounds);
  }
  creative::ReviewStage scan = creative::scan_locally(figures);
  if (creative::scan_decides(scan)) {
    return creative::decide(std::move(scan), std::nullopt, bench.bounds);
  }
  return creative::decide(std::move(scan), creative::review_locally(work.brief, figures),
                          bench.bounds);
}

void review_all(std::span<Work> works, const Bench& bench) {
  std::atomic<std::size_t> next{0};
  std::array<std::exception_ptr, kThreads> failures;
  const auto run = [&](std::size_t thread) {
    try {
      for (std::size_t i = next++; i < works.size(); i = next++) {
        works[i].review = review_one(works[i], bench, bench.readers[thread].get());
      }
    } catch (...) {
      failures[thread] = std::current_exception();
    }
  };
  {
    std::array<std::jthread, kThreads> threads;
    for (std::size_t i = 0; i < kThreads; ++i) threads[i] = std::jthread(run, i);
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void save(store::Session& session, const store::Brand& brand, const Work& work, core::Time now) {
  const creative::ReviewStage& scan = work.review.stages.front();
  const bool is_found = creative::scan_decides(scan) && !scan.error;
  const bool is_partial = std::any_of(
      scan.defects.begin(), scan.defects.end(),
      [](const auto& each) { return each.state == creative::DefectState::kNotAssessed; });
  const store::DefectScanRow scan_row{.reviewer = scan.reviewer,
                                      .state = scan.error   ? "error"
                                               : is_found   ? "found"
                                               : is_partial ? "partial"
                                                            : "clear",
                                      .defects = to_json(scan.defects),
                                      .error = scan.error};
  const std::string verdict(creative::to_string(work.review.verdict));
  std::vector<store::ReviewRow> reviews;
  for (std::size_t i = 1; i < work.review.stages.size(); ++i) {
    const creative::ReviewStage& stage = work.review.stages[i];
    reviews.push_back({.stage = stage.stage,
                       .reviewer = stage.reviewer,
                       .score = work.review.score,
                       .assessed_weight = work.review.assessed_weight,
                       .checks = to_json(stage.checks),
                       .verdict = verdict,
                       .error = stage.error});
  }
  store::Transaction transaction(session);
  store::record_review(session, brand.id, work.ad.id, now, std::string(creative::kRubricVersion),
                       scan_row, reviews, verdict);
  transaction.commit();
}

std::vector<store::AdForReview> wanted_ads(store::Session& session, const store::Brand& brand,
                                           const ReviewRequest& request) {
  if (request.batch) {
    auto ads = store::ads_for_review(session, brand.id, *request.batch);
    if (!ads) throw core::InvalidInput("brand " + brand.id + " has no batch " + *request.batch);
    return std::move(*ads);
  }
  std::vector<store::AdForReview> ads;
  std::set<std::string> seen;
  for (const std::string& id : request.ads) {
    if (!seen.insert(id).second) continue;
    auto ad = store::find_ad_for_review(session, brand.id, id);
    if (!ad) {
      throw core::InvalidInput("brand " + brand.id + " has no ad " + id,
                               "adgenome ads list shows them");
    }
    ads.push_back(std::move(*ad));
  }
  return ads;
}

// Where `generate` puts pictures, or where its --images named a folder from where it stood.
std::string file_of(const store::Session& session, const std::string& path) {
  const std::filesystem::path beside = file_beside_store(session, path);
  return std::filesystem::exists(beside) ? beside.string() : path;
}

// Reads a picture that several ads may show. One that cannot be read is a warning: what depends on
// it is not assessed.
void show(const store::Session& session, const std::optional<std::string>& path, bool is_product,
          ShownPictures& pictures, std::vector<std::string>& warnings) {
  if (!path || pictures.contains(*path)) return;
  try {
    imaging::Image image = imaging::decode(core::read_all(file_of(session, *path)), *path);
    // Ads show a product without its backdrop.
    pictures[*path] = is_product ? imaging::cut_out(image) : std::move(image);
  } catch (const core::InvalidInput& error) {
    pictures[*path] = std::nullopt;
    warnings.push_back(*path + " cannot be compared: " + error.what());
  }
}

void open_readers(Bench& bench) {
  try {
    for (auto& reader : bench.readers) reader = imaging::open_text_reader();
  } catch (const core::ProviderError& error) {
    bench.readers = {};
    bench.reader_error = with_hint(error);
  }
}

std::vector<std::string> ads_of_generation(const core::Json& document, const std::string& name) {
  std::vector<std::string> ids;
  const core::Json& ads = document.at("ads");
  for (std::size_t i = 0; ads.is_array() && i < ads.size(); ++i) {
    const core::Json& ad = ads[i];
    if (ad.is_object() && ad.value("status", core::Json()) == "generation_failed") continue;
    if (!ad.is_object() || !ad.contains("ad_id") || !ad.at("ad_id").is_string()) {
      throw core::InvalidInput("expected an ad with ad_id", "give the output of generate",
                               name + " /ads/" + std::to_string(i));
    }
    ids.push_back(ad.at("ad_id").get<std::string>());
  }
  return ids;
}

std::vector<std::string> ads_of_records(const std::string& text, const std::string& name) {
  std::vector<std::string> ids;
  core::RecordReader reader({name, std::make_unique<std::istringstream>(text)});
  while (const auto record = reader.next()) {
    if (record->optional_string("status") == "generation_failed") continue;
    ids.push_back(record->at("ad_id").as_id());
  }
  return ids;
}

}  // namespace

std::vector<std::string> ads_of_input(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  const std::string text = core::read_all(path);
  core::Json document;
  try {
    document = core::parse_json(text, name);
  } catch (const core::InvalidInput&) {
    return ads_of_records(text, name);  // not one document: lines, or what is wrong with them
  }
  const bool is_generation = document.is_object() && document.contains("ads");
  return is_generation ? ads_of_generation(document, name) : ads_of_records(text, name);
}

ReviewReport review_ads(store::Session& session, const store::Brand& brand,
                        const ReviewRequest& request, const ReviewProgress& progress) {
  ShownPictures products;
  ShownPictures logos;
  ReviewReport report;
  std::map<std::string, std::vector<std::string>> given;
  std::vector<Work> works;
  std::int64_t not_generated = 0;
  bool needs_reader = false;
  for (const store::AdForReview& ad : wanted_ads(session, brand, request)) {
    if (ad.status == "generation_failed") {
      ++not_generated;
      continue;
    }
    if (!given.contains(ad.product_id)) {
      given[ad.product_id] = given_texts(session, brand, ad.product_id);
    }
    works.push_back(work_for(ad, brand, given[ad.product_id]));
    if (!ad.image_path) continue;
    works.back().image_file = file_of(session, *ad.image_path);
    if (const auto& rendering = works.back().rendering) {
      needs_reader = true;
      show(session, rendering->product_image, true, products, report.warnings);
      show(session, rendering->logo_image, false, logos, report.warnings);
    }
  }

  Bench bench{.products = products,
              .logos = logos,
              .readers = {},
              .reader_error = {},
              .bounds = request.bounds};
  if (needs_reader) open_readers(bench);
  std::map<creative::Verdict, std::int64_t> counts;
  core::Json reviews = core::Json::array();
  for (std::size_t begin = 0; begin < works.size(); begin += kAdsAtOnce) {
    const std::size_t count = std::min(kAdsAtOnce, works.size() - begin);
    const std::span<Work> part(works.data() + begin, count);
    review_all(part, bench);
    for (const Work& work : part) {
      if (!request.is_dry_run) save(session, brand, work, request.now);
      ++counts[work.review.verdict];
      reviews.push_back(to_json(work.ad.id, work.review));
    }
    progress({.total = static_cast<std::int64_t>(works.size()),
              .reviewed = static_cast<std::int64_t>(begin + count),
              .approved = counts[creative::Verdict::kApproved],
              .flagged = counts[creative::Verdict::kFlagged],
              .rejected = counts[creative::Verdict::kRejected]});
  }

  core::Json counted = core::Json::object();
  for (const auto verdict : {creative::Verdict::kApproved, creative::Verdict::kFlagged,
                             creative::Verdict::kRejected, creative::Verdict::kReviewFailed}) {
    counted[std::string(creative::to_string(verdict))] = counts[verdict];
  }
  counted["not_generated"] = not_generated;
  report.flagged = counts[creative::Verdict::kFlagged];
  report.rejected = counts[creative::Verdict::kRejected];
  report.failed = counts[creative::Verdict::kReviewFailed];
  if (bench.reader_error) report.warnings.push_back(*bench.reader_error);
  report.document = {{"rubric_version", creative::kRubricVersion},
                     {"reason", works.empty() ? core::Json("no ads to review") : core::Json()},
                     {"reviews", std::move(reviews)},
                     {"counts", std::move(counted)}};
  return report;
}

}  // namespace adgenome::app
