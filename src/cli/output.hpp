#pragma once

#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <string>

namespace adgenome::cli {

/// The text of an output in a format. `schema` is the contract of the document (null: none), from
/// which the columns of `csv` come, so that an empty result still has its header.
std::string render(const Output& output, Format format, const core::Json& schema);

/// Writes the items of a list one by one: lines of JSON, or rows of CSV under their header.
class ItemWriter {
 public:
  ItemWriter(const Output& output, Format format, const core::Json& schema);
  std::string head() const;
  std::string line(const core::Json& item) const;

 private:
  bool is_csv_;
  std::vector<std::string> columns_;
};

}  // namespace adgenome::cli
