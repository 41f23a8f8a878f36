#pragma once

#include <adgenome/app/provider_access.hpp>
#include <memory>
#include <string>

#include "ad_drawing.hpp"

namespace adgenome::app {

/// Makes the pictures of ads, by whichever provider.
class PictureMaker {
 public:
  PictureMaker() = default;
  PictureMaker(const PictureMaker&) = delete;
  PictureMaker& operator=(const PictureMaker&) = delete;
  virtual ~PictureMaker() = default;

  /// The pictures of a run, in the order of its attempts; one that fails says why.
  virtual std::vector<MadeAd> make(const RunPlan& run, const AttemptDone& one_done) = 0;
  /// To be told that what was made of a run is stored: what was kept in case of an interruption can
  /// go.
  virtual void stored(const RunPlan&) {}
};

/// What pictures are made with; lives as long as their maker.
struct PictureSetup {
  store::Session& session;
  const store::Brand& brand;
  PictureShelf& shelf;
  std::filesystem::path folder;               ///< where they go
  const ProviderAccess* providers = nullptr;  ///< null: none can be reached
  core::Time now = {};
};

/// The maker by its name: "local", or a provider that makes pictures. Throws InvalidInput for
/// another name, ProviderError for a provider that has no key.
std::unique_ptr<PictureMaker> open_picture_maker(const std::string& provider,
                                                 const PictureSetup& setup);

}  // namespace adgenome::app
