#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/creative/local_review.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

class PaidModels;
struct LocalMaterial;

/// An ad that people decided on, shown to a reviewer as an example.
struct ShownExemplar {
  std::string ad_id;
  std::string kind;  ///< gold_approval, gold_rejection, edge_case
  std::optional<double> score;
  std::optional<std::string> reason;  ///< the person's
  std::optional<std::string> headline;
  std::string image_file;  ///< empty: no picture
};

/// An ad as a reviewer gets it.
struct ReviewSubject {
  std::string ad_id;
  creative::ReviewBrief brief;                   ///< the words, and what they may say
  core::Json prompt;                             ///< adgenome/prompt/v1; null: not known
  std::optional<creative::Rendering> rendering;  ///< what was drawn where, where that is known
  /// Where `rendering` is not known: the texts that the picture should show, and what else may
  /// stand in it.
  std::vector<creative::ExpectedText> expected_texts = {};
  std::vector<std::string> known_texts = {};
  std::string image_file = {};    ///< as it can be opened; empty: no picture
  std::string image_sha256 = {};  ///< of the file's bytes
  /// The pictures that the ad should show, as they can be opened: of the product, of the logo.
  std::vector<std::string> product_files = {};
  std::optional<std::string> logo_file = {};
  std::vector<ShownExemplar> exemplars = {};  ///< the nearest ones
};

/// Looks at ads. What it throws as core::Error becomes the error of the stage: neither a pass nor
/// a fail. One reviewer is used by one thread at a time.
class Reviewer {
 public:
  virtual ~Reviewer() = default;
  /// "local", "anthropic", ...
  virtual std::string name() const = 0;
  /// Everything else that its answers depend on, beside the ad: model, version of its prompt.
  virtual std::string version() const = 0;
  /// Whether it may answer the same question differently: then `--repeat` asks again.
  virtual bool varies() const = 0;
  /// Stage 1: a state for each of defect_kinds().
  virtual std::vector<creative::Defect> scan(const ReviewSubject& subject, std::int64_t repeat) = 0;
  /// Stage 2 or 3: a score or null for each check of rubric(). `repeat` counts from 0 where the
  /// same question is asked several times.
  virtual std::vector<creative::CheckScore> review(const ReviewSubject& subject, std::int64_t stage,
                                                   std::int64_t repeat) = 0;
};

/// What reviewers are opened with; lives as long as they do.
struct ReviewerSetup {
  store::Session& session;
  const store::Brand& brand;
  core::Time now;
  bool is_dry_run = false;
  LocalMaterial& local;
  PaidModels* models = nullptr;  ///< of providers; null: none can be reached
  /// Of the keys under which answers are paid: what differs is asked anew.
  std::string key_suffix = {};
};

/// Names that open_reviewer() knows.
std::vector<std::string> reviewer_names();

/// Opens a reviewer; called by the main thread, once for each thread that will use one. Throws
/// InvalidInput for an unknown name and ProviderError where it cannot be had.
std::unique_ptr<Reviewer> open_reviewer(const std::string& name, const ReviewerSetup& setup);

}  // namespace adgenome::app
