#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/creative/estimate.hpp>
#include <string>
#include <vector>

#include "batch_plan.hpp"

namespace adgenome::app {

/// The settings that count for making ads: the organization's, then the brand's own.
core::Json generation_settings(store::Session& session, const store::Brand& brand);

/// What a step of a provider costs by these settings: prices.PROVIDER.STEP, else prices.STEP, else
/// what is usual; what is made here is free.
std::int64_t price_micros(const core::Json& settings, const std::string& provider,
                          const std::string& step);

/// Most attempts of one batch: the organization's cap, which a brand may lower; 50 without any.
std::int64_t attempt_cap(store::Session& session, const store::Brand& brand);

/// Who scores and words headlines: as the request says, else the settings, else who makes the
/// pictures, where that can write too.
std::string wording_of(const core::Json& settings, const GenerateRequest& request);

/// What the batch will take, by the prices in the settings (`prices`: STEP or PROVIDER.STEP); what
/// is made here is free. `headlines` are held against what they lead to. Steps other than the
/// picture and those are of `reviewer`. The lines of each provider that an arm names stand one
/// after the other.
creative::Estimate estimate_batch(const core::Json& settings, const GenerateRequest& request,
                                  const BatchPlan& plan,
                                  const std::vector<store::Template>& templates,
                                  std::int64_t headlines);

/// Document adgenome/estimate/v1 without its schema.
core::Json estimate_document(const store::Brand& brand, const std::string& product_id,
                             const GenerateRequest& request, const BatchPlan& plan,
                             const creative::Estimate& estimate, std::int64_t cap,
                             const std::vector<std::string>& warnings);

std::int64_t attempts_of(const BatchPlan& plan);

}  // namespace adgenome::app
