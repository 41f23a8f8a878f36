#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace adgenome::ingest {

/// The names under which the Marketing API reports one event, the most complete first: over all
/// channels (omni), aggregated, then channel by channel. One purchase stands under several of them
/// at once, so the first that is present counts, by its exact name, and nothing is added up.
class EventLadder {
 public:
  explicit EventLadder(std::string_view event);

  const std::string& event() const { return event_; }
  const std::vector<std::string>& rungs() const { return rungs_; }
  /// The place of an action type on the ladder; rungs().size() where it is no rung.
  std::size_t rung(std::string_view action_type) const;
  /// Whether this names the event as "Result indicator" of an export does: an action type, perhaps
  /// behind "actions:" or "conversions:".
  bool is_indicator(std::string_view text) const;

 private:
  std::string event_;
  std::vector<std::string> rungs_;
};

}  // namespace adgenome::ingest
