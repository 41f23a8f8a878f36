#include <doctest/doctest.h>

#include <adgenome/app/template_analysis.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/imaging/image.hpp>
#include <adgenome/providers/models.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/template_analyses.hpp>
#include <nlohmann/json.hpp>

#include "support/stores.hpp"

using namespace adgenome;
using core::Json;
using testing::kNow;
using testing::on_both_backends;

namespace {

/// Sees two people everywhere, or fails.
class Watcher : public providers::LanguageModel {
 public:
  int calls = 0;
  bool fails = false;
  std::string version() const override { return "tests/watcher"; }
  Json ask(const providers::Question& question) override {
    ++calls;
    CHECK(question.purpose.step == "template_analysis");
    CHECK(question.pictures.at(0).media_type == "image/png");
    if (fails) throw core::ProviderError("out of order");
    return {{"people", 2},
            {"depiction", "two hikers at a lake"},
            {"objects", {"lake", "rucksack"}},
            {"confidence", 0.8}};
  }
};

}  // namespace

TEST_CASE("the analysis of a template's picture is kept by its hash and read by the gate") {
  const testing::TemporaryFolder folder;
  const std::string file = folder / "plain.png";
  imaging::Image picture{120, 150, std::vector<std::uint8_t>(72000, 255)};
  core::write_file(file, imaging::encode_png(picture));
  on_both_backends([&](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    for (const char* id : {"t", "u"}) {
      session.execute("INSERT INTO templates (id, name, category, image) VALUES ($1, 'T', 'c', $2)",
                      {std::string(id), file});
    }
    Watcher watcher;
    app::TemplateAnalyser analyser(&watcher);
    const app::AnalyseRequest one{.template_id = "t", .now = kNow};

    watcher.fails = true;
    Json item = app::analyse_templates(session, analyser, one).document.at("items").at(0);
    CHECK(item.at("analysis").at("people").is_null());
    CHECK(item.at("analysis").at("unknown").at("people") == "out of order");
    watcher.fails = false;

    // What a provider failed to say is asked again; after that the answer is kept.
    item = app::analyse_templates(session, analyser, one).document.at("items").at(0);
    CHECK(item.at("status") == "analysed");
    CHECK(item.at("analysis").at("people").at("count") == 2);
    CHECK(item.at("analysis").at("objects").size() == 2);
    CHECK(item.at("analysis").at("format").at("canvas_size") == "4:5");
    CHECK(item.at("analysis").at("text_areas").empty());
    CHECK(item.at("analysis").at("palette") == Json{"#ffffff"});
    CHECK(app::analyse_templates(session, analyser, one).document.at("items").at(0).at("status") ==
          "cached");
    CHECK(watcher.calls == 2);

    // The same picture under another template is known already.
    const Json all = app::analyse_templates(session, analyser, {.now = kNow}).document.at("items");
    CHECK(all.size() == 2);
    CHECK(watcher.calls == 2);
    for (const store::Template& row : store::templates(session)) {
      CHECK(row.detected_at == kNow);
      CHECK(row.required_assets == std::vector<std::string>{"person"});
      CHECK(row.palette == std::vector<std::string>{"#ffffff"});
      CHECK(row.text_areas == Json::array());
    }

    // Another analyser knows nothing of it.
    app::TemplateAnalyser alone(nullptr);
    CHECK(app::analyse_templates(session, alone, one).document.at("items").at(0).at("status") ==
          "analysed");
  });
}
