#include "performance_merge.hpp"

#include <algorithm>
#include <tuple>

namespace adgenome::app {
namespace {

using Rows = std::span<const PendingPeriod* const>;
using Held = std::span<const HeldVersion>;

std::string shown(core::Day start, core::Day stop) {
  return core::format_day(start) + " to " + core::format_day(stop);
}

/// Periods that do not overlap each other, by their first day.
class Calendar {
 public:
  explicit Calendar(Held held) {
    for (const HeldVersion& each : held) {
      stops_[each.date_start()] = each.date_stop();
    }
  }

  /// Takes a period; where it overlaps another one, that one is given back instead.
  std::optional<std::string> take(const store::AdPeriod& period) {
    const auto next = stops_.lower_bound(period.date_start);
    if (next != stops_.end() && next->first == period.date_start &&
        next->second == period.date_stop) {
      return std::nullopt;
    }
    if (next != stops_.begin()) {
      const auto last = std::prev(next);
      if (last->second >= period.date_start) return shown(last->first, last->second);
    }
    if (next != stops_.end() && next->first <= period.date_stop) {
      return shown(next->first, next->second);
    }
    stops_.emplace_hint(next, period.date_start, period.date_stop);
    return std::nullopt;
  }

 private:
  std::map<core::Day, core::Day> stops_;
};

/// Whether no two periods of the rows and of the store share a day unless they are the same.
bool is_disjoint(Rows rows, Held held) {
  const auto disjoint = [](core::Day start, core::Day stop, const store::AdPeriod& other) {
    return (start == other.date_start && stop == other.date_stop) || stop < other.date_start ||
           other.date_stop < start;
  };
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const store::AdPeriod before = rows[i - 1]->period();
    if (!disjoint(before.date_start, before.date_stop, rows[i]->period())) return false;
  }
  std::size_t at = 0;
  for (const PendingPeriod* row : rows) {
    const store::AdPeriod period = row->period();
    while (at < held.size() && held[at].date_stop() < period.date_start) ++at;
    if (at < held.size() && !disjoint(held[at].date_start(), held[at].date_stop(), period)) {
      return false;
    }
  }
  return true;
}

/// The rows that overlap nothing, in their order; the others are noted.
std::vector<const PendingPeriod*> without_overlaps(Rows rows, Held held, MergedChunk& merged) {
  std::vector<const PendingPeriod*> kept(rows.begin(), rows.end());
  if (is_disjoint(rows, held)) return kept;
  // As the lines come, the first one is taken: chunk order is line order.
  std::ranges::sort(kept);
  Calendar calendar(held);
  std::erase_if(kept, [&](const PendingPeriod* row) {
    auto other = calendar.take(row->period());
    if (other) merged.overlapping.emplace_back(row, std::move(*other));
    return other.has_value();
  });
  std::ranges::sort(kept, PendingPeriod::is_before);
  return kept;
}

/// The rows of one period and currency against its versions.
void merge_period(Rows rows, Held versions, core::Time now, MergedChunk& merged) {
  // The version that counted at `now`, and the next one where `now` is not the last word.
  const auto next = std::ranges::find_if(
      versions, [&](const HeldVersion& each) { return each.learned_at() > now; });
  const HeldVersion* known = next == versions.begin() ? nullptr : &*std::prev(next);

  const auto known_values = known ? std::optional(known->values()) : std::nullopt;
  std::optional<store::PerformanceValues> value = known_values;
  for (const PendingPeriod* row : rows) {
    const store::PerformanceValues given = row->values();
    if (!value) {
      ++merged.counts.added;
    } else if (value == given) {
      ++merged.counts.unchanged;
    } else {
      ++merged.counts.changed;
      if (row != rows.front()) ++merged.repeated;
    }
    value = given;
  }
  if (known_values == value) return;
  const PendingPeriod* last = rows.back();
  const store::AdPeriod period = last->period();

  if (next == versions.end()) {
    std::int64_t& spend = merged.spend_added[std::string(period.currency)];
    spend += value->spend_micros - (known ? known_values->spend_micros : 0);
    if (!known || known->learned_at() < now) {
      if (known) merged.replaced.push_back(period);
      merged.added.push_back(last);
      return;
    }
  }
  const bool follows = known && known->learned_at() < now;
  merged.out_of_order.push_back(
      {.version = {.period = period,
                   .values = *value,
                   .learned_at = now,
                   .replaced_at =
                       next == versions.end() ? std::nullopt : std::optional(next->learned_at())},
       .before = follows ? std::optional(known->learned_at()) : std::nullopt});
}

}  // namespace

void merge_ad(std::span<const PendingPeriod* const> rows, std::span<const HeldVersion> held,
              core::Time now, MergedChunk& merged) {
  const auto kept = without_overlaps(rows, held, merged);
  for (auto begin = kept.begin(); begin != kept.end();) {
    const store::AdPeriod period = (*begin)->period();
    const auto end = std::find_if(
        begin, kept.end(), [&](const PendingPeriod* row) { return row->period() != period; });
    const auto key = [](const HeldVersion& each) {
      return std::tuple(each.date_start(), each.date_stop(), each.currency());
    };
    const auto versions = std::ranges::equal_range(
        held, std::tuple(period.date_start, period.date_stop, period.currency), {}, key);
    merge_period(Rows(begin, end), Held(versions.begin(), versions.end()), now, merged);
    merged.currencies.emplace(period.currency);
    merged.first = std::min(merged.first.value_or(period.date_start), period.date_start);
    merged.last = std::max(merged.last.value_or(period.date_stop), period.date_stop);
    begin = end;
  }
}

}  // namespace adgenome::app
