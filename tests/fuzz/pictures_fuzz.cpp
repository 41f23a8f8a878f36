#include <doctest/doctest.h>

#include <adgenome/core/json.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/imaging/image.hpp>
#include <nlohmann/json.hpp>

#include "fuzz.hpp"

using namespace adgenome;

TEST_CASE("pictures") {
  fuzz::run({.name = "pictures",
             .folders = {"fuzz/corpus/pictures", "support/pictures"},
             .rounds = 20'000,
             .parse = [](const std::string& bytes) {
               const imaging::Image image = imaging::decode(bytes, "x");
               if (image.width < 1 || image.height < 1 ||
                   image.rgba.size() != 4 * static_cast<std::size_t>(image.width) *
                                            static_cast<std::size_t>(image.height)) {
                 FAIL_CHECK("a picture without all its pixels");
               }
             }});
}

TEST_CASE("layouts") {
  fuzz::run({.name = "layouts",
             .folders = {"fuzz/corpus/layouts", "../src/creative/assets/layouts"},
             .rounds = 20'000,
             .parse = [](const std::string& text) {
               const creative::Layout layout =
                   creative::parse_layout(core::parse_json(text, "x"), "x");
               for (const auto& elements : layout.elements) {
                 for (const creative::Element& element : elements) {
                   if (!(element.box.width > 0) || !(element.box.height > 0))
                     FAIL_CHECK("a box without area");
                   for (const creative::Item& item : element.items) {
                     if (item.style.min_size > item.style.max_size)
                       FAIL_CHECK("sizes the wrong way round");
                   }
                 }
               }
             }});
}
