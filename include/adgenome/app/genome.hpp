#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <string>

namespace adgenome::app {

/// Element scores of one brand from rows `{"ad_id", "run", "tags": {}, "reward", "weight"}`, as
/// `adgenome/genome/v1`.
Report genome_from_stream(const std::string& input, core::Rejects& rejects);

}  // namespace adgenome::app
