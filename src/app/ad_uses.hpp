#pragma once

#include <adgenome/store/production.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// Makes the uses that an ad made elsewhere counts for those of what it is made of now: of its
/// template, of the template's combination and of every pair of its tags, at the time it was
/// made. `before` is what it was made of until now, nothing where it was not there. Ads made here
/// were counted with their run.
void count_uses(store::Session& session, const std::string& brand_id, const std::string& ad_id,
                const std::optional<store::AdElements>& before);

}  // namespace adgenome::app
