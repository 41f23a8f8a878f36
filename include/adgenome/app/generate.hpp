#pragma once

#include <adgenome/core/ids.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/creative/brief.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

struct ProviderAccess;

/// Where pictures go beside the store, unless a folder is named.
inline constexpr const char* kUsualImageFolder = "ads";

/// What is to be made.
struct GenerateRequest {
  /// A document adgenome/selection/v1; null: `templates` were chosen by hand.
  core::Json selection = nullptr;
  bool is_recorded = false;  ///< the selection came from the store
  std::vector<std::string> templates = {};
  std::optional<std::string> product = {};  ///< that of the selection where absent
  std::optional<std::string> persona = {};
  std::optional<std::string> offer_variant = {};  ///< the product's first where absent
  std::vector<creative::CanvasSize> sizes = {};
  std::vector<std::string> colors = {};   ///< empty: left open
  std::vector<std::string> layouts = {};  ///< built-in ones; empty: the templates' own
  std::int64_t hooks = 1;
  std::string source = "hooks";  ///< hooks, recreate, belief, plan, angles
  std::optional<std::string> angle = {};
  std::optional<std::string> plan = {};
  std::string elements = "sample";  ///< sample, best, given: how open choices are made
  bool may_split = false;           ///< into batches one after the other, above the cap
  std::string provider = "local";
  std::optional<std::string> reviewer = {};  ///< whose prices reviews have in an estimate
  std::string prompt_version = "1";
  std::string prompt_folder = {};                  ///< of versions of one's own; empty: none
  std::optional<std::string> retry_of = {};        ///< a batch whose rejected ads are made anew
  std::vector<std::string> retry_ads = {};         ///< of these alone; empty: all of them
  std::optional<std::string> template_image = {};  ///< a picture that is not in the catalogue
  std::optional<std::string> save_template = {};   ///< the name under which it is to be
  /// Who scores and words headlines: local, gemini, openai, anthropic. Absent: the brand's, else
  /// the one who makes the pictures.
  std::optional<std::string> wording = {};
  /// Under this a headline is adapted. Absent: the brand's, else creative::kLeastCongruence.
  std::optional<double> congruence_threshold = {};
  bool uses_experiment = true;             ///< the brand's active one gives runs their arms
  std::optional<std::string> images = {};  ///< folder; `ads` beside the store where absent
  std::string image_format = "png";        ///< or jpeg
  std::optional<std::string> batch = {};   ///< its id; a new one where absent
  std::uint64_t seed = 0;
  core::Time now = {};
  bool is_classic = false;  ///< the rules of what prompts are told of the past
  bool is_dry_run = false;
  const ProviderAccess* providers = nullptr;  ///< null: only `local` and `none` can be had
};

struct GenerateReport {
  core::Json document;  ///< adgenome/generation/v1 without its schema
  std::int64_t attempts = 0;
  std::int64_t failed = 0;
  std::vector<std::string> warnings = {};
};

/// How far a batch is: the attempts that are done of all there are, and the last one of them.
struct GenerateStatus {
  std::int64_t headlines_total = 0;  ///< that a language model is asked about, before the attempts
  std::int64_t headlines = 0;
  std::int64_t total = 0;
  std::int64_t attempted = 0;
  std::int64_t failed = 0;
  std::string template_id = {};
  std::string canvas_size = {};
  std::string color_mode = {};
  std::int64_t cost_micros = 0;
};

/// Called after each headline that a language model has answered about, with a total of 0, then
/// before the first attempt and after each.
using GenerateProgress = std::function<void(const GenerateStatus&)>;

/// From so many attempts on it is asked before they are made, where they cost something.
inline constexpr std::int64_t kMostWithoutAsking = 30;

/// Called with the estimate (adgenome/estimate/v1 without its schema) before a batch is begun, and
/// whether that needs to be agreed to. False: nothing is made.
using GenerateConsent = std::function<bool(const core::Json& estimate, bool is_needed)>;

/// The selection that the store has under an id. Throws InvalidInput where it has none.
core::Json recorded_selection(store::Session& session, const std::string& brand_id,
                              const std::string& selection_id);

/// What the ads of a request would cost, and how many they are: adgenome/estimate/v1 without its
/// schema.
core::Json estimate_ads(store::Session& session, const store::Brand& brand,
                        const GenerateRequest& request);

/// Makes one ad for each template, text, color mode and size, and stores each when it is made: a
/// batch that was interrupted and is named again goes on behind its last ad. An attempt that fails
/// is stored as such and never ends the batch. Throws InvalidInput for a product, persona,
/// template or selection that is not there, and for more attempts than the cap allows.
GenerateReport generate_ads(store::Session& session, const store::Brand& brand,
                            const GenerateRequest& request, core::IdSource& ids,
                            const GenerateConsent& consent, const GenerateProgress& progress);

}  // namespace adgenome::app
