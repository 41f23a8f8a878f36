#pragma once

#include <adgenome/core/time.hpp>
#include <string>
#include <string_view>

namespace adgenome::experiments {

/// What a run is assigned by: the hex SHA-256 of `product_id:template_id:YYYYMMDDHHMM` of the time
/// its batch began; a template without id is `none`.
std::string seed_key(std::string_view product_id, std::string_view template_id, core::Time began);

/// int(SHA-256(KEY + ":" + experiment_id), 16) mod 10000: the same on every machine.
int bucket_of(std::string_view key, std::string_view experiment_id);

/// Whether a bucket belongs to the variant: those below round(split * 10000), half up.
bool is_variant(int bucket, double split);

}  // namespace adgenome::experiments
