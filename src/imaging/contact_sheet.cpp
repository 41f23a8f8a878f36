#include <adgenome/core/module_loader.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/imaging/contact_sheet.hpp>
#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>

namespace adgenome::imaging {
namespace {

constexpr const char* kStyle = R"(
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#f4f5f7;color:#1c2430;font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{display:flex;flex-wrap:wrap;gap:12px 32px;align-items:flex-end;padding:28px 32px 20px;background:#fff;border-bottom:1px solid #e3e6eb}
h1{margin:0;font-size:22px;letter-spacing:-.01em}
header p{margin:2px 0 0;color:#667085}
.counts{display:flex;gap:8px;margin-left:auto}
.count{display:flex;align-items:baseline;gap:6px;padding:6px 12px;border:1px solid #e3e6eb;border-radius:8px;background:#fafbfc}
.count b{font-size:18px}
.count i{width:8px;height:8px;border-radius:50%;align-self:center}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(288px,1fr));gap:20px;padding:24px 32px 40px}
article{display:flex;flex-direction:column;background:#fff;border:1px solid #e3e6eb;border-radius:12px;overflow:hidden;box-shadow:0 1px 2px rgba(16,24,40,.05)}
figure{margin:0;height:300px;display:flex;align-items:center;justify-content:center;background:#e9ecf1;padding:12px}
figure img{max-width:100%;max-height:100%;border-radius:3px;box-shadow:0 2px 10px rgba(16,24,40,.18)}
figure span{color:#8a94a6}
.body{padding:14px 16px 16px;display:flex;flex-direction:column;gap:8px;flex:1}
.top{display:flex;align-items:center;gap:10px}
.verdict{color:#fff;font-weight:600;font-size:12px;padding:3px 10px;border-radius:999px}
.score{margin-left:auto;font-size:22px;font-weight:650;font-variant-numeric:tabular-nums}
h2{margin:0;font-size:15px;font-weight:600;overflow-wrap:anywhere}
.facts,.id{color:#667085;font-size:12px}
.id{font-family:ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.checks{display:grid;grid-template-columns:repeat(4,1fr);gap:4px 10px;margin-top:4px}
.check{display:grid;grid-template-columns:22px 1fr 24px;align-items:center;gap:4px;font-size:11px;color:#475467;font-variant-numeric:tabular-nums}
.check u{display:block;height:4px;border-radius:2px;background:#e9ecf1;text-decoration:none;overflow:hidden}
.check u s{display:block;height:100%;text-decoration:none}
.check em{font-style:normal;text-align:right}
.check em.bad{color:#c0362c;font-weight:700}
ul{margin:4px 0 0;padding:8px 0 0 16px;border-top:1px solid #eef0f3;color:#475467;font-size:12px;overflow-wrap:anywhere}
@media print{main{grid-template-columns:repeat(3,1fr)}article{break-inside:avoid}}
)";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

std::string name_of_check(const std::string& id) {
  for (const creative::CheckRule& rule : creative::rubric()) {
    if (rule.id == id) return id + " " + std::string(rule.name);
  }
  return id;
}

std::string check_html(const std::string& id, const std::optional<double>& score) {
  char width[16];
  // The worst score has a bar too, or it looks like none.
  std::snprintf(width, sizeof width, "%.0f%%", score ? std::max(6.0, 10 * *score) : 0.0);
  return "<div class=\"check\" title=\"" + escaped(name_of_check(id)) + "\"><span>" + escaped(id) +
         "</span><u><s style=\"width:" + width + ";background:" + score_color(score) +
         "\"></s></u><em" + (score && *score < 5 ? " class=\"bad\"" : "") + ">" +
         score_text(score) + "</em></div>";
}

std::string card_html(const SheetCard& card) {
  std::string html = "<article><figure>";
  if (card.thumbnail) {
    html +=
        "<img alt=\"\" src=\"data:image/png;base64," + base64(encode_png(*card.thumbnail)) + "\">";
  } else {
    html += "<span>no picture</span>";
  }
  html +=
      "</figure><div class=\"body\"><div class=\"top\"><span class=\"verdict\" "
      "style=\"background:" +
      verdict_color(card.verdict) + "\">" + escaped(verdict_word(card.verdict)) +
      "</span><span class=\"score\">" + score_text(card.score) + "</span></div><h2>" +
      escaped(card.headline) + "</h2><div class=\"facts\">" + escaped(card.facts) +
      "</div><div class=\"checks\">";
  for (const auto& [id, score] : card.checks) html += check_html(id, score);
  html += "</div>";
  if (!card.findings.empty()) {
    html += "<ul>";
    for (const std::string& finding : card.findings) html += "<li>" + escaped(finding) + "</li>";
    html += "</ul>";
  }
  return html + "<div class=\"id\">" + escaped(card.title) + "</div></div></article>\n";
}

}  // namespace

std::string verdict_color(const std::string& verdict) {
  if (verdict == "approved") return "#1b7f4d";
  if (verdict == "flagged") return "#b26a00";
  if (verdict == "rejected") return "#c0362c";
  return "#667085";
}

std::string verdict_word(const std::string& verdict) {
  return verdict == "review_failed" ? "review failed" : verdict;
}

std::string score_color(const std::optional<double>& score) {
  if (!score) return "#d0d5dd";
  return *score >= 7 ? "#2f9e69" : *score >= 5 ? "#e0a100" : "#d6453b";
}

std::string score_text(const std::optional<double>& score) {
  if (!score) return "\u2013";
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", *score);
  return text;
}

Image thumbnail_of(const Image& image) {
  const double scale =
      std::min(1.0, static_cast<double>(kThumbnailSide) / std::max(image.width, image.height));
  const int width = std::max(1, static_cast<int>(std::lround(image.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(image.height * scale)));
  Image small{width, height, {}};
  small.rgba.resize(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (std::size_t channel = 0; channel < 4; ++channel) {
    Gray plane{image.width, image.height};
    plane.values.resize(image.rgba.size() / 4);
    for (std::size_t i = 0; i < plane.values.size(); ++i) {
      plane.values[i] = image.rgba[4 * i + channel];
    }
    const Gray scaled = resized(plane, width, height);
    for (std::size_t i = 0; i < scaled.values.size(); ++i) {
      small.rgba[4 * i + channel] = scaled.values[i];
    }
  }
  return small;
}

std::string html_of(const ContactSheet& sheet) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
      escaped(sheet.title) + "</title><style>" + kStyle +
      "</style></head><body>\n<header><div><h1>" + escaped(sheet.title) + "</h1><p>" +
      escaped(sheet.subtitle) + "</p></div><div class=\"counts\">";
  for (const auto& [verdict, count] : sheet.counts) {
    html += "<span class=\"count\"><i style=\"background:" + verdict_color(verdict) + "\"></i><b>" +
            std::to_string(count) + "</b>" + escaped(verdict_word(verdict)) + "</span>";
  }
  html += "</div></header>\n<main>\n";
  for (const SheetCard& card : sheet.cards) html += card_html(card);
  return html + "</main></body></html>\n";
}

std::unique_ptr<SheetPainter> make_sheet_painter() {
  return std::unique_ptr<SheetPainter>(core::create_from_module<SheetPainter>("sheet"));
}

}  // namespace adgenome::imaging
