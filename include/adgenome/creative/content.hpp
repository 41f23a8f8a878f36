#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// Stars, of five.
struct Rating {
  double stars = 0;
  std::string text;  ///< the sentence that it was found in
};

/// The words of one ad. Nothing in it was invented: every text comes from the catalogue, except
/// the call to action, which follows from the stage that is spoken to.
struct Content {
  std::string headline;
  std::optional<std::string> subheadline;
  std::optional<std::string> call_to_action;
  std::vector<std::string> benefits;
  std::vector<std::string> pains;
  std::optional<std::string> badge;
  std::optional<Rating> rating;
  std::optional<std::string> author;  ///< of a headline that is a quotation
  std::optional<std::string> disclaimer;
  std::string product_name;
  std::string brand_name;
};

}  // namespace adgenome::creative
