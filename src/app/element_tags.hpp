#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

/// The element tags of an ad, with what its own columns say where the tags are silent.
template <class Ad>
std::map<std::string, std::string> element_tags(const Ad& ad) {
  std::map<std::string, std::string> tags = {{"template_id", ad.template_id},
                                             {"canvas_size", ad.canvas_size},
                                             {"color_mode", ad.color_mode},
                                             {"prompt_version", ad.prompt_version.value_or("")}};
  for (const auto& [dimension, value] : ad.tags.items()) {
    if (!value.is_null())
      tags[dimension] = value.is_string() ? value.template get<std::string>() : value.dump();
  }
  std::erase_if(tags, [](const auto& tag) { return tag.second.empty(); });
  return tags;
}

}  // namespace adgenome::app
