#pragma once

#include <adgenome/learning/strata.hpp>
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::app {

inline constexpr std::string_view kUnknownStratum = "unknown";

/// The stratum of a row from what each name says of it, and how often nothing is said.
class StrataKey {
 public:
  /// With names only these count; without, all that come.
  explicit StrataKey(const std::vector<std::string>& names) : names_(names) {}

  void begin_row() {
    ++rows_;
    parts_.clear();
  }
  void add(std::string_view name, std::string_view value) {
    if (!names_.empty() && std::ranges::find(names_, name) == names_.end()) return;
    if (value.empty() || value == kUnknownStratum) return;
    parts_.emplace_back(name, value);
  }
  /// What is not known is left out of the key, so that a missing and an unknown value are one.
  std::string_view end_row() {
    std::ranges::sort(parts_);
    key_.clear();
    for (const auto& [name, value] : parts_) {
      auto known = known_.find(name);
      if (known == known_.end()) known = known_.emplace(std::string(name), 0).first;
      ++known->second;
      key_.append(name).push_back(learning::kPartValue);
      key_.append(value).push_back(learning::kPartEnd);
    }
    return key_;
  }

  /// Rows without a value, by name.
  std::map<std::string, std::int64_t> unknown() const {
    std::map<std::string, std::int64_t> unknown;
    for (const std::string& name : names_) unknown[name] = rows_;
    for (const auto& [name, known] : known_) unknown[name] = rows_ - known;
    return unknown;
  }

 private:
  const std::vector<std::string>& names_;
  std::vector<std::pair<std::string_view, std::string_view>> parts_;
  std::string key_;
  std::map<std::string, std::int64_t, std::less<>> known_;
  std::int64_t rows_ = 0;
};

}  // namespace adgenome::app
