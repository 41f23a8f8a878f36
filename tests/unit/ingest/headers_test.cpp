#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/ingest/performance.hpp>
#include <map>
#include <sstream>

#include "ingest/conversions.hpp"
#include "ingest/header_text.hpp"

using namespace adgenome;
using namespace adgenome::ingest;

namespace {

core::Input input_of(const std::string& text) {
  return {.name = "x.csv", .stream = std::make_unique<std::istringstream>(text)};
}

PerformanceExplanation explained(const std::string& text, const PerformanceOptions& options = {}) {
  return explain_performance(input_of(text), options);
}

std::string column_of(const PerformanceExplanation& explanation, const std::string& field) {
  for (const auto& [known, column] : explanation.mapping) {
    if (known == field) return column;
  }
  return "";
}

struct Read {
  PerformanceSummary summary;
  std::vector<std::string> rejects;
  std::vector<std::string> rows;  ///< day, spend in micros, conversions in millionths
};

Read read(const std::string& text, const PerformanceOptions& options = {}) {
  Read result;
  core::Rejects rejects;
  result.summary =
      read_performance(input_of(text), options, rejects, [&](const PerformanceRow& row) {
        result.rows.push_back(
            core::format_day(row.date_start) + " " + std::to_string(row.spend_micros) + " " +
            (row.conversions_millionths ? std::to_string(*row.conversions_millionths) : "-"));
      });
  result.rejects = rejects.shown();
  return result;
}

constexpr const char* kGeneric = "platform,platform_ad_id,date_start,currency,impressions,spend\n";

std::string dated(std::initializer_list<const char*> days) {
  std::string text = kGeneric;
  int ad = 0;
  for (const char* day : days)
    text += "generic," + std::to_string(++ad) + "," + day + ",EUR,1,0.5\n";
  return text;
}

}  // namespace

TEST_CASE("names of columns are compared without case, accents and kinds of blanks") {
  CHECK(folded("  Montant\u00A0DÉPENSÉ ") == "montant depense");
  CHECK(folded("Ka\u0308ufe") == folded("KÄUFE"));
  CHECK(folded("Nom de l’ensemble") == "nom de l'ensemble");
  CHECK(folded("Größe") == "große");
  CHECK(folded("\xFF\xC3") == "\xFF\xC3");
  CHECK(folded("") == "");
}

TEST_CASE("the header says whose export it is, in every language") {
  struct Header {
    const char* text;
    const char* source;
    const char* language;
    const char* spend;
  };
  const Header headers[] = {
      {"Ad name,Ad ID,Day,Impressions,Amount spent (EUR)", "meta", "en", "Amount spent (EUR)"},
      {"Jour,Campagne,Groupe d'annonces,ID de l'annonce,Code de devise,Impr.,Clics,Coût", "google",
       "fr", "Coût"},
      {"Día,Campaña,Grupo de anuncios,ID del anuncio,Código de moneda,Impr.,Clics,Coste", "google",
       "es", "Coste"},
      {"Dia,Campanha,Grupo de anúncios,Código do anúncio,Código da moeda,Impr.,Cliques,Custo",
       "google", "pt", "Custo"},
      {"Nach Tag,Kampagnenname,Anzeigengruppenname,Anzeigenname,Anzeigen-ID,Währung,Kosten,"
       "Impressionen,Klicks (Ziel)",
       "tiktok", "de", "Kosten"},
      {"By Day,Ad Name,Ad ID,Currency,Total Cost,Impressions,CTA clicks", "tiktok", "en",
       "Total Cost"},
      {"stat_time_day,ad_id,adgroup_id,currency,spend,impressions,clicks", "tiktok", "api",
       "spend"},
      {"ad_id,date_start,date_stop,account_currency,impressions,spend,inline_link_clicks", "meta",
       "api", "spend"},
  };
  for (const Header& header : headers) {
    CAPTURE(header.text);
    const auto explanation = explained(std::string(header.text) + "\n");
    CHECK(explanation.source == header.source);
    CHECK(explanation.language == header.language);
    CHECK(column_of(explanation, "spend") == header.spend);
  }
  // What two kinds of exports have in common is not guessed.
  CHECK_THROWS_WITH_AS(explained("Ad ID,Date,Currency,Impressions,Cost\n"),
                       "the header could be of google and of tiktok", core::InvalidInput);
  PerformanceOptions options;
  options.source = "tiktok";
  CHECK(explained("Ad ID,Date,Currency,Impressions,Cost\n", options).source == "tiktok");
}

TEST_CASE("conversions come from the best column of the event that counts") {
  const std::string header = "Ad ID,Ad name,Day,Impressions,Amount spent (EUR)";
  const auto conversions = [&](const std::string& more, const std::string& event = "purchase") {
    PerformanceOptions options;
    options.conversion_event = event;
    return column_of(explained(header + more + "\n", options), "conversions");
  };
  CHECK(conversions(",Results,Website purchases,Purchases") == "Purchases");
  CHECK(conversions(",Results,Website purchases") == "Website purchases");
  CHECK(conversions(",Results") == "Results");
  CHECK(conversions("") == "");
  CHECK(conversions(",Purchases,Leads", "lead") == "Leads");
  CHECK(conversions(",Purchases,Results", "lead") == "Results");

  const std::string rows =
      header +
      ",Results,Result type\n1,a,2026-03-01,1,0.5,3,Website purchases\n2,b,2026-03-01,1,0.5,4,"
      "Landing page views\n3,c,2026-03-01,1,0.5,5,\n4,d,2026-03-01,1,0.5,6,actions:omni_purchase\n"
      "5,e,2026-03-01,1,0.5,7,actions:omni_purchase_extra\n";
  CHECK(read(rows).rows ==
        std::vector<std::string>{"2026-03-01 500000 3000000", "2026-03-01 500000 -",
                                 "2026-03-01 500000 5000000", "2026-03-01 500000 6000000",
                                 "2026-03-01 500000 -"});
}

