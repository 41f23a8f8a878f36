#pragma once

#include <adgenome/core/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// A key of the settings that something reads.
struct SettingKey {
  enum class Home { kField, kSelectionConfig, kAccountConfig };
  enum class Type { kText, kTexts, kBoolean, kNumber, kChoice, kObjectiveWeights };

  std::string name;  ///< one that ends with a dot is followed by a member: "weights.fatigue"
  Home home;
  Type type;
  std::string_view choices = {};  ///< of kChoice, separated by |
  double low = 0;                 ///< of kNumber
  double high = 0;
  std::string default_value = {};  ///< empty: none
  bool is_of_brand = true;
  bool is_of_account = false;
  std::string_view read_by = {};
};

std::span<const SettingKey> setting_keys();

/// Whether a member of account_config is an object whose members are keys of their own.
bool is_group(const std::string& name);

/// The key of that name, of a brand or of an account. Throws InvalidInput with the nearest one.
const SettingKey& find_setting_key(const std::string& name, bool is_of_account);

/// The value that a text means for a key; null takes it away. Throws InvalidInput for one that the
/// key's readers would refuse.
core::Json parse_setting(const SettingKey& key, const std::string& name, const std::string& text);

/// What a key takes: "default, growth or premium", "0 to 1".
std::string range_of(const SettingKey& key);

}  // namespace adgenome::app
