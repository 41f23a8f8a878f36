#include <adgenome/app/attribute.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/baseline.hpp>
#include <adgenome/learning/reward.hpp>
#include <adgenome/learning/strata.hpp>
#include <adgenome/store/rewards.hpp>
#include <adgenome/store/window_sums.hpp>
#include <algorithm>
#include <map>

#include "attribution_document.hpp"
#include "element_tags.hpp"
#include "reward_baseline.hpp"
#include "strata_key.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using store::WindowSums;

constexpr std::int64_t kAnyLength = 1'000'000;
const std::vector<std::string> kOfAds = {"awareness_stage", "audience",       "objective",
                                         "launch_month",    "launch_quarter", "adset",
                                         "campaign",        "platform",       "product"};
const std::vector<std::string> kOfWeeks = {"week", "spend_bucket", "impressions_bucket",
                                           "frequency_bucket", "age_weeks"};

bool is_in(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::find(list, name) != list.end();
}

struct Ad {
  store::TaggedAd row;
  std::map<std::string, std::string> tags;
  std::optional<core::Day> launch;  ///< first delivery
};

/// A row to be folded: an ad, what it ran in, and what came of it.
struct Trial {
  const Ad* ad = nullptr;
  const WindowSums* sums = nullptr;  ///< absent: the ad never ran
  std::int64_t successes = 0;
  std::int64_t trials = 0;
  std::map<std::string, int> buckets;  ///< by name of the stratum
};

std::string month_of(core::Day day) {
  return core::format_day(day).substr(0, 7);
}

core::Day launch_of(const Ad& ad) {
  return ad.launch.value_or(core::day_of(ad.row.created_at));
}

/// What a stratum says of a row; empty where it is not known.
std::string stratum_value(const std::string& name, const Trial& trial) {
  const auto tag = [&](const char* dimension) {
    const auto found = trial.ad->tags.find(dimension);
    return found == trial.ad->tags.end() ? std::string() : found->second;
  };
  if (name == "audience") {
    const std::string persona = tag("persona");
    return !persona.empty() || !trial.sums ? persona : trial.sums->adset_name;
  }
  if (name == "launch_month") return month_of(launch_of(*trial.ad));
  if (name == "launch_quarter")
    return learning::quarter_name(learning::quarter_of(launch_of(*trial.ad)));
  if (name == "product") return trial.ad->row.product_id;
  const auto bucket = trial.buckets.find(name);
  if (bucket != trial.buckets.end()) return std::to_string(bucket->second);
  if (is_in(kOfWeeks, name)) return "";
  if (name == "objective") {
    return !trial.sums || trial.sums->objective.empty()
               ? ""
               : learning::canonical_objective(trial.sums->objective);
  }
  if (name == "adset") return trial.sums ? trial.sums->adset_name : "";
  if (name == "campaign") return trial.sums ? trial.sums->campaign_id : "";
  if (name == "platform") return trial.sums ? trial.sums->platform : "";
  return tag(name.c_str());
}

std::string cluster_of(const std::string& name, const Trial& trial) {
  if (name == "ad") return trial.ad->row.ad_id;
  if (name == "batch" && !trial.ad->row.batch_id.empty()) return trial.ad->row.batch_id;
  return trial.ad->row.ad_run_id;
}

/// Quartiles of a figure among the rows of each week and currency.
template <class Figure>
void add_buckets(const std::string& name, std::vector<Trial>& trials, Figure figure) {
  std::map<std::pair<std::int64_t, std::string>, std::vector<Trial*>> weeks;
  for (Trial& trial : trials) {
    if (figure(*trial.sums)) weeks[{trial.sums->window, trial.sums->currency}].push_back(&trial);
  }
  for (const auto& [week, members] : weeks) {
    std::vector<std::int64_t> values;
    for (const Trial* trial : members) values.push_back(*figure(*trial->sums));
    const std::vector<int> quarters = learning::quartiles(values);
    for (std::size_t i = 0; i < members.size(); ++i) members[i]->buckets[name] = quarters[i];
  }
}

