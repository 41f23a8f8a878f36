#pragma once

#include <adgenome/app/select.hpp>

namespace adgenome::app {

/// A selection and what it was made from and with.
struct SelectionRecord {
  const scoring::Pool& pool;
  const scoring::Context& context;
  const scoring::SelectionRequest& request;
  const std::optional<scoring::WeightSet>& weights;  ///< in place of the preset's
  const scoring::Selection& selection;
  /// The same draw under the preset's own weights, where an explanation is wanted.
  const scoring::Selection* under_static_weights = nullptr;
};

/// The document adgenome/selection/v1, but for its `schema`.
core::Json selection_document(const SelectionRecord& record, const SelectOptions& options);

}  // namespace adgenome::app
