#include "panel.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/store/review_answers.hpp>
#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "review_document.hpp"

namespace adgenome::app {
namespace {

// What is measured here keeps both cores busy; who asks over a network mostly waits.
constexpr std::size_t kMeasuringThreads = 2;
constexpr std::size_t kAskingThreads = 6;

std::string with_hint(const core::Error& error) {
  return error.hint().empty() ? error.what() : error.what() + ("; " + error.hint());
}

core::Json to_json(const creative::ReviewBrief& brief) {
  const auto or_null = [](const std::optional<std::string>& text) {
    return text ? core::Json(*text) : core::Json();
  };
  core::Json fit;
  if (brief.fit) {
    const auto figure = [](const std::optional<double>& value) {
      return value ? core::Json(*value) : core::Json();
    };
    fit = {brief.fit->score,
           brief.fit->method,
           or_null(brief.fit->offer),
           figure(brief.fit->offer_variant),
           figure(brief.fit->landing_page),
           figure(brief.fit->belief)};
  }
  core::Json areas;
  if (brief.areas) {
    areas = core::Json::array();
    for (const creative::LayoutArea& area : *brief.areas) {
      const creative::RelativeBox& box = area.box;
      areas.push_back({area.roles, {box.x, box.y, box.width, box.height}});
    }
  }
  return {{"texts", brief.texts},
          {"fit", std::move(fit)},
          {"areas", std::move(areas)},
          {"headline", or_null(brief.headline)},
          {"call_to_action", or_null(brief.call_to_action)},
          {"given", brief.given},
          {"prohibited_claims", brief.prohibited_claims},
          {"required_disclaimers", brief.required_disclaimers}};
}

}  // namespace

bool Work::is_cached() const {
  for (std::size_t i = 0; i < review.stages.size(); ++i) {
    if (!answers[i].is_cached) return false;
  }
  return true;
}

Panel::Panel(const ReviewRequest& request, ReviewerSetup setup) : request_(request), setup_(setup) {
  const StageReviewers& wanted = request.reviewers;
  has_second_ = wanted.second.has_value();
  std::vector<std::string> names;
  const std::array<std::string, 3> by_stage{wanted.scan, wanted.full,
                                            wanted.second.value_or(wanted.full)};
  for (std::size_t stage = 0; stage < by_stage.size(); ++stage) {
    const auto known = std::find(names.begin(), names.end(), by_stage[stage]);
    place_[stage] = static_cast<std::size_t>(known - names.begin());
    if (known == names.end()) names.push_back(by_stage[stage]);
  }
  const bool only_measures = names == std::vector<std::string>{"local"};
  benches_.resize(only_measures ? kMeasuringThreads : kAskingThreads);
  for (Bench& bench : benches_) {
    for (const std::string& name : names) bench.push_back(open_reviewer(name, setup_));
  }
}

const std::string& Panel::hash_of(const std::string& file) {
  auto found = hashes_.find(file);
  if (found == hashes_.end()) {
    std::string hash;
    try {
      hash = core::sha256_hex(core::read_all(file));
    } catch (const core::InvalidInput&) {
      // Whoever needs the picture says so; without it nothing is kept.
      hash = "";
    }
    found = hashes_.emplace(file, std::move(hash)).first;
  }
  return found->second;
}

std::string Panel::key_of(const Work& work, std::size_t stage) {
  const ReviewSubject& subject = work.wanted.subject;
  const Reviewer& reviewer = *benches_.front()[place_[stage]];
  core::Json shown = core::Json::array();
  std::vector<std::string> files = subject.product_files;
  if (subject.logo_file) files.push_back(*subject.logo_file);
  for (const std::string& file : files) shown.push_back(hash_of(file));
  core::Json exemplars = core::Json::array();
  for (const ShownExemplar& exemplar : subject.exemplars) {
    exemplars.push_back({exemplar.ad_id, exemplar.kind});
  }
  const bool varies = reviewer.varies();
  return core::sha256_hex(core::dump({{"image", subject.image_sha256},
                                      {"rubric", creative::kRubricVersion},
                                      {"stage", stage + 1},
                                      {"reviewer", reviewer.name()},
                                      {"version", reviewer.version()},
                                      {"repeat", varies ? request_.repeat : 1},
                                      {"brief", to_json(subject.brief)},
                                      {"prompt", work.wanted.ad.prompt},
                                      {"rendering", work.wanted.ad.rendering},
                                      {"shown", std::move(shown)},
                                      {"exemplars", std::move(exemplars)}}));
}

void Panel::recall(std::span<Work> works) {
  for (Work& work : works) {
    ReviewSubject& subject = work.wanted.subject;
    if (!subject.image_file.empty()) {
      subject.image_sha256 = hash_of(subject.image_file);
      hashes_.erase(subject.image_file);
      if (subject.image_sha256.empty()) continue;
    }
    for (std::size_t stage = 0; stage < (has_second_ ? 3U : 2U); ++stage) {
      StageAnswer& answer = work.answers[stage];
      answer.key = key_of(work, stage);
      if (request_.is_fresh) continue;
      const auto stored = store::find_review_answer(setup_.session, setup_.brand.id, answer.key);
      if (!stored) continue;
      answer.stage = stage_from_json(*stored, "stored answer " + answer.key);
      answer.is_cached = true;
    }
  }
}

const creative::ReviewStage& Panel::answer(Work& work, std::size_t stage,
                                           Reviewer& reviewer) const {
  StageAnswer& answer = work.answers[stage];
  if (answer.stage) return *answer.stage;
  const auto number = static_cast<std::int64_t>(stage) + 1;
  try {
    std::vector<creative::ReviewStage> answers;
    for (std::int64_t repeat = 0; repeat < (reviewer.varies() ? request_.repeat : 1); ++repeat) {
      creative::ReviewStage& one =
          answers.emplace_back(creative::ReviewStage{.stage = number, .reviewer = reviewer.name()});
      if (stage == 0) {
        one.defects = reviewer.scan(work.wanted.subject, repeat);
      } else {
        one.checks = reviewer.review(work.wanted.subject, number, repeat);
      }
    }
    answer.stage = creative::combine_repeats(std::move(answers), work.judging->rules.config);
  } catch (const core::Error& error) {
    // An error is neither a pass nor a fail: it stands in the result and in the exit code.
    answer.stage = {.stage = number, .reviewer = reviewer.name(), .error = with_hint(error)};
  }
  return *answer.stage;
}

void Panel::review_one(Work& work, const std::array<Reviewer*, 3>& bench) const {
  std::vector<creative::ReviewStage> stages{answer(work, 0, *bench[0])};
  if (!creative::scan_decides(stages.front())) {
    stages.push_back(answer(work, 1, *bench[1]));
    if (has_second_ && creative::wants_second_opinion(stages.back(), work.judging->rules.config)) {
      stages.push_back(answer(work, 2, *bench[2]));
    }
  }
  work.review = creative::decide(std::move(stages), work.judging->rules);
}

void Panel::review(std::span<Work> works) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failures(benches_.size());
  const auto run = [&](std::size_t thread) {
    const Bench& bench = benches_[thread];
    const std::array<Reviewer*, 3> by_stage{bench[place_[0]].get(), bench[place_[1]].get(),
                                            bench[place_[2]].get()};
    try {
      for (std::size_t i = next++; i < works.size(); i = next++) review_one(works[i], by_stage);
    } catch (...) {
      failures[thread] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(benches_.size(), works.size()); ++i) {
      threads.emplace_back(run, i);
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void Panel::keep(const Work& work) const {
  for (std::size_t i = 0; i < work.review.stages.size(); ++i) {
    const StageAnswer& answer = work.answers[i];
    if (answer.key.empty() || answer.is_cached || answer.stage->error) continue;
    store::put_review_answer(setup_.session, setup_.brand.id,
                             {.key = answer.key,
                              .stage = answer.stage->stage,
                              .reviewer = answer.stage->reviewer,
                              .reviewer_version = benches_.front()[place_[i]]->version(),
                              .answer = stage_to_json(*answer.stage),
                              .answered_at = setup_.now});
  }
}

}  // namespace adgenome::app
