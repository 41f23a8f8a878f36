#include "csv_export.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <array>

#include "header_text.hpp"

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

constexpr int kHeaderSearchLines = 50;
/// Characters of a line that an error shows; more is no header, or none that helps.
constexpr std::size_t kMostShown = 1000;

std::string_view without_blanks(std::string_view cell) {
  // Nearly no cell has any.
  if (cell.empty() || (cell.front() > ' ' && cell.back() > ' ' && cell.front() != '\xC2'))
    return cell;
  while (cell.starts_with("\u00A0")) cell.remove_prefix(2);
  return core::trim(cell);
}

/// The text of a cell; nothing where the export means nothing by it.
std::string_view text_of(std::string_view cell) {
  cell = without_blanks(cell);
  if (!cell.empty() && (cell.front() == '-' || cell.front() == '\xE2') && is_empty_cell(cell))
    return {};
  return cell;
}

bool is_blank(const std::vector<std::string_view>& cells) {
  return std::ranges::all_of(cells,
                             [](std::string_view cell) { return without_blanks(cell).empty(); });
}

}  // namespace

CsvExport::CsvExport(core::RewindableInput& input, const PerformanceOptions& options)
    : input_(input), options_(options), mapper_(options), maker_(options) {
  find_header();
  total_words_ = mapper_.total_words(mapping_);
}

/// Lines before the header may hold any delimiter, so each is tried until a header is found.
void CsvExport::find_header() {
  std::optional<InvalidInput> broken;
  for (const char delimiter : {'\t', ';', ','}) {
    try {
      if (find_header(delimiter)) return;
    } catch (const InvalidInput& error) {
      if (!error.hint().empty()) throw;
      broken = error;
    }
  }
  if (broken) throw *broken;
  refuse_archive();
  refuse_header();
}

/// Shows what would be its header: the first of the widest lines, with the delimiter that cuts it
/// into most cells.
void CsvExport::refuse_header() {
  std::vector<std::string> widest;
  std::int64_t line = 0;
  for (const char delimiter : {',', ';', '\t'}) {
    input_.rewind();
    core::CsvReader reader(input_.stream(), input_.name(), delimiter);
    try {
      while (reader.next(cells_) && reader.line() <= kHeaderSearchLines) {
        if (cells_.size() <= widest.size()) continue;
        widest.assign(cells_.begin(), cells_.end());
        line = reader.line();
      }
    } catch (const InvalidInput&) {
      // Not text of this delimiter: what the others show is what there is to show.
      continue;
    }
  }
  if (line == 0) throw InvalidInput("the file is empty", "", input_.name());
  std::string shown = ": " + core::join(widest, ", ");
  if (shown.size() > kMostShown || !core::is_utf8(shown)) shown.clear();
  throw InvalidInput(
      "no header of an export that is known" + shown,
      "name its columns with --map platform_ad_id=COLUMN, and so date_start, impressions and "
      "spend; "
      "--set platform=NAME and --set currency=CODE where no column says them; a file with other "
      "letters than those of English has to be UTF-8 or UTF-16",
      input_.name() + ":" + std::to_string(line));
}

/// Workbooks are what platforms offer first.
void CsvExport::refuse_archive() {
  input_.rewind();
  std::array<char, 4> first{};
  input_.stream().read(first.data(), first.size());
  if (std::string_view(first.data(), first.size()) != "PK\x03\x04") return;
  throw InvalidInput("a workbook or archive, not text", "export it as .csv", input_.name());
}

bool CsvExport::find_header(char delimiter) {
  input_.rewind();
  reader_ = std::make_unique<core::CsvReader>(input_.stream(), input_.name(), delimiter);
  for (rows_to_header_ = 1; reader_->next(cells_) && reader_->line() <= kHeaderSearchLines;
       ++rows_to_header_) {
    if (!mapper_.is_header(cells_)) continue;
    header_line_ = reader_->line();
    mapping_ = mapper_.map(cells_, input_.name() + ":" + std::to_string(header_line_));
    if (options_.account_event) header_.assign(cells_.begin(), cells_.end());
    return true;
  }
  return false;
}