void add_week_strata(const store::DayWindows& weeks, std::vector<Trial>& trials) {
  using Optional = std::optional<std::int64_t>;
  add_buckets("spend_bucket", trials, [](const WindowSums& s) { return Optional(s.spend_micros); });
  add_buckets("impressions_bucket", trials,
              [](const WindowSums& s) { return Optional(s.impressions); });
  add_buckets("frequency_bucket", trials, [](const WindowSums& s) {
    constexpr std::int64_t kMillionths = 1'000'000;
    return s.reach_sum.value_or(0) > 0 ? Optional(s.impressions * kMillionths / *s.reach_sum)
                                       : Optional();
  });
  for (Trial& trial : trials) {
    trial.buckets["week"] = static_cast<int>(trial.sums->window);
    const auto age = weeks.first_day(trial.sums->window) - launch_of(*trial.ad);
    trial.buckets["age_weeks"] = static_cast<int>(age.count() / 7);
  }
}

/// The audience of an ad with a persona is that persona.
const learning::StratumDimensions kMadeOf = {{"audience", "persona"}};

bool is_weekly(const std::vector<std::string>& strata) {
  return std::ranges::any_of(strata, [](const std::string& name) { return is_in(kOfWeeks, name); });
}

/// The strata that were asked for, else the default ones.
std::vector<std::string> strata_of(const AttributeOptions& options, const std::string& outcome) {
  if (!options.strata.empty()) return options.strata;
  std::vector<std::string> strata = {"awareness_stage", "audience", "objective"};
  if (options.is_classic && outcome != "rewards") {
    strata.insert(strata.end(), {"spend_bucket", "week"});
  } else {
    strata.emplace_back("launch_month");
  }
  return strata;
}

class Attributed {
 public:
  Attributed(store::Session& session, const store::Brand& brand, const AttributeOptions& options)
      : session_(session), brand_(brand), options_(options), known_(options.now, options.known_at) {
    for (store::TaggedAd& row : store::tagged_ads(session, brand.id, known_.attribution)) {
      Ad ad{.row = std::move(row), .tags = {}, .launch = {}};
      ad.tags = element_tags(ad.row);
      ads_.emplace(ad.row.ad_id, std::move(ad));
    }
  }

  void load() {
    strata_ = strata_of(options_, options_.outcome);
    load_sums();
    const bool has_clicks =
        std::ranges::any_of(sums_, [](const WindowSums& s) { return s.ad_id && s.clicks; });
    outcome_ = !options_.outcome.empty() ? options_.outcome : has_clicks ? "clicks" : "rewards";
    if (outcome_ == "rewards") {
      if (is_weekly(options_.strata)) {
        throw core::UsageError("a reward is that of an ad and not of a week",
                               "leave out " + core::join(kOfWeeks, ", "), "option --strata");
      }
      if (is_weekly(strata_)) {
        strata_ = strata_of(options_, outcome_);
        load_sums();
      }
    }
    for (const WindowSums& sums : sums_) {
      const auto ad = sums.ad_id ? ads_.find(*sums.ad_id) : ads_.end();
      if (ad == ads_.end() || !sums.first_delivery) continue;
      auto& launch = ad->second.launch;
      launch = std::min(launch.value_or(*sums.first_delivery), *sums.first_delivery);
    }
    if (outcome_ == "rewards") {
      take_rewards();
    } else {
      take_clicks();
      if (is_weekly(strata_)) add_week_strata(windows(), trials_);
    }
  }

  bool has_dimension(const std::string& name) const {
    return std::ranges::any_of(ads_, [&](const auto& ad) { return ad.second.tags.contains(name); });
  }

