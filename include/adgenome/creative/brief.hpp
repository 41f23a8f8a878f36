#pragma once

#include <adgenome/creative/content.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// A canvas by the name under which it is asked for and stored.
struct CanvasSize {
  std::string name;  ///< "1:1", "4:5", "9:16", "16:9" or "1200x628"
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// Reads a size; nothing for any other text, and for sides outside 200 to 4096 pixels.
std::optional<CanvasSize> parse_canvas_size(std::string_view text);

/// original, complementary, brand.
std::span<const std::string> color_modes();

/// What of a hook decides whether it is taken.
struct HookRank {
  std::string id;
  std::optional<double> impact_score;  ///< unknown ranks below every known one
  std::optional<std::string> persuasion_type;
  double affinity = 0;  ///< to who is spoken to; ranks before the impact
};

/// Positions of `count` hooks (or of all, where there are fewer): the highest affinity, then impact
/// scores, at most one of a persuasion type until each type is used, and so on; ties by id. Hooks
/// without a type are each a type of their own.
std::vector<std::size_t> choose_hooks(std::span<const HookRank> hooks, std::size_t count);

/// The first text that says how buyers rated ("Rated 4.8 of 5 by 2,314 owners"): stars are shown
/// only where the catalogue has such a sentence.
std::optional<Rating> find_rating(std::span<const std::string> texts);

/// The call to action for a stage of awareness (1..5); unknown is taken as 4.
std::string call_to_action(std::optional<std::int64_t> stage);

/// The stage (1..5) of a number or of unaware, problem_aware, solution_aware, product_aware,
/// most_aware.
std::optional<std::int64_t> awareness_stage(std::string_view text);

std::size_t count_characters(std::string_view utf8);

/// The text, cut at the end of a word where it has more than `most` characters.
std::string cut_at_word(const std::string& text, std::size_t most);

/// BRAND-SHORTID-TEMPLATE-COLOR-WxH.png; each name is reduced to at most 12 of a-z0-9.
std::string image_file_name(std::string_view brand, std::string_view short_id,
                            std::string_view template_name, std::string_view color_mode,
                            const CanvasSize& size);

}  // namespace adgenome::creative
