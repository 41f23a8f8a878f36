#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/providers/registry.hpp>
#include <algorithm>

#include "local_reviewer.hpp"
#include "model_reviewer.hpp"
#include "reviewer.hpp"

namespace adgenome::app {
std::vector<std::string> reviewer_names() {
  std::vector<std::string> names{"local"};
  for (const providers::Provider& provider : providers::providers()) {
    if (provider.language) names.emplace_back(provider.name);
  }
  return names;
}

std::unique_ptr<Reviewer> open_reviewer(const std::string& name, const ReviewerSetup& setup) {
  const std::vector<std::string> names = reviewer_names();
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw core::InvalidInput("no reviewer \"" + name + "\"",
                             "there are: " + core::join(names, ", "));
  return name == "local" ? open_local_reviewer(setup) : open_model_reviewer(name, setup);
}

}  // namespace adgenome::app
