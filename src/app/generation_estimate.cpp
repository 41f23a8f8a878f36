#include "generation_estimate.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <set>

#include "generation_plan.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::int64_t kUsualCap = 50;
constexpr double kMicros = 1e6;

/// In dollars, where the settings say nothing.
constexpr std::pair<std::string_view, double> kUsualPrices[] = {
    {"image", 0.04},           {"defect_scan", 0.002}, {"full_review", 0.005},
    {"second_opinion", 0.005}, {"congruence", 0.015},  {"template_analysis", 0.03},
    {"descriptor", 0.001}};

bool is_free(const std::string& provider) {
  return provider == "local" || provider == "none";
}

/// Who does a step of ads whose pictures a provider makes.
std::string doer_of(const Json& settings, const GenerateRequest& request,
                    const std::string& provider, const std::string& step) {
  if (step == "image" || step == "retries") return provider;
  if (step == "congruence") return wording_of(settings, request);
  if (request.reviewer) return *request.reviewer;
  return is_free(provider) ? "local" : provider;
}

/// The part of a plan that one provider makes the pictures of.
struct ProvidersPart {
  std::string provider;
  std::int64_t attempts = 0;
  std::set<std::string> templates = {};
};

std::vector<ProvidersPart> parts_of(const GenerateRequest& request, const BatchPlan& plan) {
  std::vector<ProvidersPart> parts;
  for (const DecidedRun& run : plan.runs) {
    const std::string provider = provider_of(request, run);
    auto part = std::find_if(parts.begin(), parts.end(),
                             [&](const ProvidersPart& one) { return one.provider == provider; });
    if (part == parts.end()) part = parts.insert(part, {.provider = provider});
    part->attempts += static_cast<std::int64_t>(run.attempts.size());
    part->templates.insert(run.template_id);
  }
  if (parts.empty()) parts.push_back({.provider = request.provider});
  return parts;
}

double setting(const Json& settings, const char* name, double otherwise) {
  const auto found = settings.find(name);
  return found != settings.end() && found->is_number() ? found->get<double>() : otherwise;
}

}  // namespace

std::int64_t price_micros(const Json& settings, const std::string& provider,
                          const std::string& step) {
  const Json& prices = settings.contains("prices") ? settings.at("prices") : Json::object();
  const auto in_micros = [](double dollars) {
    return static_cast<std::int64_t>(std::llround(dollars * kMicros));
  };
  for (const std::string& key : {provider + "." + step, step}) {
    if (prices.contains(key) && prices.at(key).is_number() && (key != step || !is_free(provider)))
      return in_micros(prices.at(key).get<double>());
  }
  if (is_free(provider)) return 0;
  const auto* usual = std::find_if(std::begin(kUsualPrices), std::end(kUsualPrices),
                                   [&](const auto& one) { return one.first == step; });
  return usual == std::end(kUsualPrices) ? 0 : in_micros(usual->second);
}

Json generation_settings(store::Session& session, const store::Brand& brand) {
  Json settings = store::organization_config(session, brand.organization_id);
  Json prices = settings.value("prices", Json::object());
  for (const auto& [key, value] : brand.account_config.items()) settings[key] = value;
  // Single prices of the brand take the place of the organization's.
  const Json own = brand.account_config.value("prices", Json::object());
  for (const auto& [key, value] : own.items()) prices[key] = value;
  settings["prices"] = std::move(prices);
  return settings;
}

std::int64_t attempt_cap(store::Session& session, const store::Brand& brand) {
  const Json organization = store::organization_config(session, brand.organization_id);
  const double cap = setting(organization, "attempt_cap", static_cast<double>(kUsualCap));
  return static_cast<std::int64_t>(
      std::min(cap, setting(brand.account_config, "attempt_cap", cap)));
}

std::int64_t attempts_of(const BatchPlan& plan) {
  std::int64_t attempts = 0;
  for (const DecidedRun& run : plan.runs)
    attempts += static_cast<std::int64_t>(run.attempts.size());
  return attempts;
}

std::string wording_of(const Json& settings, const GenerateRequest& request) {
  if (request.wording) return *request.wording;
  const Json own = settings.value("wording", Json());
  if (own.is_string()) return own.get<std::string>();
  return is_free(request.provider) ? "local" : request.provider;
}

creative::Estimate estimate_batch(const Json& settings, const GenerateRequest& request,
                                  const BatchPlan& plan,
                                  const std::vector<store::Template>& templates,
                                  std::int64_t headlines) {
  creative::Estimate whole;
  for (const ProvidersPart& part : parts_of(request, plan)) {
    creative::Prices prices;
    for (const std::string& step : creative::priced_steps()) {
      *creative::price_of(prices, step) =
          price_micros(settings, doer_of(settings, request, part.provider, step), step);
    }
    prices.second_opinion_rate =
        setting(settings, "second_opinion_rate", prices.second_opinion_rate);
    prices.retry_rate = setting(settings, "retry_rate", prices.retry_rate);
    const auto not_analysed =
        std::count_if(templates.begin(), templates.end(), [&](const store::Template& one) {
          return part.templates.contains(one.id) && !one.detected_at && one.image.has_value();
        });
    // Headlines are asked about once for all.
    const creative::Estimate own =
        creative::estimate_cost({.attempts = part.attempts,
                                 .hooks = whole.lines.empty() ? headlines : 0,
                                 .templates_to_analyse = not_analysed,
                                 .retries = prices.retry_rate > 0},
                                prices);
    whole.total_micros += own.total_micros;
    for (creative::EstimateLine line : own.lines) {
      line.provider = doer_of(settings, request, part.provider, line.step);
      whole.lines.push_back(std::move(line));
    }
  }
  return whole;
}

Json estimate_document(const store::Brand& brand, const std::string& product_id,
                       const GenerateRequest& request, const BatchPlan& plan,
                       const creative::Estimate& estimate, std::int64_t cap,
                       const std::vector<std::string>& warnings) {
  const std::int64_t attempts = attempts_of(plan);
  std::set<std::string> sizes;
  std::set<std::string> colors;
  std::set<std::string> templates;
  for (const DecidedRun& run : plan.runs) {
    templates.insert(run.template_id);
    for (const DecidedAttempt& attempt : run.attempts) {
      sizes.insert(attempt.canvas_size);
      colors.insert(attempt.color_mode);
    }
  }
  Json lines = Json::array();
  for (const creative::EstimateLine& line : estimate.lines) {
    lines.push_back({{"step", line.step},
                     {"provider", line.provider},
                     {"quantity", line.quantity},
                     {"price", core::money_number(line.price_micros)},
                     {"cost", core::money_number(line.cost_micros)}});
  }
  return {{"brand_id", brand.id},
          {"product_id", product_id},
          {"provider", request.provider},
          {"seed", core::wide_integer(request.seed)},
          {"templates", templates.size()},
          {"hooks", plan.hooks},
          {"sizes", sizes.size()},
          {"colors", colors.size()},
          {"attempts", attempts},
          {"cap", cap},
          {"above_cap", attempts > cap},
          {"batches", (attempts + cap - 1) / cap},
          {"currency", "USD"},
          {"lines", std::move(lines)},
          {"cost", core::money_number(estimate.total_micros)},
          {"warnings", warnings}};
}

}  // namespace adgenome::app
