#pragma once

#include <adgenome/creative/palette.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <adgenome/store/session.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "generation_plan.hpp"

namespace adgenome::app {

/// The file that a path of the catalogue or of an ad names: relative ones are beside an SQLite
/// store, else in the current folder.
std::filesystem::path file_beside_store(const store::Session& session, const std::string& path);

/// The pictures of the catalogue, each read once.
class PictureShelf {
 public:
  explicit PictureShelf(const store::Session& session) : session_(session) {}
  /// The picture; product pictures without their backdrop. Null where `path` is absent. Throws
  /// InvalidInput for a file that cannot be read.
  const imaging::Picture* get(const std::optional<std::string>& path, bool is_cut_out);

 private:
  const store::Session& session_;
  std::map<std::pair<std::string, bool>, imaging::Picture> pictures_;
};

/// What one attempt came to: `error`, or all the others.
struct MadeAd {
  std::optional<std::string> error;
  core::Json rendering = nullptr;
  std::string sha256 = {};
  std::string file_name = {};
  std::vector<float> color_layout = {};
  std::int64_t cost_micros = 0;
};

/// The colors of a template in a mode. Throws InvalidInput where nothing says which.
creative::Palette palette_for(const store::Brand& brand, const store::Template& from,
                              const std::string& color_mode, PictureShelf& shelf);

/// Called with each attempt that is done, by one thread at a time. What it throws ends the drawing.
using AttemptDone = std::function<void(const Attempt&, const MadeAd&)>;

/// Makes the attempts of a run on several threads; results in the order of the attempts. What
/// `make_one` throws as InvalidInput or ProviderError becomes the error of the attempt. `telling`
/// is held while one_done is called.
std::vector<MadeAd> make_attempts(const RunPlan& run, int threads, std::mutex& telling,
                                  const AttemptDone& one_done,
                                  const std::function<MadeAd(const Attempt&)>& make_one);

/// Writes the picture of an attempt into a folder, with the ids of its ad, under the ad's name.
MadeAd write_picture(const store::Brand& brand, const RunPlan& run, const Attempt& attempt,
                     const imaging::Image& picture, const std::filesystem::path& folder);

/// Draws the attempts of a run into `folder` on two threads; results in the order of the attempts.
std::vector<MadeAd> draw_run(const store::Brand& brand, const RunPlan& run,
                             const imaging::Renderer& renderer, PictureShelf& shelf,
                             const std::filesystem::path& folder, const AttemptDone& one_done);

}  // namespace adgenome::app
