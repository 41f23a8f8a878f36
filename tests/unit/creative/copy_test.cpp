#include <doctest/doctest.h>

#include <adgenome/creative/copy_rules.hpp>
#include <adgenome/creative/text_match.hpp>

using namespace adgenome::creative;
using Words = std::vector<std::string>;

TEST_CASE("words are what a reader would say they are") {
  CHECK(words_of("Sleep BETTER, tonight!") == Words{"sleep", "better", "tonight"});
  CHECK(words_of("it\u2019s a well-made thing") == Words{"its", "a", "wellmade", "thing"});
  CHECK(words_of("Caf\u00e9 \u0141\u00f3d\u017a \u2014 na\u00efve") ==
        Words{"cafe", "lodz", "naive"});
  CHECK(words_of("50% off, \u20ac20 \U0001f600") == Words{"50", "%", "off", "eur", "20"});
  CHECK(words_of("\xff\xfe ok \xc3") == Words{"ok"});
  CHECK(words_of("").empty());
  CHECK(has_other_script("\u0645\u0631\u062d\u0628\u0627"));
  CHECK(has_other_script("\u7761\u7720"));
  CHECK_FALSE(has_other_script("Caf\u00e9 \u2014 \u20ac20 \u2605 \U0001f600"));
}

TEST_CASE("edits between two texts") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("a text that was read is held against the one that should be there") {
  const WordMatch same = match_words("Sleep better tonight", "SLEEP BETTER\nTONIGHT");
  CHECK(same.character_error_rate == 0);
  CHECK(same.missing.empty());
  CHECK(same.extra.empty());

  const WordMatch cut = match_words("Sleep better tonight", "Sleep bet");
  CHECK(cut.character_error_rate == doctest::Approx(11.0 / 20));
  CHECK(cut.missing == Words{"better", "tonight"});
  CHECK(cut.extra == Words{"bet"});

  const WordMatch garbled = match_words("Sleep better tonight", "Slpee bteetr tnoihgt");
  CHECK(garbled.character_error_rate > 0.25);
  CHECK(garbled.missing.size() == 3);

  CHECK(match_words("Only 10 left", "0nly lO left").character_error_rate == 0);
  CHECK(match_words("Wake up rested", "Wage up rested").missing == Words{"wake"});
  CHECK(match_words("Wake up refreshed", "Wake up refreshcd").missing.empty());
  CHECK(match_words("Shop now", "").character_error_rate == 1);
}

TEST_CASE("phrases are found as whole words") {
  const Words phrases{"cure", "miracle results", "heals"};
  CHECK(phrases_in("A secure fit. Procure yours", phrases).empty());
  CHECK(phrases_in("The cure: MIRACLE-free? miracle results!", phrases) ==
        Words{"cure", "miracle results"});
  CHECK(phrases_in("anything", Words{"", "!"}).empty());
}

TEST_CASE("an offer must have been given") {
  CHECK(offers_in("Save 50% today only, free shipping") ==
        Words{"50 %", "limited time", "free shipping"});
  CHECK(offers_in("Only $1,299.50 or 20 euros") == Words{"$ 129950", "eur 20"});
  CHECK(offers_in("100-night trial and a money-back guarantee") ==
        Words{"100 day trial", "money back", "guarantee"});
  CHECK(offers_in("Feel free in a sugar-free, BPA-free bottle for 30 days").empty());
  CHECK(offers_in("Halfway through 2024 nights").empty());

  const Words given{"20 percent off the first order", "30-day money back guarantee"};
  CHECK(offers_not_given("Take 20% off, money back", given).empty());
  CHECK(offers_not_given("Take 25% off", given) == Words{"25 %"});
  CHECK(offers_not_given("Buy one get one", given) == Words{"2 for 1"});
}

TEST_CASE("plain words read easier than long ones") {
  const double plain = *reading_ease("Sleep well tonight.");
  const double hard = *reading_ease("Revolutionary orthopaedic sleeping accommodation.");
  CHECK(plain > 60);
  CHECK(hard < 0);
  // The cat sat on the mat: 6 words, 6 syllables, 1 sentence.
  CHECK(*reading_ease("The cat sat on the mat.") == doctest::Approx(206.835 - 1.015 * 6 - 84.6));
  CHECK_FALSE(reading_ease("..."));
  CHECK_FALSE(reading_ease("\u7761\u7720"));
}

TEST_CASE("a call to action calls to act") {
  CHECK(action_verb("Shop now") == "shop");
  CHECK(action_verb("Yes, try it") == "try");
  CHECK_FALSE(action_verb("More information"));
  CHECK_FALSE(action_verb("Workshop"));
}
