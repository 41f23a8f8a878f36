#pragma once

#include <memory>
#include <string>

#include "reviewer.hpp"

namespace adgenome::app {

/// The reviewer that asks the vision model of a provider. Throws ProviderError where none can be
/// reached.
std::unique_ptr<Reviewer> open_model_reviewer(const std::string& provider,
                                              const ReviewerSetup& setup);

}  // namespace adgenome::app