void CsvExport::to_first_row() {
  const char delimiter = reader_->delimiter();
  reader_ = std::make_unique<core::CsvReader>(input_.stream(), input_.name(), delimiter);
  for (std::int64_t i = 0; i < rows_to_header_; ++i) reader_->next(cells_);
}

bool CsvExport::begins_as_total() const {
  const std::string_view cell = without_blanks(cells_.front());
  if (cell.empty() || cell.size() > 200) return false;
  const std::string text = folded(cell);
  return std::ranges::any_of(total_words_,
                             [&](const std::string& word) { return text.starts_with(word); });
}

/// A row without an ad is a total where it names nothing else either, or says so. A campaign may
/// be called "Total care": rows with an ad are none.
bool CsvExport::is_total(const FieldTexts& texts) const {
  if (!texts[Field::kPlatformAdId].empty())
    return mapping_[Field::kPlatformAdId].column == 0U && begins_as_total();
  return (texts[Field::kAdName].empty() && texts[Field::kAdsetName].empty() &&
          texts[Field::kCampaignName].empty()) ||
         begins_as_total();
}

/// Sorts the line that was just read, and finds the texts of a row.
CsvExport::Line CsvExport::look(FieldTexts& texts) {
  if (without_blanks(cells_.front()).empty() && is_blank(cells_)) return Line::kBlank;
  if (cells_.size() != mapping_.column_count)
    return cells_.size() < mapping_.column_count && begins_as_total() ? Line::kTotal
                                                                      : Line::kWrongWidth;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const Mapping::Place& place = mapping_.places[i];
    texts.texts[i] = place.column     ? text_of(cells_[*place.column])
                     : place.constant ? std::string_view(*place.constant)
                                      : std::string_view();
  }
  const bool may_be_total =
      texts[Field::kPlatformAdId].empty() || mapping_[Field::kPlatformAdId].column == 0U;
  return may_be_total && is_total(texts) ? Line::kTotal : Line::kRow;
}

Survey CsvExport::survey() {
  Survey survey(options_, reader_->delimiter());
  FieldTexts texts;
  while (!survey.is_decided() && reader_->next(cells_)) {
    if (look(texts) == Line::kRow) survey.see(texts, input_.name(), reader_->line());
  }
  return survey;
}

/// The event of the row's account, where the columns were not mapped for it; else null.
CsvExport::Event* CsvExport::other_event_of(const FieldTexts& texts) {
  if (!options_.account_event) return nullptr;
  const auto name = options_.account_event(texts[Field::kPlatform], texts[Field::kAccountId]);
  if (!name || *name == options_.conversion_event) return nullptr;
  std::unique_ptr<Event>& event = other_events_[*name];
  if (!event) {
    PerformanceOptions options = options_;
    options.conversion_event = *name;
    event = std::make_unique<Event>(std::move(options), header_);
  }
  return event.get();
}

void CsvExport::take_conversions(FieldTexts& texts) {
  Event* const other = other_event_of(texts);
  if (!other) {
    take_results(mapper_, mapping_, results_, texts);
    return;
  }
  for (const Field field : {Field::kConversions, Field::kConversionValue}) {
    const Mapping::Place& place = other->mapping[field];
    if (!place.constant) texts[field] = place.column ? text_of(cells_[*place.column]) : "";
  }
  take_results(other->mapper, other->mapping, other->results, texts);
}

/// Results count only where they are of the event.
void CsvExport::take_results(const Mapper& mapper, const Mapping& mapping, Results& before,
                             FieldTexts& texts) const {
  if (!mapping.result_type) return;
  const std::string_view type = text_of(cells_[*mapping.result_type]);
  if (type.empty()) return;
  if (type != before.type) {
    before.are_events = mapper.is_event(mapping.source, type);
    before.type = type;
  }
  if (!before.are_events) texts[Field::kConversions] = {};
}

