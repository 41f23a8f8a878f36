#include <adgenome/core/text.hpp>
#include <adgenome/creative/brief.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <regex>

namespace adgenome::creative {
namespace {

constexpr std::int64_t kLeastSide = 200;
constexpr std::int64_t kMostSide = 4096;
constexpr std::size_t kNamePart = 12;

struct NamedSize {
  std::string_view name;
  std::int64_t width;
  std::int64_t height;
};
constexpr std::array<NamedSize, 4> kSizes{
    {{"1:1", 1080, 1080}, {"4:5", 1080, 1350}, {"9:16", 1080, 1920}, {"16:9", 1920, 1080}}};

constexpr std::array<std::string_view, 5> kStages{"unaware", "problem_aware", "solution_aware",
                                                  "product_aware", "most_aware"};

std::string name_part(std::string_view text) {
  std::string part;
  for (const char c : core::to_lower(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) part += c;
    if (part.size() == kNamePart) break;
  }
  return part.empty() ? "x" : part;
}

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

}  // namespace

std::optional<CanvasSize> parse_canvas_size(std::string_view text) {
  for (const NamedSize& size : kSizes) {
    if (size.name == text) return CanvasSize{std::string(text), size.width, size.height};
  }
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) return std::nullopt;
  const auto width = core::to_int64(text.substr(0, cross));
  const auto height = core::to_int64(text.substr(cross + 1));
  const auto is_side = [](const std::optional<std::int64_t>& side) {
    return side && *side >= kLeastSide && *side <= kMostSide;
  };
  if (!is_side(width) || !is_side(height)) return std::nullopt;
  return CanvasSize{std::to_string(*width) + "x" + std::to_string(*height), *width, *height};
}

std::span<const std::string> color_modes() {
  static const std::vector<std::string> modes{"original", "complementary", "brand"};
  return modes;
}

std::vector<std::size_t> choose_hooks(std::span<const HookRank> hooks, std::size_t count) {
  std::vector<std::size_t> order(hooks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto score = [&](std::size_t i) { return hooks[i].impact_score.value_or(-1e300); };
    if (hooks[a].affinity != hooks[b].affinity) return hooks[a].affinity > hooks[b].affinity;
    if (score(a) != score(b)) return score(a) > score(b);
    return hooks[a].id < hooks[b].id;
  });
  // Round r takes the (r + 1)-th best of each type.
  std::map<std::string, std::size_t> seen;
  std::vector<std::pair<std::size_t, std::size_t>> rounds;  // round, position in `order`
  for (std::size_t i = 0; i < order.size(); ++i) {
    const HookRank& hook = hooks[order[i]];
    const std::string type = hook.persuasion_type ? "t:" + *hook.persuasion_type : "h:" + hook.id;
    rounds.emplace_back(seen[type]++, i);
  }
  std::stable_sort(rounds.begin(), rounds.end());
  std::vector<std::size_t> chosen;
  for (const auto& [round, position] : rounds) {
    if (chosen.size() == count) break;
    chosen.push_back(order[position]);
  }
  return chosen;
}

std::optional<Rating> find_rating(std::span<const std::string> texts) {
  static const std::regex pattern(R"(\b([0-4](?:\.\d)?|5(?:\.0)?) ?(?:of|out of|/) ?5\b)");
  for (const std::string& text : texts) {
    std::smatch match;
    if (!std::regex_search(text, match, pattern)) continue;
    return Rating{*core::to_double(match[1].str()), text};
  }
  return std::nullopt;
}

std::string call_to_action(std::optional<std::int64_t> stage) {
  switch (stage.value_or(4)) {
    case 1:
      return "Learn more";
    case 2:
      return "See why";
    case 3:
      return "See how it works";
    default:
      return "Shop now";
  }
}

std::optional<std::int64_t> awareness_stage(std::string_view text) {
  const auto* found = std::find(kStages.begin(), kStages.end(), text);
  if (found != kStages.end()) return found - kStages.begin() + 1;
  const auto number = core::to_int64(text);
  if (number && *number >= 1 && *number <= 5) return number;
  return std::nullopt;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), starts_character));
}

std::string cut_at_word(const std::string& text, std::size_t most) {
  if (count_characters(text) <= most) return text;
  std::size_t characters = 0;
  std::size_t end = 0;  // behind the last whole word that has room
  for (std::size_t i = 0; i < text.size() && characters <= most; ++i) {
    if (text[i] == ' ') end = i;
    if (starts_character(text[i])) ++characters;
  }
  std::string cut = text.substr(0, end);
  while (!cut.empty() && std::string_view(" ,;:-").find(cut.back()) != std::string_view::npos)
    cut.pop_back();
  return cut;
}

std::string image_file_name(std::string_view brand, std::string_view short_id,
                            std::string_view template_name, std::string_view color_mode,
                            const CanvasSize& size) {
  return name_part(brand) + "-" + name_part(short_id) + "-" + name_part(template_name) + "-" +
         name_part(color_mode) + "-" + std::to_string(size.width) + "x" +
         std::to_string(size.height) + ".png";
}

}  // namespace adgenome::creative
