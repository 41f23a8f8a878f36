#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace adgenome::ingest {

/// The fields of a performance row (page 2.5), required ones first.
enum class Field : std::uint8_t {
  kPlatform,
  kPlatformAdId,
  kDateStart,
  kCurrency,
  kImpressions,
  kSpend,
  kDateStop,
  kAccountId,
  kCampaignId,
  kCampaignName,
  kObjective,
  kAdsetId,
  kAdsetName,
  kAdName,
  kReach,
  kFrequency,
  kClicks,
  kLinkClicks,
  kConversions,
  kConversionValue,
  kAttributionWindow,
};
inline constexpr std::size_t kFieldCount = 21;

constexpr std::size_t index_of(Field field) {
  return static_cast<std::size_t>(field);
}

/// The names of the fields in their order.
std::span<const std::string_view, kFieldCount> field_names();

inline std::string_view name_of(Field field) {
  return field_names()[index_of(field)];
}

std::optional<Field> field_named(std::string_view name);

constexpr bool is_whole(Field field) {
  return field == Field::kImpressions || field == Field::kReach || field == Field::kClicks ||
         field == Field::kLinkClicks;
}
constexpr bool is_figure(Field field) {
  return is_whole(field) || field == Field::kSpend || field == Field::kFrequency ||
         field == Field::kConversions || field == Field::kConversionValue;
}
constexpr bool is_money(Field field) {
  return field == Field::kSpend || field == Field::kConversionValue;
}
constexpr bool is_id(Field field) {
  return field == Field::kPlatformAdId || field == Field::kAccountId ||
         field == Field::kCampaignId || field == Field::kAdsetId;
}

/// The texts of one row by field, whatever they came from; empty where there is none.
struct FieldTexts {
  std::array<std::string_view, kFieldCount> texts;
  std::string_view& operator[](Field field) { return texts[index_of(field)]; }
  std::string_view operator[](Field field) const { return texts[index_of(field)]; }
};

}  // namespace adgenome::ingest
