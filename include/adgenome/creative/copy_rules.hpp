#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// Phrases of `phrases` that stand in the text as whole words, in the order of `phrases`.
std::vector<std::string> phrases_in(std::string_view text, std::span<const std::string> phrases);

/// What a text offers or asserts that someone must have given: amounts ("50 %", "$20"), gifts and
/// terms ("free shipping", "2 for 1", "money back", "30 day trial"), urgency ("today only") and
/// claims of proof ("clinically proven"). Normalised, in order of first appearance, no doubles:
/// "50%" and "50 percent" are one. English.
std::vector<std::string> offers_in(std::string_view text);

/// The offers of `text` that none of the texts in `given` makes.
std::vector<std::string> offers_not_given(std::string_view text,
                                          std::span<const std::string> given);

/// Flesch reading ease of an English text: about 100 is plain, 60 is ordinary, 30 is hard. Nothing
/// for a text without words or in another script. Flesch: A new readability yardstick (1948);
/// syllables are counted by groups of vowels.
std::optional<double> reading_ease(std::string_view text);

/// The verb that calls to act in a call to action ("shop", "discover"), from a list of English
/// ones; nothing where there is none.
std::optional<std::string> action_verb(std::string_view call_to_action);

}  // namespace adgenome::creative
