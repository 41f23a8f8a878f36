#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::imaging {
class TextReader;
}
namespace adgenome::providers {
class LanguageModel;
}

namespace adgenome::app {

/// Finds out what is in pictures of templates: texts, colors, logos and format by itself, people
/// and objects by a model. Belongs to one thread.
class TemplateAnalyser {
 public:
  /// `vision` null: nobody is asked; it stays the caller's. Where texts cannot be read here, the
  /// findings say so.
  explicit TemplateAnalyser(providers::LanguageModel* vision);
  ~TemplateAnalyser();

  /// Changes whenever the same picture may give another document.
  std::string version() const;

  /// The findings in a picture (PNG or JPEG) as the member `analysis` of template_analyses/v1: what
  /// could not be found out is null, with the reason. Throws InvalidInput naming `name` for what is
  /// no picture.
  core::Json analyse(const std::string& bytes, const std::string& name);

  /// Whether the model answered for the last picture; true without a model.
  bool is_whole() const { return is_whole_; }

 private:
  providers::LanguageModel* vision_;
  std::unique_ptr<imaging::TextReader> reader_;
  std::string why_unread_;
  bool is_whole_ = true;
};

struct AnalyseRequest {
  std::optional<std::string> template_id = {};  ///< nothing: all that have a picture
  bool is_again = false;                        ///< analyses pictures that were analysed before
  core::Time now = {};
  bool is_dry_run = false;
};

struct AnalyseReport {
  core::Json document;  ///< adgenome/template_analyses/v1 without its schema
  std::int64_t analysed = 0;
  std::int64_t failed = 0;
};

/// Analyses the pictures of templates, one after the other, each in a transaction of its own. A
/// template takes over what its record does not say. Throws InvalidInput for an id that does not
/// exist, or that has no picture.
AnalyseReport analyse_templates(store::Session& session, TemplateAnalyser& analyser,
                                const AnalyseRequest& request);

}  // namespace adgenome::app
