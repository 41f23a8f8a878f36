#include "chosen_templates.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

std::optional<std::string> text_of(const Json& document, const char* member) {
  const auto found = document.find(member);
  if (found == document.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) {
    throw InvalidInput("a text is expected", "give what adgenome select prints",
                       std::string("selection /") + member);
  }
  return found->get<std::string>();
}

Chosen read_selection(const Json& document) {
  Chosen chosen;
  const std::string schema = document.is_object() ? document.value("schema", "") : "";
  if (!document.is_object() || (!schema.empty() && schema != "adgenome/selection/v1") ||
      !document.contains("templates") || !document.at("templates").is_array()) {
    throw InvalidInput("not a selection",
                       "give what adgenome select prints (adgenome/selection/v1)");
  }
  chosen.selection_id = text_of(document, "selection_id").value_or("");
  chosen.product_id = text_of(document, "product_id").value_or("");
  chosen.preset = text_of(document, "preset");
  chosen.weight_set = text_of(document, "weight_set");
  chosen.reason = text_of(document, "reason");
  std::size_t position = 0;
  for (const Json& item : document.at("templates")) {
    const std::string where = "selection /templates/" + std::to_string(position++);
    if (!item.is_object()) throw InvalidInput("an object is expected", "", where);
    const auto id = text_of(item, "template_id");
    if (!id) throw InvalidInput("lacks template_id", "", where);
    chosen.templates.push_back(*id);
  }
  return chosen;
}

}  // namespace

Chosen choose(const GenerateRequest& request) {
  Chosen chosen;
  if (!request.selection.is_null()) {
    chosen = read_selection(request.selection);
  } else {
    chosen.templates = request.templates;
  }
  if (request.product) {
    if (!chosen.product_id.empty() && chosen.product_id != *request.product) {
      throw InvalidInput("the selection is for product " + chosen.product_id + ", not for " +
                         *request.product);
    }
    chosen.product_id = *request.product;
  }
  if (chosen.product_id.empty()) {
    throw InvalidInput("it is not said for which product", "name it with --product");
  }
  return chosen;
}

std::vector<store::Template> find_templates(store::Session& session,
                                            const std::vector<std::string>& ids) {
  const std::vector<store::Template> all = store::templates(session);
  std::vector<store::Template> found;
  for (const std::string& id : ids) {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const store::Template& one) { return one.id == id; });
    if (at == all.end()) {
      std::vector<std::string> known;
      for (const store::Template& one : all) known.push_back(one.id);
      const auto near = core::nearest(id, known);
      throw InvalidInput("no template \"" + id + "\" in the store",
                         near ? "did you mean " + *near + "?" : "");
    }
    found.push_back(*at);
  }
  return found;
}

}  // namespace adgenome::app
