#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/store/catalogue.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What ads are to be made of: what of a selection matters here, or what was named by hand.
struct Chosen {
  std::string selection_id;  ///< empty: none
  std::string product_id;
  std::vector<std::string> templates;
  std::optional<std::string> preset;
  std::optional<std::string> weight_set;
  std::optional<std::string> reason;  ///< why it is empty
};

/// Reads the selection of a request, or takes what it names. Throws InvalidInput where that is no
/// selection, or no product is known.
Chosen choose(const GenerateRequest& request);

/// The templates of these ids in this order. Throws InvalidInput for one that is not there.
std::vector<store::Template> find_templates(store::Session& session,
                                            const std::vector<std::string>& ids);

}  // namespace adgenome::app