TEST_CASE("the ladder of an event holds exact names, the most complete first") {
  const EventLadder ladder("purchase");
  CHECK(ladder.rung("omni_purchase") < ladder.rung("purchase"));
  CHECK(ladder.rung("purchase") < ladder.rung("offsite_conversion.fb_pixel_purchase"));
  CHECK(ladder.rung("offsite_conversion.fb_pixel_purchase") < ladder.rung("onsite_web_purchase"));
  CHECK(ladder.rung("app_custom_event.fb_mobile_purchase") < ladder.rungs().size());
  CHECK(ladder.rung("purchase_extra") == ladder.rungs().size());
  CHECK(ladder.rung("add_to_cart") == ladder.rungs().size());
  CHECK(EventLadder("lead").is_indicator("actions:onsite_conversion.lead_grouped"));
  CHECK(!EventLadder("lead").is_indicator("actions:omni_purchase"));
}

TEST_CASE("dates are decided over the whole column, or refused") {
  CHECK(read(dated({"03/04/2026", "03/31/2026"})).rows.front() == "2026-03-04 500000 -");
  CHECK(read(dated({"03.04.2026", "31.03.2026"})).rows.front() == "2026-04-03 500000 -");
  // Years of two digits may stand in front.
  CHECK(read(dated({"03-04-26", "31-03-99", "32-13-14"})).summary.rejected == 1);
  // The same day whatever the order is no question.
  CHECK(read(dated({"05/05/2026", "06/06/2026"})).rows.size() == 2);
  CHECK_THROWS_WITH_AS(read(dated({"05/05/2026", "03/04/2026"})),
                       "the date \"03/04/2026\" can be read as 2026-04-03 and as 2026-03-04",
                       core::InvalidInput);
  CHECK_THROWS_WITH_AS(
      read(dated({"03/04/05"})),
      "the date \"03/04/05\" can be read as 2005-04-03 and as 2005-03-04 and as 2003-04-05",
      core::InvalidInput);
  CHECK_THROWS_WITH_AS(read(dated({"31/03/2026", "03/31/2026"})),
                       "the dates \"31/03/2026\" and \"03/31/2026\" are written in two orders",
                       core::InvalidInput);
  // The contradiction is found before anything is handed on, wherever it stands.
  std::string late = kGeneric;
  for (int i = 0; i < 5'000; ++i)
    late += "generic," + std::to_string(i) + ",31/03/2026,EUR,1,0.5\n";
  late += "generic,x,03/31/2026,EUR,1,0.5\n";
  std::int64_t taken = 0;
  core::Rejects rejects;
  CHECK_THROWS_AS(
      read_performance(input_of(late), {}, rejects, [&](const PerformanceRow&) { ++taken; }),
      core::InvalidInput);
  CHECK(taken == 0);

  PerformanceOptions given;
  given.date_order = DateOrder::kDayMonthYear;
  const Read forced = read(dated({"31/03/2026", "03/31/2026", "2026-03-05"}), given);
  CHECK(forced.rows.size() == 2);
  CHECK(forced.rejects.front() == "x.csv:3: date_start: no such date: \"03/31/2026\"");
}

TEST_CASE("the currency of a row is its own, else the account's, else the brand's") {
  const std::string text =
      "platform,platform_ad_id,account_id,date_start,currency,impressions,spend\n"
      "generic,1,a,2026-03-01,chf,1,0.5\ngeneric,2,a,2026-03-01,,1,0.5\n"
      "generic,3,b,2026-03-01,,1,0.5\ngeneric,4,a,2026-03-01,,1,0.5\n"
      "generic,5,a,2026-03-01,QQQ,1,0.5\n";
  int asked = 0;
  PerformanceOptions options;
  options.account_currency = [&](std::string_view, std::string_view account) {
    ++asked;
    return account == "a" ? std::optional<std::string>("SEK") : std::nullopt;
  };
  const auto currencies = [&] {
    std::string all;
    core::Rejects rejects;
    read_performance(input_of(text), options, rejects,
                     [&](const PerformanceRow& row) { all += std::string(row.currency) + " "; });
    return all + std::to_string(rejects.count());
  };
  CHECK(currencies() == "CHF SEK SEK 2");
  CHECK(asked == 2);
  options.default_currency = "NOK";
  CHECK(currencies() == "CHF SEK NOK SEK 1");
}

TEST_CASE("tags are the values of their columns, and ids that a spreadsheet rounded are noticed") {
  PerformanceOptions options;
  options.tag_columns = {"hook", "tone"};
  core::Rejects rejects;
  std::string tags;
  read_performance(
      input_of("platform,platform_ad_id,date_start,currency,impressions,spend,tone,hook\n"
               "generic,1,2026-03-01,EUR,1,0.5, calm ,question\n"),
      options, rejects, [&](const PerformanceRow& row) {
        for (const auto& [dimension, value] : row.tags)
          tags += std::string(dimension) + "=" + std::string(value) + ";";
        CHECK(row.line == 2);
        CHECK(row.raw == "generic,1,2026-03-01,EUR,1,0.5, calm ,question");
      });
  CHECK(tags == "hook=question;tone=calm;");

  const Read rounded = read(std::string(kGeneric) +
                            "meta,120210000000000000,2026-03-01,EUR,1,0.5\n"
                            "meta,120210000000001000,2026-03-01,EUR,1,0.5\n");
  CHECK(rounded.summary.warnings ==
        std::vector<std::string>{"every ad id ends in zeros behind its 15th digit: a "
                                 "spreadsheet seems to have rounded them"});
}
