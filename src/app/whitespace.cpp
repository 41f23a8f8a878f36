#include <adgenome/app/whitespace.hpp>
#include <adgenome/core/error.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

core::Json document_of(const learning::Whitespace& whitespace, const core::Json& brand_id,
                       const core::Json& rules, const learning::WhitespaceOptions& options) {
  core::Json candidates = core::Json::array();
  for (const learning::WhitespaceCandidate& candidate : whitespace.candidates) {
    const auto rank = static_cast<std::int64_t>(candidates.size()) + 1;
    candidates.push_back(learning::to_json(candidate, rank, "identified"));
  }
  core::Json reason = nullptr;
  if (!whitespace.reason.empty()) reason = whitespace.reason;
  return {{"brand_id", brand_id},
          {"rules", rules},
          {"optimistic", options.is_optimistic},
          {"promising_pairs", whitespace.promising_pairs},
          {"reason", std::move(reason)},
          {"candidates", std::move(candidates)}};
}

}  // namespace

core::Json whitespace_from_input(const std::string& path,
                                 const std::optional<std::string>& brand_id,
                                 const learning::WhitespaceOptions& options) {
  const std::string name = path == "-" ? "standard input" : path;
  const learning::WhitespaceInput input = learning::whitespace_input(core::read_json(path), name);
  try {
    return document_of(learning::find_whitespace(input, options),
                       brand_id ? core::Json(*brand_id) : core::Json(), nullptr, options);
  } catch (const core::InvalidInput& error) {
    throw core::InvalidInput(error.what(), error.hint(), name);
  }
}

}  // namespace adgenome::app
