#include <adgenome/creative/estimate.hpp>
#include <cmath>
#include <string_view>

namespace adgenome::creative {
namespace {

struct Step {
  std::string_view name;
  std::int64_t Prices::*price;
};
constexpr Step kSteps[] = {{"image", &Prices::image},
                           {"defect_scan", &Prices::defect_scan},
                           {"full_review", &Prices::full_review},
                           {"second_opinion", &Prices::second_opinion},
                           {"congruence", &Prices::congruence},
                           {"template_analysis", &Prices::template_analysis},
                           {"descriptor", &Prices::descriptor}};

}  // namespace

std::int64_t* price_of(Prices& prices, std::string_view step) {
  for (const Step& one : kSteps) {
    if (one.name == step) return &(prices.*one.price);
  }
  return nullptr;
}

std::vector<std::string> priced_steps() {
  std::vector<std::string> names;
  for (const Step& one : kSteps) names.emplace_back(one.name);
  return names;
}

Estimate estimate_cost(const Workload& work, const Prices& prices) {
  Estimate estimate;
  const auto add = [&](const char* step, double quantity, std::int64_t price) {
    const std::int64_t cost = std::llround(quantity * static_cast<double>(price));
    estimate.lines.push_back(
        {.step = step, .quantity = quantity, .price_micros = price, .cost_micros = cost});
    estimate.total_micros += cost;
  };
  const auto attempts = static_cast<double>(work.attempts);
  add("image", attempts, prices.image);
  add("defect_scan", attempts, prices.defect_scan);
  add("full_review", attempts, prices.full_review);
  add("second_opinion", attempts * prices.second_opinion_rate, prices.second_opinion);
  // What an attempt costs is known by now; a share of the attempts is made once more.
  const double once = work.attempts > 0 ? static_cast<double>(estimate.total_micros) / attempts : 0;
  if (work.retries) add("retries", attempts * prices.retry_rate, std::llround(once));
  add("congruence", static_cast<double>(work.hooks), prices.congruence);
  add("template_analysis", static_cast<double>(work.templates_to_analyse),
      prices.template_analysis);
  add("descriptor", attempts, prices.descriptor);
  return estimate;
}

}  // namespace adgenome::creative
