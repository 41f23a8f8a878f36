#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/prompt.hpp>

namespace adgenome::creative {
namespace {

TEST_CASE("canvas sizes by name and by pixels") {
  CHECK(parse_canvas_size("9:16")->height == 1920);
  CHECK(parse_canvas_size("1200x628")->name == "1200x628");
  CHECK_FALSE(parse_canvas_size("3:2"));
  CHECK_FALSE(parse_canvas_size("100x1000"));
  CHECK_FALSE(parse_canvas_size("1000x"));
  CHECK_FALSE(parse_canvas_size("-300x300"));
  CHECK_FALSE(parse_canvas_size("5000x1000"));
}

TEST_CASE("hooks: the best impact, a persuasion type again only after all others") {
  const std::vector<HookRank> hooks{{"a", 0.9, "contrast"},
                                    {"b", 0.8, "contrast"},
                                    {"c", 0.5, "social_proof"},
                                    {"d", 0.9, "authority"},
                                    {"e", std::nullopt, std::nullopt}};
  CHECK(choose_hooks(hooks, 1) == std::vector<std::size_t>{0});
  CHECK(choose_hooks(hooks, 3) == std::vector<std::size_t>{0, 3, 2});
  CHECK(choose_hooks(hooks, 9) == std::vector<std::size_t>{0, 3, 2, 4, 1});
  CHECK(choose_hooks({}, 2).empty());
}

TEST_CASE("a rating is shown only where a sentence has one") {
  const std::vector<std::string> texts{"Fits 5 cups of 5 sizes or so",
                                       "Rated 4.8 of 5 by 2,314 owners"};
  const auto rating = find_rating(std::span(texts).subspan(1));
  REQUIRE(rating);
  CHECK(rating->stars == 4.8);
  CHECK(rating->text == texts[1]);
  CHECK(find_rating(std::vector<std::string>{"4.5/5"})->stars == 4.5);
  CHECK_FALSE(
      find_rating(std::vector<std::string>{"A 15 of 50 chance", "7 out of 10", "24.8 of 5"}));
}

TEST_CASE("texts are cut at the end of a word, by characters and not by bytes") {
  CHECK(cut_at_word("Cold for a day", 14) == "Cold for a day");
  CHECK(cut_at_word("Cold for a day", 11) == "Cold for a");
  CHECK(cut_at_word("Cold, for a day", 6) == "Cold");
  CHECK(cut_at_word("Größe für alle", 9) == "Größe für");
  CHECK(cut_at_word("Unbreakable", 4).empty());
  CHECK(count_characters("Größe") == 5);
}

TEST_CASE("stages and what is called for at each") {
  CHECK(awareness_stage("problem_aware") == 2);
  CHECK(awareness_stage("5") == 5);
  CHECK_FALSE(awareness_stage("6"));
  CHECK_FALSE(awareness_stage("sleepy"));
  CHECK(call_to_action(1) == "Learn more");
  CHECK(call_to_action(std::nullopt) == "Shop now");
}

TEST_CASE("file names carry the short id between dashes, and nothing that a shell minds") {
  CHECK(image_file_name("Tarnwell & Söhne", "0a1b2c3d", "Quote over soft paper", "original",
                        *parse_canvas_size("4:5")) ==
        "tarnwellshne-0a1b2c3d-quoteoversof-original-1080x1350.png");
  CHECK(image_file_name("§", "0a1b2c3d", "", "brand", *parse_canvas_size("1:1")) ==
        "x-0a1b2c3d-x-brand-1080x1080.png");
}

TEST_CASE("everything that was given stands in the prompt, and nothing else is offered") {
  Prompt prompt;
  prompt.product_name = "Early Can";
  prompt.headline = "Ready before you";
  prompt.prohibited_claims = {"cures tiredness"};
  prompt.disclaimers = {"Contains caffeine."};
  prompt.persona_id = "p1";
  prompt.depiction = "A baker at five";
  word_prompt(prompt, built_in_prompt_version("1"));
  core::Json document = to_json(prompt);
  CHECK(document.at("persona").at("depiction") == "A baker at five");
  CHECK(document.at("brief").get<std::string>().find("A baker at five") != std::string::npos);
  std::string rules = document.at("rules").dump();
  CHECK(rules.find("cures tiredness") != std::string::npos);
  CHECK(rules.find("Contains caffeine.") != std::string::npos);
  CHECK(rules.find("offer nothing: no price, discount or gift") != std::string::npos);
  prompt.current_offer = "15% off";
  word_prompt(prompt, built_in_prompt_version("1"));
  rules = to_json(prompt).at("rules").dump();
  CHECK(rules.find("offer nothing but: 15% off") != std::string::npos);
  CHECK(to_json(prompt).at("content").at("congruence_score").is_null());
  prompt.persona_id.reset();
  CHECK(to_json(prompt).at("persona").is_null());
}

TEST_CASE("a prompt reads back as it was written, and those of older programs are read") {
  Prompt prompt;
  prompt.headline = "Ready before you";
  prompt.hook_id = "h1";
  prompt.assets = {.is_analysed = true,
                   .needs = {{.asset = "logo", .is_available = false, .instruction = "none"}}};
  word_prompt(prompt, built_in_prompt_version("benefit-first"));
  core::Json document = to_json(prompt);
  CHECK(to_json(prompt_from_json(document, "ad a")) == document);
  // What the first program did not write.
  document.at("content").erase("congruence");
  document.at("content").erase("angle_id");
  document["asset_context"] = {{"required_assets", {"logo"}}, {"missing_assets", {"logo"}}};
  document.at("template_analysis").erase("palette");
  const Prompt old = prompt_from_json(document, "ad a");
  CHECK(old.assets.needs.size() == 1);
  CHECK_FALSE(old.assets.needs[0].is_available);
  CHECK(old.headline == "Ready before you");
  document.erase("task");
  CHECK_THROWS_WITH_AS(prompt_from_json(document, "ad a"), doctest::Contains("not a prompt"),
                       core::InvalidInput);
}

TEST_CASE("phrases leave out what is not known") {
  const PromptFacts facts{{"a", "A"}};
  CHECK(*fill_phrase("{a}[, {b}|, no b][ {b}]", facts) == "A, no b");
  CHECK_FALSE(fill_phrase("{b}", facts).has_value());
  CHECK_THROWS_AS(check_phrase("[{a}", {"a"}, "x"), core::InvalidInput);
  CHECK_THROWS_AS(check_phrase("{c}", {"a"}, "x"), core::InvalidInput);
  CHECK_THROWS_AS(built_in_prompt_version("none"), core::InvalidInput);
}

}  // namespace
}  // namespace adgenome::creative
