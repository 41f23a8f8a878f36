#include "json_answer.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <sstream>

namespace adgenome::providers {
namespace {

/// Line ends stand only between the tokens of JSON: without them the document is one record.
std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

JsonAnswer::JsonAnswer(std::string text, const std::string& name)
    : text_(on_one_line(std::move(text))),
      reader_({.name = name, .stream = std::make_unique<std::istringstream>(text_)}),
      root_(reader_.next()) {
  if (!root_ || root_->kind() != core::RecordView::Kind::kObject) {
    throw core::InvalidInput("expected a JSON object", "", name);
  }
}

}  // namespace adgenome::providers