  Report report() const {
    StrataKey key(strata_);
    learning::AttributionFold fold(kMadeOf);
    std::int64_t successes = 0;
    std::int64_t trials = 0;
    for (const Trial& trial : trials_) {
      std::vector<std::pair<std::string_view, std::string_view>> tags(trial.ad->tags.begin(),
                                                                      trial.ad->tags.end());
      std::vector<std::string> values;
      for (const std::string& name : strata_) values.push_back(stratum_value(name, trial));
      key.begin_row();
      for (std::size_t i = 0; i < strata_.size(); ++i) key.add(strata_[i], values[i]);
      const std::string cluster = cluster_of(options_.cluster, trial);
      const std::string block = core::format_day(learning::quarter_of(launch_of(*trial.ad)));
      fold.add({.tags = tags,
                .stratum = key.end_row(),
                .cluster = cluster,
                .block = block,
                .successes = trial.successes,
                .trials = trial.trials});
      successes += trial.successes;
      trials += trial.trials;
    }
    Json unknown = Json::object();
    for (const auto& [name, rows] : key.unknown()) {
      if (rows > 0) unknown[name] = rows;
    }
    std::vector<std::string> notes = stratum_warnings(strata_);
    if (options_.is_classic && options_.strata.empty() && outcome_ == "rewards") {
      notes.emplace_back(
          "a reward is that of an ad and not of a week: its strata have the month of launch in "
          "place of spend_bucket and week");
    }
    if (without_clicks_ > 0) {
      notes.push_back(std::to_string(without_clicks_) +
                      " platform ads of platforms that report no clicks are left out");
    }
    Json summary = {{"outcome", outcome_},
                    {"rows", trials_.size()},
                    {"successes", successes},
                    {"trials", trials},
                    {"cluster", options_.cluster.empty() ? "run" : options_.cluster},
                    {"unknown", std::move(unknown)},
                    {"warnings", notes}};
    const learning::Attribution attribution =
        learning::attribute(std::move(fold).finish(), options_.seed);
    return {.document = attribution_document(attribution, options_,
                                             {.names = strata_, .dimensions = kMadeOf}, brand_.id,
                                             std::move(summary)),
            .notes = std::move(notes)};
  }

 private:
  store::DayWindows windows() const {
    return is_weekly(strata_) ? store::DayWindows::iso_weeks() : store::DayWindows::none();
  }

  void load_sums() {
    sums_ =
        store::window_sums(session_, brand_.id, core::day_of(options_.now) + std::chrono::days(1),
                           known_.performance, known_.attribution, windows(), kAnyLength);
  }

  void take_clicks() {
    for (const WindowSums& sums : sums_) {
      const auto ad = sums.ad_id ? ads_.find(*sums.ad_id) : ads_.end();
      if (ad == ads_.end() || sums.impressions == 0) continue;
      if (!sums.clicks) {
        ++without_clicks_;
        continue;
      }
      // A click that came without its impression is none.
      trials_.push_back({.ad = &ad->second,
                         .sums = &sums,
                         .successes = std::min(*sums.clicks, sums.impressions),
                         .trials = sums.impressions,
                         .buckets = {}});
    }
  }

  void take_rewards() {
    std::map<std::string, const WindowSums*> most;  // by ad, where it delivered most
    for (const WindowSums& sums : sums_) {
      if (!sums.ad_id) continue;
      const WindowSums*& kept = most[*sums.ad_id];
      if (!kept || sums.impressions > kept->impressions) kept = &sums;
    }
    for (const store::StoredReward& reward :
         store::rewards(session_, brand_.id, known_.performance)) {
      const auto ad = ads_.find(reward.ad_id);
      if (ad == ads_.end()) continue;
      const auto ran = most.find(reward.ad_id);
      trials_.push_back({.ad = &ad->second,
                         .sums = ran == most.end() ? nullptr : ran->second,
                         .successes = reward.reward > 0.5 ? 1 : 0,
                         .trials = 1,
                         .buckets = {}});
    }
  }

  store::Session& session_;
  const store::Brand& brand_;
  const AttributeOptions& options_;
  Known known_;
  std::map<std::string, Ad> ads_;
  std::vector<WindowSums> sums_;
  std::vector<Trial> trials_;
  std::vector<std::string> strata_;
  std::string outcome_;
  std::int64_t without_clicks_ = 0;
};

}  // namespace

Report attribution_in_store(store::Session& session, const store::Brand& brand,
                            const AttributeOptions& options) {
  const store::Transaction snapshot(session, store::Transaction::Kind::kSnapshot);
  Attributed attributed(session, brand, options);
  for (const std::string& name : options.strata) {
    if (is_in(kOfAds, name) || is_in(kOfWeeks, name) || attributed.has_dimension(name)) continue;
    throw core::UsageError(
        "\"" + name + "\" is neither a known stratum nor a tag of the brand's ads",
        "known are " + core::join(kOfAds, ", ") + ", " + core::join(kOfWeeks, ", ") +
            " and the dimensions of tags",
        "option --strata");
  }
  attributed.load();
  return attributed.report();
}

}  // namespace adgenome::app
