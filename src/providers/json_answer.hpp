#pragma once

#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <optional>
#include <string>

namespace adgenome::providers {

/// The one JSON document of an answer. Its views are valid as long as it is.
class JsonAnswer {
 public:
  /// `name` is what errors call it. Throws InvalidInput where the text is not one JSON object.
  JsonAnswer(const std::string& text, const std::string& name);

  const core::RecordView& root() const { return *root_; }

 private:
  core::RecordReader reader_;
  std::optional<core::RecordView> root_;
};

}  // namespace adgenome::providers
