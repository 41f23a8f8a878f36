#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/weights.hpp>
#include <nlohmann/json.hpp>

#include "select_parts.hpp"
#include "weight_champion.hpp"

namespace adgenome::app {

SelectMethod method_for_brand(store::Session& session, const store::Brand& brand,
                              const SelectOptions& options) {
  SelectMethod method =
      find_method(options, brand.selection_config, "brand " + brand.id + " /selection_config");
  if (options.weights && *options.weights != "learned") return method;
  const auto champion =
      weights_in_use(session, brand.id, options.now, options.seed, options.known_at.own);
  if (champion) {
    use_learned(method, champion->document, "weight set " + champion->id);
    method.weights->id = champion->id;
  } else if (options.weights &&
             !store::champion_weight_set(session, brand.id, options.known_at.own)) {
    throw core::InvalidInput("brand " + brand.id + " has no learned weights in use",
                             "adgenome weights promote makes a learned set the champion");
  }
  return method;
}

PooledSelection select_from_store(store::Session& session, const store::Brand& brand,
                                  const std::string& product_id,
                                  const std::optional<std::string>& persona_id,
                                  const SelectOptions& options) {
  const SelectMethod method = method_for_brand(session, brand, options);
  const StoreCandidates from =
      candidates_from_store(session, brand, product_id, persona_id, method, options.known_at);
  return select_and_describe(from.candidates, from.context, method, options);
}

}  // namespace adgenome::app
