#pragma once

#include <adgenome/creative/local_review.hpp>
#include <adgenome/creative/verdict.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <adgenome/imaging/text_reader.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::test {

/// Ads drawn by the project's own renderer, and what is wrong with some of them. The same seed
/// draws the same ads.
struct PlantedAd {
  std::string what;    ///< layout, size, product
  std::string defect;  ///< empty: none was planted
  imaging::Image image;
  creative::Rendering rendering;
  creative::ReviewBrief brief;
  const imaging::Image* product = nullptr;
  const imaging::Image* logo = nullptr;
};

/// The names of what can be planted.
std::vector<std::string> planted_defects();

class Plantation {
 public:
  /// `assets` is the folder of the demo brand's pictures.
  explicit Plantation(const std::string& assets);
  ~Plantation();

  /// `clean` ads with nothing wrong, one after the other.
  void draw_clean(std::uint64_t seed, std::size_t clean,
                  const std::function<void(const PlantedAd&)>& visit) const;
  /// `each` ads of every defect. Where an ad has nothing to plant it on, the next one is drawn.
  void draw_defective(std::uint64_t seed, std::size_t each,
                      const std::function<void(const PlantedAd&)>& visit) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What `review` shows of an ad in `failed_checks` (defects that the scan found, which ends the
/// review, else checks under 5.0) and its verdict, by the built-in quality config.
struct Alarms {
  std::vector<std::string> names;
  creative::Verdict verdict = creative::Verdict::kReviewFailed;
  bool has(std::string_view name) const;
};
Alarms alarms_of(const PlantedAd& ad, imaging::TextReader& reader);

/// The alarms that tell of a defect.
std::vector<std::string> alarms_for(const std::string& defect);
bool is_found(const std::string& defect, const Alarms& alarms);

}  // namespace adgenome::test
