#pragma once

#include <adgenome/creative/exemplars.hpp>
#include <adgenome/store/exemplars.hpp>
#include <string>
#include <vector>

#include "reviewer.hpp"

namespace adgenome::app {

/// The exemplars of a brand and the rule of which of them a reviewer is shown.
class ExemplarShelf {
 public:
  ExemplarShelf(store::Session& session, const store::Brand& brand);

  /// Those nearest to an ad: 2 approvals, 2 rejections, 1 edge case.
  std::vector<store::Exemplar> nearest(const std::string& ad_id) const;
  /// The same as a reviewer gets them.
  std::vector<ShownExemplar> shown_with(const std::string& ad_id) const;

 private:
  store::Session& session_;
  std::string brand_id_;
  std::vector<store::Exemplar> stored_;
  std::vector<creative::ExemplarAd> ads_;
};

creative::ExemplarAd to_exemplar_ad(const store::Exemplar& exemplar);

}  // namespace adgenome::app
