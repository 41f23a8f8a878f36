#pragma once

#include <adgenome/core/json.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

/// A document of a contract, and what to say beside it on standard error.
struct Report {
  core::Json document;
  std::vector<std::string> notes;
};

}  // namespace adgenome::app