PerformanceRow CsvExport::row(FieldTexts& texts, const Writing& writing) {
  if (!core::is_utf8(reader_->raw())) throw InvalidInput("the row is not UTF-8");
  take_conversions(texts);
  if (mapping_.header_currency && mapping_[Field::kCurrency].column) {
    if (texts[Field::kCurrency].empty()) {
      texts[Field::kCurrency] = *mapping_.header_currency;
    } else if (core::known_currency(texts[Field::kCurrency]) != *mapping_.header_currency) {
      throw BadField(Field::kCurrency, "is " + std::string(texts[Field::kCurrency]) +
                                           ", the header says " + *mapping_.header_currency);
    }
  }
  std::optional<std::int64_t> micros;
  if (std::string_view& spend = texts[Field::kSpend]; mapping_.spend_is_micros && !spend.empty()) {
    micros = core::to_int64(spend);
    if (!micros || *micros < 0)
      throw BadField(Field::kSpend, "is no number of micros: \"" + std::string(spend) + "\"");
    spend = "0";
  }
  PerformanceRow made = maker_.make(texts, writing);
  if (micros) made.spend_micros = *micros;
  for (std::size_t i = 0; i < mapping_.tags.size(); ++i)
    tags_[i].value = without_blanks(cells_[mapping_.tags[i].column]);
  made.tags = tags_;
  made.line = reader_->line();
  made.raw = reader_->raw();
  return made;
}

PerformanceSummary CsvExport::read(core::Rejects& rejects,
                                   const std::function<void(const PerformanceRow&)>& take) {
  const Survey found = survey();
  const Writing writing{.dates = found.date_order(), .decimals = found.decimals()};
  input_.rewind_for_good();
  to_first_row();
  for (const Mapping::TagColumn& tag : mapping_.tags) tags_.push_back({tag.name, {}});

  PerformanceSummary summary;
  summary.source = mapping_.source;
  Oddities oddities;
  FieldTexts texts;
  while (reader_->next(cells_)) {
    ++summary.read;
    const Line line = look(texts);
    if (line == Line::kBlank || line == Line::kTotal) {
      ++summary.skipped;
      continue;
    }
    try {
      if (line == Line::kWrongWidth) {
        throw InvalidInput("the row has " + std::to_string(cells_.size()) + " cells, the header " +
                           std::to_string(mapping_.column_count));
      }
      const PerformanceRow made = row(texts, writing);
      take(made);
      oddities.see(made);
    } catch (const InvalidInput& error) {
      rejects.add(input_.name(), reader_->line(), error, reader_->raw());
      ++summary.rejected;
    }
  }
  summary.warnings = oddities.warnings();
  if (auto assumption = found.assumption()) summary.warnings.push_back(std::move(*assumption));
  return summary;
}

PerformanceExplanation CsvExport::explain() {
  PerformanceExplanation explanation;
  explanation.source = mapping_.source;
  explanation.language = mapping_.language;
  explanation.header_line = header_line_;
  explanation.delimiter = reader_->delimiter();
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const Mapping::Place& place = mapping_.places[i];
    if (place.shown.empty()) continue;
    explanation.mapping.push_back({std::string(field_names()[i]), place.shown});
  }
  for (const Mapping::TagColumn& tag : mapping_.tags)
    explanation.mapping.push_back({"tags." + tag.name, tag.name});
  for (const std::string& column : mapping_.ignored) explanation.mapping.push_back({"", column});
  explanation.currency = mapping_[Field::kCurrency].constant;
  try {
    const Survey found = survey();
    explanation.comma_is_decimal = found.decimals() == Decimals::kComma;
    if (auto assumption = found.assumption())
      explanation.open_questions.push_back(std::move(*assumption));
    explanation.date_order = found.date_order();
  } catch (const InvalidInput& error) {
    explanation.open_questions.push_back(std::string(error.what()) +
                                         (error.hint().empty() ? "" : ": " + error.hint()));
  }
  return explanation;
}

}  // namespace adgenome::ingest
