#include <doctest/doctest.h>

#include <adgenome/creative/rewrite.hpp>

namespace adgenome::creative {
namespace {

std::string fault(const std::string& text) {
  return rewrite_fault(text, {.most_characters = 40,
                              .given = {"15% off your first order", "Rated by 2,314 owners"},
                              .prohibited_claims = {"keeps you healthy"}})
      .value_or("");
}

TEST_CASE("a rewrite keeps to what was given") {
  CHECK(fault("Cold water until the last mile") == "");
  CHECK(fault("15 % off, and cold all day") == "");
  CHECK(fault("2314 owners drink it cold") == "");
  CHECK(fault("20% off, and cold all day") == "offers \"20 %\", which was not given");
  CHECK(fault("Cold all day, with free shipping") ==
        "offers \"free shipping\", which was not given");
  CHECK(fault("3,000 owners drink it cold") == "names the number 3000, which was not given");
  CHECK(fault("It keeps you healthy, and cold") ==
        "makes the prohibited claim \"keeps you healthy\"");
}

TEST_CASE("offers in other languages are offers") {
  const auto fault_in = [](const std::string& text, const std::string& given) {
    return rewrite_fault(text, {.most_characters = 60, .given = {given}, .prohibited_claims = {}})
        .value_or("");
  };
  CHECK(fault_in("Kostenloser Versand, eiskalt", "Eiskalt") ==
        "offers \"kostenlos\", which was not given");
  CHECK(fault_in("Kostenloser Versand, eiskalt", "Versand kostenlos") == "");
  CHECK(fault_in("Fraîche, et la livraison gratuite", "Fraîche") ==
        "offers \"gratuit\", which was not given");
  CHECK(fault_in("一日中冷たい、送料無料", "冷たい") == "offers \"無料\", which was not given");
  CHECK(fault_in("一日中冷たい水を", "冷たい") == "");
}

TEST_CASE("a rewrite is one line that has room, by characters") {
  CHECK(fault("") == "is empty");
  CHECK(fault(" \t") == "is empty");
  CHECK(fault("Cold\nall day") == "is more than one line of text");
  CHECK(fault("ääääääääääääääääääääääääääääääääääääääää") == "");
  CHECK(fault("äääääääääääääääääääääääääääääääääääääääää") ==
        "has 41 characters, more than the 40 that there is room for");
}

TEST_CASE("nobody is quoted who said nothing") {
  CHECK(fault("“My water stays cold”") == "is a quotation of what nobody said");
  CHECK(is_quotation("  „Noch kalt am Abend.“"));
  CHECK(is_quotation("「まだ冷たい」"));
  CHECK(!is_quotation("Owners say “cold”"));
}

}  // namespace
}  // namespace adgenome::creative
