#include <adgenome/core/text.hpp>
#include <adgenome/scoring/draw.hpp>
#include <adgenome/scoring/selection.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "evaluate.hpp"
#include "similarity.hpp"

namespace adgenome::scoring {
namespace {

using Mask = std::vector<std::uint8_t>;

constexpr std::array<std::pair<std::string_view, double>, 3> kTiers{
    {{"default", 0.0}, {"growth", 0.3}, {"premium", 0.8}}};
constexpr double kPremium = 0.8;
constexpr int kRepeatDays = 28;
constexpr double kLeastPoolPerDraw = 3;

std::int64_t count_of(const Mask& mask) {
  return std::accumulate(mask.begin(), mask.end(), std::int64_t{0});
}

Mask in_category(const Pool& pool, const Setting& setting) {
  Mask mask(pool.size());
  for (std::size_t i = 0; i < pool.size(); ++i) {
    mask[i] = pool.category[i] != Interner::kNone && pool.category[i] == setting.category;
  }
  return mask;
}

struct Admission {
  Mask before;  // the rows that a list of all shows
  Mask after;
  bool is_category_filter;
  std::vector<std::string> relaxed = {};
  std::optional<std::string> reason = {};
};

/// Filter, gate, and where nothing is left the gate opened, then the filter dropped as well.
Admission admit(const Pool& pool, const Context& context, const Setting& setting,
                const SelectionRequest& request) {
  const Mask everything(pool.size(), 1);
  const bool is_gated = request.gate.min_asset_score > 0;
  Admission admission{
      .before = request.is_category_filter ? in_category(pool, setting) : everything,
      .after = {},
      .is_category_filter = request.is_category_filter};
  admission.after = is_gated
                        ? pass_gate(pool, setting, admission.before, request.gate.min_asset_score)
                        : admission.before;
  if (count_of(admission.after) > 0) return admission;

  const std::int64_t before = count_of(admission.before);
  const std::string all = std::to_string(pool.size());
  if (pool.size() == 0) {
    admission.reason = "No templates to choose from";
  } else if (before == 0) {
    admission.reason = "No templates in category " + *context.category + " (0/" + all + ")";
  } else {
    admission.reason = "No templates passed the asset gate (min_score=" +
                       core::format_double(request.gate.min_asset_score) + ", 0/" +
                       std::to_string(before) + " passed)";
  }
  if (!request.gate.may_relax || pool.size() == 0) return admission;

  admission.reason.reset();
  if (is_gated) admission.relaxed.emplace_back("gate");
  if (before == 0) {
    admission.relaxed.emplace_back("category");
    admission.is_category_filter = false;
    admission.before = everything;
  }
  admission.after = admission.before;
  return admission;
}

/// Whether the scorer was asked something that could tell candidates apart.
bool is_asked(const Scorer& scorer, const Context& context, bool is_category_filter) {
  switch (scorer.needs) {
    case Needs::kNothing:
    case Needs::kAdLibrary:
      return true;
    case Needs::kCategory:
      return context.category.has_value() && !is_category_filter;
    case Needs::kAwareness:
      return context.has_persona || context.awareness_stage.has_value();
    case Needs::kAudience:
      return context.has_persona || context.target_sex.has_value();
  }
  return true;
}

void warn_of_idle_scorers(const Context& context, const SelectionRequest& request,
                          bool is_category_filter, Selection& selection) {
  const Weights& weights = request.weights;
  const std::span<const Scorer> registry = scorers();
  for (std::size_t s = 0; s < weights.size(); ++s) {
    const ScorerSummary& summary = selection.scorers[s];
    const bool asked = s >= registry.size() || is_asked(registry[s], context, is_category_filter);
    if (weights[s] == 0 || !asked) continue;
    const std::string who = "scorer " + std::string(scorer_name(request.preset, s)) +
                            " has weight " + core::format_double(weights[s]) + " but ";
    if (*summary.coverage == 0) {
      selection.warnings.push_back(who + "no data for any candidate");
    } else if (*summary.variance == 0 && selection.candidates_after_gate > 1) {
      selection.warnings.push_back(who + "says the same of every candidate");
    }
  }
}

double repeat_rate_of(const Pool& pool, const std::vector<SelectedItem>& items, core::Time now) {
  const auto repeats = std::count_if(items.begin(), items.end(), [&](const SelectedItem& item) {
    const Usage& usage = pool.product_usage[item.candidate];
    return usage.state == Usage::State::kDated &&
           core::days_between(usage.last, now) <= kRepeatDays;
  });
  return static_cast<double>(repeats) / static_cast<double>(items.size());
}

void list_all(const Mask& before_gate, const Evaluated& evaluated, Selection& selection) {
  for (std::size_t i = 0; i < before_gate.size(); ++i) {
    if (!before_gate[i]) continue;
    const bool is_in = selection.is_admissible[i] != 0;
    selection.items.push_back({.candidate = i,
                               .composite = evaluated.composites[i],
                               .propensity = is_in ? std::optional(selection.p[i]) : std::nullopt,
                               .draw_probability = {},
                               .scores = {}});
  }
  std::stable_sort(
      selection.items.begin(), selection.items.end(),
      [](const SelectedItem& a, const SelectedItem& b) { return a.composite > b.composite; });
}

void warn_of_similarity(const Pool& pool, const SelectionRequest& request, std::int64_t possible,
                        Selection& selection) {
  const std::int64_t unknown = without_embedding(pool, selection.is_admissible);
  if (unknown > 0) {
    selection.warnings.push_back(
        std::to_string(unknown) + " of " + std::to_string(selection.candidates_after_gate) +
        " candidates have no embedding: max_similarity passes none of them over");
  }
  const auto drawn = static_cast<std::int64_t>(selection.items.size());
  if (drawn < std::min(possible, request.count)) {
    selection.warnings.push_back("count is cut from " + std::to_string(request.count) + " to " +
                                 std::to_string(drawn) +
                                 ": the other candidates are too similar to those drawn");
  }
}

void draw(const Pool& pool, const SelectionRequest& request, const Evaluated& evaluated,
          core::RandomStream& random, Selection& selection) {
  const std::vector<double>& p = selection.p;
  const auto possible = std::count_if(p.begin(), p.end(), [](double share) { return share > 0; });
  if (possible < request.count) {
    selection.warnings.push_back("count is cut from " + std::to_string(request.count) + " to " +
                                 std::to_string(possible) + ": no more candidates can be drawn");
  }
  const double wanted = kLeastPoolPerDraw * static_cast<double>(request.count);
  if (*selection.effective_templates < wanted) {
    char effective[32];
    std::snprintf(effective, sizeof effective, "%.1f", *selection.effective_templates);
    selection.warnings.push_back("only " + std::string(effective) +
                                 " templates are effective, fewer than 3 for each of the " +
                                 std::to_string(request.count) + " asked for");
  }
  const auto count = static_cast<std::size_t>(request.count);
  PassedOver passed_over;
  if (request.max_similarity < 1) {
    passed_over = [&](std::size_t drawn) {
      return similar_to(pool, drawn, request.max_similarity);
    };
  }
  for (const Draw& drawn : draw_without_replacement(p, count, random, passed_over)) {
    selection.items.push_back({.candidate = drawn.index,
                               .composite = evaluated.composites[drawn.index],
                               .propensity = drawn.propensity,
                               .draw_probability = drawn.draw_probability,
                               .scores = {}});
  }
  if (request.max_similarity < 1) warn_of_similarity(pool, request, possible, selection);
}

/// Scores and probabilities of the candidates that passed the gate.
void weigh(const Preset& preset, const Evaluated& evaluated, Selection& selection) {
  const Mask& admissible = selection.is_admissible;
  std::vector<double> ratios = log_ratios(evaluated.composites, admissible);
  if (preset.target_effective) {
    selection.temperature =
        solve_temperature(ratios, admissible, preset.explore_floor, *preset.target_effective);
  }
  selection.p =
      probabilities(std::move(ratios), admissible, *selection.temperature, preset.explore_floor);
  selection.effective_templates = effective_number(selection.p);
  selection.largest_share = *std::max_element(selection.p.begin(), selection.p.end());
  if (preset.target_effective &&
      std::abs(*selection.effective_templates - *preset.target_effective) >
          1e-6 * *preset.target_effective) {
    selection.warnings.push_back("target_effective " +
                                 core::format_double(*preset.target_effective) +
                                 " is not reached between temperature 0.01 and 10");
  }
}

}  // namespace

std::optional<Tier> parse_tier(std::string_view name) {
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    if (kTiers[i].first == name) return static_cast<Tier>(i);
  }
  return std::nullopt;
}

