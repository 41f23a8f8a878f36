#include "sheet.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <filesystem>

namespace adgenome::app {
namespace {

constexpr std::size_t kMostFindings = 4;

std::string extension_of(const std::string& path) {
  return core::to_lower(std::filesystem::path(path).extension().string());
}

// Of two reviewers the mean of each check.
std::vector<std::pair<std::string, std::optional<double>>> checks_of(
    const creative::Review& review) {
  std::vector<std::pair<std::string, std::optional<double>>> checks;
  for (const creative::CheckRule& rule : creative::rubric()) {
    double sum = 0;
    std::int64_t count = 0;
    for (const creative::ReviewStage& stage : review.stages) {
      for (const creative::CheckScore& check : stage.checks) {
        if (check.id != rule.id || !check.score) continue;
        sum += *check.score;
        ++count;
      }
    }
    checks.emplace_back(
        std::string(rule.id),
        count == 0 ? std::nullopt : std::optional(sum / static_cast<double>(count)));
  }
  return checks;
}

std::string words_of(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return core::to_lower(kind);
}

std::vector<std::string> findings_of(const creative::Review& review) {
  std::vector<std::string> findings;
  for (const creative::ReviewStage& stage : review.stages) {
    if (stage.error) findings.push_back(stage.reviewer + " failed: " + *stage.error);
  }
  for (const std::string& failed : review.failed_checks) {
    const auto rules = creative::rubric();
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const auto& each) { return each.id == failed; });
    findings.push_back(rule == rules.end() ? words_of(failed)
                                           : failed + " " + std::string(rule->name));
  }
  if (findings.size() > kMostFindings) findings.resize(kMostFindings);
  return findings;
}

std::optional<imaging::Image> thumbnail_of(const std::string& file) {
  if (file.empty()) return std::nullopt;
  try {
    return imaging::thumbnail_of(imaging::decode(core::read_all(file), file));
  } catch (const core::InvalidInput&) {
    return std::nullopt;  // the review of the ad says what is wrong with it
  }
}

}  // namespace

bool is_sheet_name(const std::string& path) {
  const std::string extension = extension_of(path);
  return extension == ".html" || extension == ".htm" || extension == ".png";
}

imaging::SheetCard card_of(const Work& work) {
  const ReviewSubject& subject = work.wanted.subject;
  imaging::SheetCard card{.thumbnail = thumbnail_of(subject.image_file),
                          .verdict = std::string(creative::to_string(work.review.verdict)),
                          .score = work.review.score,
                          .title = subject.ad_id,
                          .headline = work.wanted.ad.headline.value_or(""),
                          .facts = {},
                          .checks = checks_of(work.review),
                          .findings = findings_of(work.review)};
  std::vector<std::string> facts;
  if (subject.rendering) {
    facts.push_back(std::to_string(subject.rendering->width) + " \u00d7 " +
                    std::to_string(subject.rendering->height));
    facts.push_back(subject.rendering->layout);
  }
  if (!work.wanted.ad.color_mode.empty()) facts.push_back(work.wanted.ad.color_mode);
  for (const creative::ReviewStage& stage : work.review.stages) {
    if (std::find(facts.begin(), facts.end(), stage.reviewer) == facts.end()) {
      facts.push_back(stage.reviewer);
    }
  }
  card.facts = core::join(facts, " \u00b7 ");
  return card;
}

void write_sheet(const imaging::ContactSheet& sheet, const std::string& path) {
  const bool is_picture = extension_of(path) == ".png";
  core::write_file(path, is_picture
                             ? imaging::encode_png(imaging::make_sheet_painter()->paint(sheet))
                             : imaging::html_of(sheet));
}

}  // namespace adgenome::app
