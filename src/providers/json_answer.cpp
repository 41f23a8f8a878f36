#include "json_answer.hpp"

#include <adgenome/core/error.hpp>
#include <sstream>

namespace adgenome::providers {

// As the one element of a list: by itself an object with a list of data is read as the records of
// that list.
JsonAnswer::JsonAnswer(const std::string& text, const std::string& name)
    : reader_({.name = name, .stream = std::make_unique<std::istringstream>("[" + text + "]")}),
      root_(reader_.next()) {
  if (!root_ || root_->kind() != core::RecordView::Kind::kObject) {
    throw core::InvalidInput("expected a JSON object", "", name);
  }
}

}  // namespace adgenome::providers