Gate make_gate(std::optional<Tier> tier, std::optional<double> min_asset_score) {
  const double of_tier = tier ? kTiers[static_cast<std::size_t>(*tier)].second : 0;
  const double number = min_asset_score.value_or(of_tier);
  return {.min_asset_score = number,
          .may_relax = tier ? *tier != Tier::kPremium : number < kPremium};
}

Selection select(const Pool& pool, const Context& context, const SelectionRequest& request,
                 core::Time now, core::RandomStream random) {
  const Setting setting = prepare(pool, context, now);
  Admission admission = admit(pool, context, setting, request);

  Selection selection{.temperature = request.preset.target_effective
                                         ? std::nullopt
                                         : std::optional(request.preset.temperature),
                      .candidates_before_gate = count_of(admission.before),
                      .candidates_after_gate = count_of(admission.after),
                      .relaxed = admission.relaxed,
                      .reason = admission.reason};
  const Evaluated evaluated =
      evaluate(pool, setting, request.weights, request.program_scores, admission.after);
  selection.scorers = evaluated.summaries;
  selection.is_admissible = std::move(admission.after);
  if (selection.candidates_after_gate > 0) {
    weigh(request.preset, evaluated, selection);
    warn_of_idle_scorers(context, request, admission.is_category_filter, selection);
  } else {
    selection.p.assign(pool.size(), 0);
  }
  if (request.lists_all) {
    list_all(admission.before, evaluated, selection);
  } else if (selection.candidates_after_gate > 0) {
    draw(pool, request, evaluated, random, selection);
    selection.repeat_rate = repeat_rate_of(pool, selection.items, now);
  }
  for (SelectedItem& item : selection.items) {
    item.scores = scores_of(pool, setting, request.program_scores, item.candidate);
  }
  return selection;
}

}  // namespace adgenome::scoring
