#pragma once

#include <adgenome/imaging/image.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reviewer.hpp"

namespace adgenome::app {

/// The pictures of products and logos that ads show, each read once, by file; nothing for one that
/// cannot be read. Threads only read it.
struct LocalMaterial {
  std::map<std::string, std::optional<imaging::Image>> products;  ///< without their backdrop
  std::map<std::string, std::optional<imaging::Image>> logos;
  bool needs_reader = false;  ///< text is to be read in some picture

  /// Reads what a subject shows and is not there yet; what cannot be read is a warning, and what
  /// depends on it is not assessed.
  void add(const ReviewSubject& subject, std::vector<std::string>& warnings);
};

/// The reviewer that measures.
std::unique_ptr<Reviewer> open_local_reviewer(const ReviewerSetup& setup);

}  // namespace adgenome::app
