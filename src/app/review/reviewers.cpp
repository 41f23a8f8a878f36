#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

#include "local_reviewer.hpp"
#include "reviewer.hpp"

namespace adgenome::app {
namespace {

struct Row {
  std::string_view name;
  std::unique_ptr<Reviewer> (*open)(const ReviewerSetup& setup);
};

// One row a reviewer.
constexpr Row kReviewers[] = {
    {"local", open_local_reviewer},
};

}  // namespace

std::vector<std::string> reviewer_names() {
  std::vector<std::string> names;
  for (const Row& row : kReviewers) names.emplace_back(row.name);
  return names;
}

std::unique_ptr<Reviewer> open_reviewer(const std::string& name, const ReviewerSetup& setup) {
  for (const Row& row : kReviewers) {
    if (row.name == name) return row.open(setup);
  }
  throw core::InvalidInput("no reviewer \"" + name + "\"",
                           "there are: " + core::join(reviewer_names(), ", "));
}

}  // namespace adgenome::app
