#include <adgenome/app/brand.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

std::string listed(const std::vector<store::Brand>& brands) {
  std::vector<std::string> ids;
  for (const store::Brand& brand : brands) ids.push_back(brand.id);
  return core::join(ids, ", ");
}

}  // namespace

store::Brand resolve_brand(store::Session& session, const std::optional<std::string>& wanted) {
  const std::vector<store::Brand> all = store::brands(session);
  if (!wanted) {
    if (all.size() == 1) return all.front();
    if (all.empty()) {
      throw core::InvalidInput("the store has no brand",
                               "import one with: adgenome import catalog FILE");
    }
    throw core::UsageError("the store has several brands: " + listed(all), "name one with --brand");
  }
  for (const auto& matches :
       {+[](const store::Brand&brand, const std::string&text) { return brand.id == text; },
        +[](const store::Brand&brand, const std::string&text) { return brand.name == text; },
        +[](const store::Brand&brand, const std::string&text) {
          return core::to_lower(brand.name) == core::to_lower(text);
        }}) {
    std::vector<store::Brand> found;
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [&](const store::Brand& brand) { return matches(brand, *wanted); });
    if (found.size() == 1) return found.front();
    if (found.size() > 1) {
      throw core::InvalidInput("several brands are called \"" + *wanted + "\": " + listed(found),
                               "name one by its id");
    }
  }
  throw core::InvalidInput("no brand \"" + *wanted + "\"",
                           all.empty() ? "the store has none" : "the store has: " + listed(all));
}

}  // namespace adgenome::app
